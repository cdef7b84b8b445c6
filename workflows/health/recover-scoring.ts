import { systemIntent } from '#shared/core/history.ts';
import { millis } from '#shared/core/time.ts';
import { readProgress } from '#shared/health/scoring-progress-store.ts';
import { restartScoring, type ScoringRun } from '#shared/health/scoring-run.ts';
import { changeScoringRun, listScoringRuns } from '#shared/health/scoring-run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { isLate, tellLate } from '#workflows/tell-late.ts';
import { startScoring } from './start-scoring.ts';

/** As long as a step and its retries may usually take; two executions of one run do no harm. */
const patienceMs = 30 * 60_000;

const isStuck = async (run: ScoringRun, now: string): Promise<boolean> => {
  const heard = [run.updatedAt, ...(await readProgress(run)).map(({ at }) => at)].reduce((a, b) => (a > b ? a : b));
  return millis(now) - millis(heard) >= patienceMs;
};

const restart = async (run: ScoringRun, now: string): Promise<void> => {
  log.warn('starting a scoring run again', { runId: run.id, attempt: run.attempt });
  if (await startScoring({ subject: run.id })) return;
  const intent = systemIntent('restart', `${run.id}@${run.version}`, now);
  await commitChange(run, changeScoringRun(run, restartScoring(run), { type: 'scoring_run.restarted', intent }));
};

const perPage = 100;

/** Finds runs whose execution was lost, and starts another one, which goes on where the record says; tells which are late. */
export const recoverScoring = async (now: string): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await listScoringRuns({ status: 'running' }, { after, limit: perPage });
    tellLate(page.runs.filter(({ createdAt }) => isLate(createdAt, now)).map(({ id }) => id));
    for (const run of page.runs) if (await isStuck(run, now)) await restart(run, now);
    after = page.after;
  } while (after !== undefined);
};
