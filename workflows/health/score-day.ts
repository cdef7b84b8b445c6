import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { firstDayOf, previousQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { dayOf, daysBetween } from '#shared/core/time.ts';
import { lastMomentOf, startScoring } from '#shared/health/scoring-run.ts';
import { findReviews, findScoringRun, insertScoringRun } from '#shared/health/scoring-run-store.ts';
import { log } from '#shared/platform/logger.ts';
import type { Program } from '#shared/program/program.ts';
import { findProgramAt } from '#shared/program/program-store.ts';

/** Facts of the last day have come in by then, and people have had two days for their assessments. */
const dayOfQuarter = 3;

/** The quarter whose scores are due by a day; undefined on the first two days of the next. */
export const quarterToScore = (today: string, { fiscalYearStart }: Program): Quarter | undefined => {
  const current = quarterOf(today, fiscalYearStart);
  const isDue = daysBetween(firstDayOf(current, fiscalYearStart), today) >= dayOfQuarter - 1;
  return isDue ? previousQuarter(current) : undefined;
};

/**
 * Scores the quarter before, from the third day of the next one on. It looks every day, so that a day on which it could not is made up
 * for; the run's id is that of its quarter, so that it starts once.
 */
export const scoreDay = async (now: string): Promise<void> => {
  const inForce = await findProgramAt(now);
  if (!inForce) return;
  const { program } = inForce;
  const quarter = quarterToScore(dayOf(now, program.timeZone), program);
  if (quarter === undefined) return;
  const id = derivedId('scr', 'score-quarter', quarter);
  if (await findScoringRun(id)) return;
  // What somebody has published already is computed again only with a reason.
  const [published] = await findReviews([quarter]);
  if (published) return;
  const then = await findProgramAt(lastMomentOf(quarter, program));
  const programVersion = then?.version ?? inForce.version;
  const run = startScoring({ id, quarter, by: 'system', now, corrects: false, programVersion });
  try {
    await insertScoringRun(run, systemIntent('score-quarter', quarter, now));
  } catch (error) {
    if (!isCode(error, 'scoring_run.already_running')) throw error;
    log.info('scoring waits for a run under way', { quarter });
  }
};
