import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { answerAppeal } from '#shared/partners/tier-appeal.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/tier-appeals/decision */
export const answerTierAppeal = operation(contracts.answerTierAppeal, ({ body, ...request }) =>
  changeOwnPartner(request, {
    operation: 'answer-tier-appeal',
    type: body.outcome === 'uphold' ? 'partner.tier_appeal_upheld' : 'partner.tier_appeal_rejected',
    decide: (partner, program) => answerAppeal(partner, body, { program, now: request.now, by: request.caller.id }),
  }),
);
