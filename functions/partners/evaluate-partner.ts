import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { evaluatePartner as evaluate } from '#shared/partners/partner-evaluation.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** PUT /v1/partners/{partnerId}/evaluation. Whoever replaces an evaluation must have seen it. */
export const evaluatePartner = operation(contracts.evaluatePartner, (request) =>
  changeOwnPartner(request, {
    operation: 'evaluate-partner',
    type: 'partner.evaluated',
    needsVersion: (partner) => partner.evaluation !== undefined,
    decide: (partner, program) => evaluate(partner, request.body, program),
  }),
);
