import type { Approval } from '#shared/approvals/approval.ts';
import { findTask, listDecidedSince } from '#shared/approvals/approval-store.ts';
import { askAgain, awaitedBy, listWaiting, readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { subjectOf } from '#shared/core/awaited.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { commit } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { programAt } from '#shared/program/program-store.ts';
import { hears } from './answer-task.ts';
import { startExecution } from './start-execution.ts';

/** As long as the stream and its retries may usually take. */
const patienceMs = 15 * 60_000;
const lookBackDays = 2;

/** A subject that has waited longer than it should without an approval: its execution was never started, or got lost. */
const restart = async (subject: Subject, now: string): Promise<void> => {
  const awaits = awaitedBy(subject);
  if (!awaits || millis(now) - millis(awaits.since) < patienceMs) return;
  const { id } = subject.entity;
  const { approval } = await readBoth(awaits.approvalId, id);
  if (approval) return;
  log.warn('asking again', { subjectId: id, approvalId: awaits.approvalId, attempt: awaits.attempt });
  if (await startExecution(id, awaits)) return;
  const intent = systemIntent('ask-again', `${awaits.approvalId}-${awaits.attempt}`, now);
  const change = askAgain(subject, awaits, { intent, terms: await programAt(now) });
  await commit([change.event], change.writes);
};

/** Names of executions are not free again for months, so a lost one is followed by the next number that nobody took. */
const mostAttempts = 10;

/** Starts another execution, which finds the decision and follows it up. */
const startAnother = async (approvalId: string, lastAttempt: number): Promise<void> => {
  const subjectId = subjectOf(approvalId) ?? '';
  for (let attempt = lastAttempt + 1; attempt <= mostAttempts; attempt += 1) {
    if (await startExecution(subjectId, { approvalId, attempt })) return;
  }
  log.error('decision not followed up', { approvalId });
};

/**
 * A decision whose follow-up was lost is told again. Where no task was ever kept, or the one that was is gone, so is its execution:
 * everything has had its time by now.
 */
const followUpAgain = async (approval: Approval): Promise<void> => {
  const task = await findTask(approval.id);
  if (task?.followedUp) return;
  log.warn('telling a decision again', { approvalId: approval.id });
  if (task && (await hears(task.token, approval.status))) return;
  await startAnother(approval.id, task?.attempt ?? 1);
};

const tellAgain = async (now: string): Promise<void> => {
  for (const approval of await listDecidedSince(addDays(now, -lookBackDays))) {
    if (millis(now) - millis(approval.updatedAt) >= patienceMs) await followUpAgain(approval);
  }
};

/** Finds what waits for something that will not come by itself, and sets it going again. `now` is the schedule's instant. */
export const recover = async (now: string): Promise<void> => {
  for (const subject of await listWaiting()) await restart(subject, instant(millis(now)));
  await tellAgain(now);
};
