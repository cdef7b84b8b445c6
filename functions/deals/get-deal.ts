import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { getVisibleDeal } from './change-own-deal.ts';

/** GET /v1/deals/{dealId} */
export const getDeal = operation(contracts.getDeal, async ({ caller, params, now }) => {
  const deal = await getVisibleDeal('get-deal', caller, params.dealId);
  return { status: 200, body: viewDeal(deal, now), version: deal.version };
});
