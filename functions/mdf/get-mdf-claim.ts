import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';

/** GET /v1/mdf/claims/{claimId} */
export const getMdfClaim = operation(contracts.getMdfClaim, async ({ caller, params, now }) => {
  const claim = await getClaim(params.claimId);
  mustReach('get-mdf-claim', caller, claim.partnerId);
  return { status: 200, body: viewClaim(claim, now), version: claim.version };
});
