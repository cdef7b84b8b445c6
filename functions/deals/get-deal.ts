import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { getVisibleDeal } from './change-own-deal.ts';

/** GET /v1/deals/{dealId} */
export const getDeal = operation(contracts.getDeal, async (request) => {
  const deal = await getVisibleDeal('get-deal', request.caller, request.params.dealId);
  return { status: 200, body: viewDeal(deal, request), version: deal.version };
});
