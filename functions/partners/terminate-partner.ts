import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { terminatePartner as terminate } from '#shared/partners/partner-life.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/termination */
export const terminatePartner = operation(contracts.terminatePartner, (request) =>
  changeOwnPartner(request, {
    operation: 'terminate-partner',
    type: 'partner.terminated',
    decide: (partner) => terminate(partner, request.body.reason, request.now),
  }),
);
