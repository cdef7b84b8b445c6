import type { Approval } from '#shared/approvals/approval.ts';
import { findTask, listDecidedSince, type Task } from '#shared/approvals/approval-store.ts';
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

/** Far more executions than ever get lost one after another for one approval. */
const mostAttempts = 10;

/** Its task is answered, or another execution is started, which finds the decision; even where the asking step died before it kept its token. */
const followUpAnew = async ({ id, status }: Approval, task: Task | undefined): Promise<void> => {
  if (task && (await hears(task.token, JSON.stringify({ status })))) return;
  const subjectId = subjectOf(id) ?? '';
  const next = (task?.attempt ?? 1) + 1;
  for (let attempt = next; attempt < next + mostAttempts; attempt += 1) {
    if (await startExecution(subjectId, { approvalId: id, attempt })) return;
  }
};

/** A decision whose follow-up was lost is told again. */
const tellAgain = async (now: string): Promise<void> => {
  const since = addDays(now, -lookBackDays);
  for (const approval of await listDecidedSince(since)) {
    if (millis(now) - millis(approval.updatedAt) < patienceMs) continue;
    const task = await findTask(approval.id);
    if (!task?.followedUp) await followUpAnew(approval, task);
  }
};

/** Finds what waits for something that will not come by itself, and sets it going again. `now` is the schedule's instant. */
export const recover = async (now: string): Promise<void> => {
  for (const subject of await listWaiting()) await restart(subject, instant(millis(now)));
  await tellAgain(now);
};
