import { systemIntent } from '#shared/core/history.ts';
import { millis } from '#shared/core/time.ts';
import { nextStep, type Run, restartRun } from '#shared/payouts/run.ts';
import { changeRun, listRuns } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { startRun } from './start-run.ts';

/** As long as a step and its retries may usually take; two executions of one run do no harm. */
const patienceMs = 30 * 60_000;

/** Runs that wait for a person are found by their approvals, those that wait for a bank by their due time. */
const isStuck = (run: Run, now: string): boolean =>
  !['ask', 'done'].includes(nextStep(run)) && millis(now) - millis(run.updatedAt) >= patienceMs;

const restart = async (run: Run, now: string): Promise<void> => {
  log.warn('starting a run again', { runId: run.id, attempt: run.attempt });
  if (await startRun({ subject: run.id })) return;
  const intent = systemIntent('restart', `${run.id}@${run.version}`, now);
  await commitChange(run, changeRun(run, restartRun(run), { type: 'payout_run.restarted', intent }));
};

const perPage = 100;

/** Finds runs whose execution was lost, and starts another one, which goes on where the record says. */
export const recoverRuns = async (now: string): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await listRuns({}, { after, limit: perPage });
    for (const run of page.runs.filter((each) => isStuck(each, now))) await restart(run, now);
    after = page.after;
  } while (after !== undefined);
};
