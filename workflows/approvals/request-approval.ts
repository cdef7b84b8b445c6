import { openApproval } from '#shared/approvals/approval.ts';
import { insertApproval, keepTask } from '#shared/approvals/approval-store.ts';
import { awaitedBy, readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { programAt } from '#shared/program/program-store.ts';
import { hears, releaseTask } from './answer-task.ts';
import { cancelMoot } from './cancel-moot.ts';
import { questionAbout } from './question.ts';

/** The step Ask of approval.asl.json. `at` is when the state was entered. */
export interface AskInput {
  readonly taskToken: string;
  readonly approvalId: string;
  readonly subjectId: string;
  readonly attempt: number;
  /** How often the step was tried before; each try has a token of its own. */
  readonly retry: number;
  readonly at: string;
}

const open = async (subject: Subject, input: AskInput): Promise<void> => {
  const awaits = awaitedBy(subject);
  if (awaits?.approvalId !== input.approvalId) return;
  const { program } = await programAt(input.at);
  const question = await questionAbout(subject, awaits, program);
  await insertApproval(openApproval(question, program), systemIntent('ask', input.approvalId, input.at));
};

/**
 * Opens the approval if it is not there, and keeps the token for whoever brings the answer. The record is read once more after the
 * token is stored: a decision from before that met no token, so it is answered here; one from after finds the token. It answers its own
 * task, whatever the record says of an earlier one.
 */
export const handler = async (input: AskInput): Promise<void> => {
  const { approvalId, subjectId, at, attempt, retry } = input;
  const before = await readBoth(approvalId, subjectId);
  if (!before.approval && before.subject) await open(before.subject, input);
  const forsaken = await keepTask(approvalId, { token: input.taskToken, attempt, retry });
  for (const token of forsaken) await releaseTask(token);
  if (forsaken.includes(input.taskToken)) return;
  const approval = await cancelMoot(approvalId, subjectId, at);
  if (approval?.status !== 'open') await hears(input.taskToken, approval?.status ?? 'cancelled');
};
