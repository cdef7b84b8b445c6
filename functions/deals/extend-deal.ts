import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { extendDeal as extend } from '#shared/deals/deal-life.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/extension */
export const extendDeal = operation(contracts.extendDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'extend-deal',
    type: 'deal.extended',
    decide: (deal, { program }) => extend(deal, request.body.progressNotes, { now: request.now, program }),
  }),
);
