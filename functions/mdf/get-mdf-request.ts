import { operation } from '#functions/http/door.ts';
import { listDealsById } from '#shared/deals/deal-store.ts';
import { readClaims } from '#shared/mdf/claim-list-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { returnOf } from '#shared/mdf/mdf-return.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import { getVisibleRequest } from './change-own-request.ts';

/** GET /v1/mdf/requests/{requestId}: with what the activity brought, once it is approved. */
export const getMdfRequest = operation(contracts.getMdfRequest, async ({ caller, params, now }) => {
  const found = await getVisibleRequest('get-mdf-request', caller, params.requestId);
  const { request } = found;
  const body = viewRequest(found, now);
  const { version } = request;
  if (!request.approvedAt) return { status: 200, body, version };
  const claims = await readClaims(Object.keys(found.claims));
  const deals = await listDealsById(Object.keys(found.deals));
  return { status: 200, body: { ...body, return: returnOf(request, claims, deals) }, version };
});
