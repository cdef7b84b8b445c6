import { systemIntent } from '#shared/core/history.ts';
import { type Progress, readProgress } from '#shared/health/scoring-progress-store.ts';
import { addTallies, completeScoring, noTally } from '#shared/health/scoring-run.ts';
import { changeScoringRun, getScoringRun } from '#shared/health/scoring-run-store.ts';
import { keepSums, unpackSums } from '#shared/kpis/kpi-store.ts';
import { type KpiSums, mergeSums, noSums } from '#shared/kpis/kpi-sums.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { ScoringInput } from './load-scoring.ts';

const sumsOf = ({ sums }: Progress): KpiSums => (sums ? unpackSums(sums) : noSums());

/** The step Close of scoring-run.asl.json. The figures of the quarter are kept with it. Throws while a segment is not done, so that somebody hears of it. */
export const handler = async ({ runId, at }: ScoringInput): Promise<void> => {
  const run = await getScoringRun(runId);
  if (run.status !== 'running') return;
  const progress = await readProgress(run);
  const open = progress.filter(({ isDone }) => !isDone).length;
  if (run.segments === undefined || open > 0) throw new Error(`${open} segments of ${runId} are not done.`);
  const completed = completeScoring(run, progress.map(({ tally }) => tally).reduce(addTallies, noTally), at);
  const intent = systemIntent('complete', `${runId}@${run.version}`, at);
  const { entity, event, writes } = changeScoringRun(run, completed, { type: 'scoring_run.completed', intent });
  const { quarter, programVersion } = run;
  const kept = keepSums({ quarter, runId, at, programVersion }, progress.map(sumsOf).reduce(mergeSums, noSums()));
  await commitChange(run, { entity, event, writes: [...writes, ...kept] });
};
