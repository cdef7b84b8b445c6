import { readSubject } from '#shared/approvals/subject-store.ts';
import { Awaited, approvalIdOf } from '#shared/core/awaited.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { answerTask } from './approvals/answer-task.ts';
import { cancelMoot } from './approvals/cancel-moot.ts';
import { startExecution } from './approvals/start-execution.ts';
import { notify } from './notify.ts';
import { noteFirstDeal } from './partners/note-first-deal.ts';

const decided = new Set(['approved', 'rejected', 'returned', 'cancelled']);

/** A subject stopped waiting: if nobody decided, its open approval has become pointless. */
const cancelLast = async (event: StoredEvent): Promise<void> => {
  const subject = await readSubject(event.subject);
  if (!subject) return;
  await cancelMoot(approvalIdOf(event.subject, subject.entity.approvals), event.subject, event.at);
};

/** Everything that follows from one event. Each part may be repeated: names, conditions and records make it happen once. */
export const followEvent = async (event: StoredEvent): Promise<void> => {
  const { awaits, status } = event.changes;
  if (awaits) await startExecution(event.subject, Awaited.parse(awaits));
  if (awaits === null) await cancelLast(event);
  if (event.type.startsWith('approval.') && decided.has(String(status)))
    await answerTask(event.subject, String(status));
  await noteFirstDeal(event);
  await notify(event);
};
