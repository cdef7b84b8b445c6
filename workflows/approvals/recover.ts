import type { Approval } from '#shared/approvals/approval.ts';
import { findRecovered, findTask, listDecidedSince, noteRecovered } from '#shared/approvals/approval-store.ts';
import { askAgain, awaitedBy, listWaiting, readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { subjectOf } from '#shared/core/awaited.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { commit } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { programAt } from '#shared/program/program-store.ts';
import { isLate, tellLate } from '#workflows/tell-late.ts';
import { hears } from './answer-task.ts';
import { startExecution } from './start-execution.ts';

/** As long as the stream and its retries may usually take. */
const patienceMs = 15 * 60_000;
const lookBackDays = 2;
/** Before any program began. */
const earliest = '2000-01-01T00:00:00.000Z';

/** As long again as the program gave it: who decides was reminded by then, and others were told of it when it was due. */
const isOverdue = ({ createdAt, deadlineAt }: Approval, now: string): boolean =>
  millis(now) - millis(deadlineAt) > millis(deadlineAt) - millis(createdAt);

/**
 * A subject that has waited longer than it should without an approval: its execution was never started, or got lost. Answers whether
 * it has waited too long, for that or for people.
 */
const restart = async (subject: Subject, now: string): Promise<boolean> => {
  const awaits = awaitedBy(subject);
  if (!awaits || millis(now) - millis(awaits.since) < patienceMs) return false;
  const { id } = subject.entity;
  const { approval } = await readBoth(awaits.approvalId, id);
  if (approval) return isOverdue(approval, now);
  log.warn('asking again', { subjectId: id, approvalId: awaits.approvalId, attempt: awaits.attempt });
  if (!(await startExecution(id, awaits))) {
    const intent = systemIntent('ask-again', `${awaits.approvalId}-${awaits.attempt}`, now);
    const change = askAgain(subject, awaits, { intent, terms: await programAt(now) });
    await commit([change.event], change.writes);
  }
  return isLate(awaits.since, now);
};

/** Names of executions are not free again for months, so a lost one is followed by the next number that nobody took. */
const mostAttempts = 10;

/** Starts another execution, which finds the decision and follows it up. Throws when every number is taken: then people have to. */
const startAnother = async (approvalId: string, lastAttempt: number): Promise<void> => {
  const subjectId = subjectOf(approvalId) ?? '';
  for (let attempt = lastAttempt + 1; attempt <= mostAttempts; attempt += 1) {
    if (await startExecution(subjectId, { approvalId, attempt })) return;
  }
  throw new Error(`All ${mostAttempts} executions of ${approvalId} ended without following it up.`);
};

/**
 * A decision whose follow-up was lost is told again. Where no task was ever kept, or the one that was is gone, so is its execution:
 * everything has had its time by now. Answers whether it has waited too long.
 */
const followUpAgain = async (approval: Approval, now: string): Promise<boolean> => {
  const task = await findTask(approval.id);
  if (task?.followedUp) return false;
  log.warn('telling a decision again', { approvalId: approval.id });
  if (!task || !(await hears(task.token, approval.status))) await startAnother(approval.id, task?.attempt ?? 1);
  return isLate(approval.updatedAt, now);
};

/**
 * Does it for each, whatever happens to the others; what failed is logged and left to the next run. Those of which the work says that
 * they have waited too long are told. Answers whether all went well, and whether nothing waits too long.
 */
const forEach = async <T>(things: readonly T[], idOf: (it: T) => string, work: (it: T) => Promise<boolean>) => {
  let well = true;
  const late: string[] = [];
  for (const thing of things) {
    try {
      if (await work(thing)) late.push(idOf(thing));
    } catch (error) {
      well = false;
      log.error('not recovered', { id: idOf(thing), error: error as Error });
    }
  }
  tellLate(late);
  return { well, inTime: late.length === 0 };
};

/** Two days before the end of the last run that went well: however long recovery was down, nothing falls out of its sight. */
const tellAgain = async (now: string): Promise<boolean> => {
  const since = addDays((await findRecovered()) ?? earliest, -lookBackDays);
  const waited = (await listDecidedSince(since)).filter(
    (approval) => millis(now) - millis(approval.updatedAt) >= patienceMs,
  );
  const { well, inTime } = await forEach(
    waited,
    (approval) => approval.id,
    (approval) => followUpAgain(approval, now),
  );
  // What is late stays in sight until it is followed up.
  if (well && inTime) await noteRecovered(now);
  return well;
};

/** Finds what waits for something that will not come by itself, and sets it going again. `now` is the schedule's instant. */
export const recover = async (now: string): Promise<void> => {
  const subjects = await listWaiting();
  const asked = await forEach(
    subjects,
    ({ entity }) => entity.id,
    (subject) => restart(subject, instant(millis(now))),
  );
  const told = await tellAgain(now);
  if (!asked.well || !told) throw new Error('Not everything could be set going again.');
};
