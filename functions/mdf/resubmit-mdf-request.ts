import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { resubmitRequest } from '#shared/mdf/request-life.ts';
import { mayBeAsked } from '#shared/mdf/request-store.ts';
import { changeOwnRequest } from './change-own-request.ts';

/** POST /v1/mdf/requests/{requestId}/resubmission */
export const resubmitMdfRequest = operation(contracts.resubmitMdfRequest, (request) =>
  changeOwnRequest(request, {
    operation: 'resubmit-mdf-request',
    type: 'mdf_request.submitted',
    decide: (it, terms) => resubmitRequest(it, request.body, { ...terms, now: request.now, by: request.caller.id }),
    onlyIf: (after) => mayBeAsked(after, request.now),
  }),
);
