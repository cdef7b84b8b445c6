import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { withdrawDeal as withdraw } from '#shared/deals/deal-life.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/withdrawal */
export const withdrawDeal = operation(contracts.withdrawDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'withdraw-deal',
    type: 'deal.withdrawn',
    decide: (deal) => withdraw(deal, request.now, request.body.reason),
  }),
);
