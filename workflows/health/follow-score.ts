import type { StoredEvent } from '#shared/core/history.ts';
import { getHealth, getRevision } from '#shared/health/health-store.ts';
import { judgedIn } from '#shared/health/health-view.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { applyTierJudgement } from '#workflows/partners/apply-tier.ts';

/**
 * What a quarter says of a partner's tier happens when it was stored: at once upwards, by notice downwards. It is judged by the program
 * that the run was made with.
 */
export const followScore = async (event: StoredEvent): Promise<void> => {
  const health = await getHealth(event.subject);
  const revision = await getRevision(health.id, health.revision);
  const program = await getProgramRules(revision.programVersion);
  await applyTierJudgement(health.partnerId, judgedIn(revision).tier, {
    program,
    now: event.at,
    cause: `${event.subject}@${event.seq}`,
  });
};
