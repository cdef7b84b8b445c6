import { notFound } from '#shared/core/errors.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import type { Health, Revision } from './health.ts';
import { findHealth, getRevision } from './health-store.ts';
import { judgedIn } from './health-view.ts';
import { findReviews, findScoringRun } from './scoring-run-store.ts';

/** What a reader is shown of a partner's quarter. */
export interface Shown {
  readonly health: Health;
  readonly revision: Revision;
  readonly isPublished: boolean;
}

/** A correction is a partner's to see when its run is completed: until then it may still be computed anew. */
const lastShown = async ({ revision, runId }: Health, isForStaff: boolean): Promise<number> => {
  if (isForStaff || revision === 1) return revision;
  return (await findScoringRun(runId))?.status === 'completed' ? revision : revision - 1;
};

/** What a reader is told of a quarter of a partner: to a partner, what stood before a correction that is not completed. */
export const asShown = async (health: Health, isForStaff: boolean): Promise<Health> => {
  const last = await lastShown(health, isForStaff);
  if (last === health.revision) return health;
  const revision = await getRevision(health.id, last);
  const { points, band, coverage } = judgedIn(revision).score;
  const { runId, programVersion, digest, scoredAt } = revision;
  return { ...health, revision: last, runId, programVersion, digest, scoredAt, points, band, coverage };
};

/** Partners are shown what is published. Throws `not_found`. */
export const getShown = async (partnerId: string, quarter: Quarter, isForStaff: boolean): Promise<Shown> => {
  const [[health], [review]] = await Promise.all([findHealth(partnerId, [quarter]), findReviews([quarter])]);
  if (!health || !(isForStaff || review)) throw notFound();
  const revision = await getRevision(health.id, await lastShown(health, isForStaff));
  return { health, revision, isPublished: review !== undefined };
};
