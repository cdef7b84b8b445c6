import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import { millis } from '#shared/core/time.ts';
import { nextStep, type Run, restartRun } from '#shared/payouts/run.ts';
import { changeRun, listRuns } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { startExecution } from '#workflows/approvals/start-execution.ts';
import { isLate, tellLate } from '#workflows/tell-late.ts';

/** As long as a step and its retries may usually take; two executions of one run do no harm. */
const patienceMs = 30 * 60_000;

/** Runs that wait for a person are found by their approvals, those that wait for a bank by their due time. */
const isStuck = (run: Run, now: string): boolean =>
  !['ask', 'done'].includes(nextStep(run)) && millis(now) - millis(run.updatedAt) >= patienceMs;

/** What waits for people or was rejected is known by its approval: it is open for too long, or was not followed up. */
const isLateRun = (run: Run, now: string): boolean => {
  const step = nextStep(run);
  const since = step === 'collect' ? run.createdAt : step === 'pay' ? run.approvedAt : undefined;
  return since !== undefined && isLate(since, now);
};

/** Executions that asked for its approval have had numbers as well, and none is free again for months. */
const mostAttempts = 20;

/** The number is for whoever recovers it the next time; an execution that is as fast as this one has moved the run on already. */
const noteAttempt = async (run: Run, attempt: number, now: string): Promise<void> => {
  const intent = systemIntent('restart', `${run.id}@${run.version}`, now);
  try {
    await commitChange(run, changeRun(run, restartRun(run, attempt), { type: 'payout_run.restarted', intent }));
  } catch (error) {
    if (!isCode(error, 'version.stale')) throw error;
  }
};

/** Starts another execution, and notes it then: whoever dies between leaves two that do the same work, which does no harm. */
const restart = async (run: Run, now: string): Promise<void> => {
  for (let attempt = run.attempt; attempt <= run.attempt + mostAttempts; attempt += 1) {
    if (!(await startExecution(run.id, { approvalId: '', attempt }))) continue;
    log.warn('started a run again', { runId: run.id, attempt });
    if (attempt > run.attempt) await noteAttempt(run, attempt, now);
    return;
  }
  throw new Error(`All numbers for executions of ${run.id} are taken.`);
};

const perPage = 100;

/**
 * Finds runs whose execution was lost, and starts another one, which goes on where the record says; tells which are late. Throws in the end
 * for those it could not start.
 */
export const recoverRuns = async (now: string): Promise<void> => {
  let after: string | undefined;
  let failed = 0;
  do {
    const page = await listRuns({}, { after, limit: perPage });
    tellLate(page.runs.filter((each) => isLateRun(each, now)).map(({ id }) => id));
    for (const run of page.runs.filter((each) => isStuck(each, now)))
      try {
        await restart(run, now);
      } catch (error) {
        failed += 1;
        log.error('not recovered', { id: run.id, error: error as Error });
      }
    after = page.after;
  } while (after !== undefined);
  if (failed > 0) throw new Error(`${failed} runs could not be set going again.`);
};
