import { operation } from '#functions/http/door.ts';
import { reachOf } from '#shared/core/access.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { closeDeal as close, proposeClose } from '#shared/deals/deal-life.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/close: staff closes, a partner proposes. */
export const closeDeal = operation(contracts.closeDeal, (request) => {
  const { body, now } = request;
  if (reachOf('close-deal', request.caller) === 'own') {
    return changeOwnDeal(request, {
      operation: 'close-deal',
      type: 'deal.close_proposed',
      status: 202,
      decide: (deal, { program }) => proposeClose(deal, body, { now, by: request.caller.id, program }),
    });
  }
  return changeOwnDeal(request, {
    operation: 'close-deal',
    type: `deal.${body.outcome}`,
    decide: (deal, { program }) => close(deal, body, { now, program }),
  });
});
