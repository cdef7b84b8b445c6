import { systemIntent } from '#shared/core/history.ts';
import { readProgress } from '#shared/health/scoring-progress-store.ts';
import { planScoring, type ScoringRun } from '#shared/health/scoring-run.ts';
import { changeScoringRun, getScoringRun } from '#shared/health/scoring-run-store.ts';
import { countSegments } from '#shared/health/segments-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** What every execution of scoring-run.asl.json is started with. */
export interface ScoringInput {
  readonly runId: string;
  /** Of this execution. */
  readonly attempt: number;
  /** When the state was entered. */
  readonly at: string;
}

/** Where the workflow goes on. */
interface Whereabouts {
  readonly step: 'score' | 'close' | 'done';
  readonly runId: string;
  readonly attempt: number;
  /** Those that are not done. */
  readonly segments: readonly { readonly runId: string; readonly segment: number }[];
}

/** How many segments there are is said once: another execution goes on with the same. */
const planned = async (run: ScoringRun, at: string): Promise<ScoringRun> => {
  if (run.segments !== undefined) return run;
  const intent = systemIntent('plan', run.id, at);
  const after = planScoring(run, await countSegments());
  return (await commitChange(run, changeScoringRun(run, after, { type: 'scoring_run.planned', intent }))).entity;
};

/** The step Load of scoring-run.asl.json: the record says what is done, so that any execution can take over from a lost one. */
export const handler = async ({ runId, attempt, at }: ScoringInput): Promise<Whereabouts> => {
  const found = await getScoringRun(runId);
  if (found.status !== 'running') return { step: 'done', runId, attempt, segments: [] };
  const run = await planned(found, at);
  const open = (await readProgress(run)).filter(({ isDone }) => !isDone);
  return {
    step: open.length > 0 ? 'score' : 'close',
    runId,
    attempt,
    segments: open.map(({ segment }) => ({ runId, segment })),
  };
};
