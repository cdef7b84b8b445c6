import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { acceptAgreement as accept } from '#shared/partners/partner-life.ts';
import { planSuccess } from '#shared/partners/success-plan.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/agreement */
export const acceptAgreement = operation(contracts.acceptAgreement, (request) =>
  changeOwnPartner(request, {
    operation: 'accept-agreement',
    type: 'partner.activated',
    decide: (partner) => accept(partner, { ...request.body, by: request.caller.id }, request.now),
    plan: (program) => planSuccess(program, request.now),
  }),
);
