import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { withdrawRequest } from '#shared/mdf/request-life.ts';
import { changeOwnRequest } from './change-own-request.ts';

/** POST /v1/mdf/requests/{requestId}/withdrawal */
export const withdrawMdfRequest = operation(contracts.withdrawMdfRequest, (request) =>
  changeOwnRequest(request, {
    operation: 'withdraw-mdf-request',
    type: 'mdf_request.withdrawn',
    decide: (it) => withdrawRequest(it, request.body.reason),
  }),
);
