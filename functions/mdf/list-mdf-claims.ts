import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { listClaims, listClaimsOfPartner } from '#shared/mdf/claim-list-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import { getVisibleRequest } from './change-own-request.ts';

/** GET /v1/mdf/claims */
export const listMdfClaims = operation(contracts.listMdfClaims, async ({ caller, query, now }) => {
  const { status, requestId } = query;
  const { nextCursor, ...part } = pageAsked('list-mdf-claims', caller, query);
  const named = listedPartner('list-mdf-claims', caller, query.partnerId);
  const request = requestId ? await getVisibleRequest('list-mdf-claims', caller, requestId) : undefined;
  const partnerId = named ?? request?.request.partnerId;
  const keep = (claim: { readonly status: string; readonly requestId: string }): boolean =>
    (status === undefined || claim.status === status) && (requestId === undefined || claim.requestId === requestId);
  const { claims, after } = await (partnerId
    ? listClaimsOfPartner(partnerId, keep, part)
    : listClaims({ status }, part));
  const shown = claims.map((claim) => viewClaim(claim, now));
  // What has lapsed by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter((claim) => status === undefined || claim.status === status);
  return { status: 200, body: { data, nextCursor: nextCursor(after) } };
});
