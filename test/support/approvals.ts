import { handler } from '#functions/approvals/door.ts';
import { openApproval } from '#shared/approvals/approval.ts';
import { insertApproval } from '#shared/approvals/approval-store.ts';
import { awaitedBy, readSubject } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { programAt } from '#shared/program/program-store.ts';
import { questionAbout } from '#workflows/approvals/question.ts';
import { type Call, type Reply, send } from './call.ts';
import { manager } from './people.ts';

/** Opens the approval that a stored subject waits for, as the workflow's step Ask does, and answers its id. */
export const anOpenApproval = async (subjectId: string, at: string): Promise<string> => {
  const subject = await readSubject(subjectId);
  const awaits = subject && awaitedBy(subject);
  if (!subject || !awaits) throw new Error(`${subjectId} waits for nothing.`);
  const { program } = await programAt(at);
  const question = await questionAbout(subject, awaits, program);
  await insertApproval(openApproval(question, program), systemIntent('ask', awaits.approvalId, at));
  return awaits.approvalId;
};

/** A partner manager's approval of it at its first version, with what a test wants different. */
export const decide = (approvalId: string, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, {
    operation: 'decide-approval',
    caller: manager,
    at: '2026-07-01T12:00:00.000Z',
    params: { approvalId },
    body: { outcome: 'approve' },
    ifMatch: 1,
    ...more,
  });
