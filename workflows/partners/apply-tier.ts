import { shortHashOf } from '#shared/core/canonical.ts';
import { type Intent, systemIntent } from '#shared/core/history.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { applyJudgement, type TierChange } from '#shared/partners/tier-life.ts';
import type { TierJudgement } from '#shared/partners/tier-of-quarter.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';

/** The partner in its new tier, its gate and the event, in one transaction. Throws `version.stale` when somebody was faster. */
export const saveTierChange = async (before: Partner, { after, type }: TierChange, intent: Intent): Promise<void> => {
  await commitChange(before, changePartner(before, after, { type, intent }));
};

/**
 * What a scoring run does to a partner's tier. The partner is judged as it is now, and remembers which judgement acted on it last: so
 * each does what it does once, whatever is repeated, late or beside another run, and a person's word after it stands; one that was
 * corrected, and corrected back, acts again. Answers what happened;
 * undefined when nothing. Throws `version.stale` when somebody was faster.
 */
export const applyTierJudgement = async (
  partnerId: string,
  judgement: TierJudgement,
  { program, now }: { readonly program: Program; readonly now: string },
): Promise<TierChange['type'] | undefined> => {
  const partner = await getPartner(partnerId);
  const tierJudged = shortHashOf(judgement);
  const change = partner.tierJudged !== tierJudged && applyJudgement(partner, judgement, { program, now });
  if (!change) return undefined;
  const intent = systemIntent('tier', `${partnerId}@${partner.version} ${tierJudged}`, now);
  await saveTierChange(partner, { ...change, after: { ...change.after, tierJudged } }, intent);
  return change.type;
};
