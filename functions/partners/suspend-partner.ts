import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { suspendPartner as suspend } from '#shared/partners/partner-life.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/suspension */
export const suspendPartner = operation(contracts.suspendPartner, (request) =>
  changeOwnPartner(request, {
    operation: 'suspend-partner',
    type: 'partner.suspended',
    decide: (partner) => suspend(partner, request.body.reason, request.now),
  }),
);
