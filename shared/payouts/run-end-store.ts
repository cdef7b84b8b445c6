import { systemIntent } from '#shared/core/history.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { completeRun, type Run, waitOn } from './run.ts';
import { chunksOf } from './run-lines-store.ts';
import { changeRun, getRun } from './run-store.ts';
import { readStatements } from './statement-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | whether every payout of a run has come to its end | table | its lines, then the statements they name |
 */
const hasEnded = async (runId: string): Promise<boolean> => {
  for await (const lines of chunksOf(runId)) {
    const statements = await readStatements(lines);
    if (!statements.every(({ payout }) => payout.runId !== runId || ['paid', 'failed'].includes(payout.status)))
      return false;
  }
  return true;
};

/**
 * Completes a run that waits for nothing any more; `again` puts off the next look at one that does. Throws `version.stale` when somebody
 * else does so at this moment.
 */
export const endRun = async (runId: string, at: string, again?: 'again'): Promise<Run> => {
  const run = await getRun(runId);
  if (run.status !== 'paying' || run.handedOverAt === undefined) return run;
  const ended = await hasEnded(runId);
  if (!ended && !again) return run;
  const [after, what] = ended ? [completeRun(run, at), 'completed'] : [waitOn(run, at), 'waited'];
  const intent = systemIntent(what, `${runId}@${run.version}`, at);
  return (await commitChange(run, changeRun(run, after, { type: `payout_run.${what}`, intent }))).entity;
};
