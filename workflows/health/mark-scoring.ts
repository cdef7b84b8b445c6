import { systemIntent } from '#shared/core/history.ts';
import { markScoring as mark } from '#shared/health/scoring-run.ts';
import { changeScoringRun, findScoringRun } from '#shared/health/scoring-run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** Leaves a run whose workflow failed marked for a person. */
export const markScoring = async (runId: string, error: string, at: string): Promise<void> => {
  const run = await findScoringRun(runId);
  if (run?.status !== 'running' || run.needsAttention) return;
  const intent = systemIntent('needs-attention', `${runId}@${run.version}`, at);
  const after = mark(run, `The workflow of this run failed: ${error}`);
  await commitChange(run, changeScoringRun(run, after, { type: 'scoring_run.marked', intent }));
};
