import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { reinstatePartner as reinstate } from '#shared/partners/partner-life.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/reinstatement */
export const reinstatePartner = operation(contracts.reinstatePartner, (request) =>
  changeOwnPartner(request, {
    operation: 'reinstate-partner',
    type: 'partner.reinstated',
    decide: (partner) => reinstate(partner, request.body.reason),
  }),
);
