import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import type { Answer } from '#functions/http/door.ts';
import { type Operation, reaches } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Claim } from '#shared/mdf/claim.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import { checkIntent, entityAt, type Saved } from '#shared/platform/history-store.ts';

/** The part of a HTTP request that a change of an existing claim needs. */
interface ChangeRequest {
  readonly caller: Caller;
  readonly now: string;
  readonly params: { readonly claimId: string };
  readonly seen: { readonly version: number | undefined; readonly required: boolean };
  readonly intent: Intent;
}

/** How a change is called and answered, and how it is decided and saved. */
interface ClaimCommand {
  readonly operation: Operation;
  readonly status: number;
  readonly save: (claim: Claim) => Promise<Saved<Claim>>;
}

const change = async (asked: ChangeRequest, { operation, status, save }: ClaimCommand): Promise<Answer> => {
  const { intent, now } = asked;
  const claim = await getClaim(asked.params.claimId);
  if (!reaches(operation, asked.caller, claim.partnerId)) throw notFound();
  const done = checkIntent(claim, intent, asked.seen);
  if (done !== undefined) {
    return { status, body: viewClaim(await entityAt(claim, done), now), version: done, replayed: true };
  }
  const { entity, replayed } = await save(claim);
  return { status, body: viewClaim(entity, now), version: entity.version, replayed };
};

/** Load, decide, save, return: the one sentence of every command on an existing claim. */
export const changeClaim = (asked: ChangeRequest, command: ClaimCommand): Promise<Answer> =>
  againUnlessSeen(asked.seen, () => change(asked, command));
