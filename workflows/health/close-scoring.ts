import { systemIntent } from '#shared/core/history.ts';
import { readProgress } from '#shared/health/scoring-progress-store.ts';
import { addTallies, completeScoring, noTally } from '#shared/health/scoring-run.ts';
import { changeScoringRun, getScoringRun } from '#shared/health/scoring-run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { ScoringInput } from './load-scoring.ts';

/** The step Close of scoring-run.asl.json. Throws while a segment is not done, so that somebody hears of it. */
export const handler = async ({ runId, at }: ScoringInput): Promise<void> => {
  const run = await getScoringRun(runId);
  if (run.status !== 'running') return;
  const progress = await readProgress(run);
  const open = progress.filter(({ isDone }) => !isDone).length;
  if (run.segments === undefined || open > 0) throw new Error(`${open} segments of ${runId} are not done.`);
  const completed = completeScoring(run, progress.map(({ tally }) => tally).reduce(addTallies, noTally), at);
  const intent = systemIntent('complete', `${runId}@${run.version}`, at);
  await commitChange(run, changeScoringRun(run, completed, { type: 'scoring_run.completed', intent }));
};
