import { operation } from '#functions/http/door.ts';
import { saveDispute } from '#shared/mdf/claim-decision-store.ts';
import { disputeClaim } from '#shared/mdf/claim-dispute.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { changeClaim } from './change-claim.ts';

/** POST /v1/mdf/claims/{claimId}/dispute */
export const disputeMdfClaim = operation(contracts.disputeMdfClaim, (asked) =>
  changeClaim(asked, {
    operation: 'dispute-mdf-claim',
    status: 202,
    save: async (claim) => {
      const disputed = disputeClaim(claim, asked.body.reason, { now: asked.now, by: asked.caller.id });
      return saveDispute(claim, disputed, asked.intent);
    },
  }),
);
