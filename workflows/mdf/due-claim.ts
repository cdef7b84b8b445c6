import { systemIntent } from '#shared/core/history.ts';
import { letGo } from '#shared/mdf/claim-decision-store.ts';
import { isLapsed, lapseClaim } from '#shared/mdf/claim-life.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** Nobody answered in time: the claim lapses, and what it held is let go. */
export const dueClaim = async (claimId: string, now: string): Promise<void> => {
  const claim = await getClaim(claimId);
  if (!isLapsed(claim, now)) return;
  const intent = systemIntent('lapse', `${claimId}@${claim.version}`, now);
  await commitChange(claim, letGo(claim, lapseClaim(claim), { type: 'mdf_claim.expired', intent }));
};
