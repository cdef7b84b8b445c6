import { answerChange, type ChangeRequest } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import type { Claim } from '#shared/mdf/claim.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import type { Saved } from '#shared/platform/history-store.ts';

interface ClaimRequest extends ChangeRequest {
  readonly params: { readonly claimId: string };
}

/** How a change is called and answered, and how it is decided and saved. */
interface ClaimCommand {
  readonly operation: Operation;
  readonly status: number;
  readonly save: (claim: Claim) => Promise<Saved<Claim>>;
}

/** A command on an existing claim, of a partner whom the caller reaches. */
export const changeClaim = (asked: ClaimRequest, { operation, status, save }: ClaimCommand): Promise<Answer> =>
  answerChange(asked, async () => {
    const claim = await getClaim(asked.params.claimId);
    mustReach(operation, asked.caller, claim.partnerId);
    return { before: claim, status, save: () => save(claim), view: (it) => viewClaim(it, asked.now) };
  });
