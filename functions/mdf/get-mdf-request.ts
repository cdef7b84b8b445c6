import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import { getVisibleRequest } from './change-own-request.ts';

/** GET /v1/mdf/requests/{requestId} */
export const getMdfRequest = operation(contracts.getMdfRequest, async ({ caller, params, now }) => {
  const found = await getVisibleRequest('get-mdf-request', caller, params.requestId);
  return { status: 200, body: viewRequest(found, now), version: found.request.version };
});
