import { operation } from '#functions/http/door.ts';
import { reachOf } from '#shared/core/access.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { updateDeal as update } from '#shared/deals/deal-life.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** PATCH /v1/deals/{dealId} */
export const updateDeal = operation(contracts.updateDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'update-deal',
    type: 'deal.updated',
    decide: (deal, { program }) =>
      update(deal, request.body, {
        now: request.now,
        program,
        byStaff: reachOf('update-deal', request.caller) === 'any',
      }),
  }),
);
