import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { resubmitDeal as resubmit } from '#shared/deals/deal-registration.ts';
import { limitsFor } from '#shared/deals/limits-for.ts';
import { passGateAgain } from '#shared/partners/partner-gate-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/resubmission */
export const resubmitDeal = operation(contracts.resubmitDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'resubmit-deal',
    type: 'deal.submitted',
    onlyIf: ({ partnerId, customer }, { program }) => [
      passGateAgain({
        partnerId,
        program,
        territories: limitsFor(program.territories, customer),
        byStaff: false,
        customerDomain: customer.domain,
      }),
    ],
    decide: (deal, terms) => resubmit(deal, request.body, { ...terms, now: request.now, by: request.caller.id }),
  }),
);
