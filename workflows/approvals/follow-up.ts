import { markFollowedUp } from '#shared/approvals/approval-store.ts';
import { markSubject, readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { commit } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { followDeal } from './follow-deal.ts';
import { failureOf } from './needs-attention.ts';

/** The step FollowUp of approval.asl.json: what a decision calls for beyond its own transaction. */
export interface FollowInput {
  readonly subjectId: string;
  readonly approvalId: string;
  /** Of this execution. */
  readonly attempt: number;
}

/** An earlier execution may have failed, which nobody has to look at any more. */
const takeOffFailure = async (subject: Subject, approvalId: string): Promise<void> => {
  const { needsAttention, updatedAt } = subject.entity;
  if (!needsAttention?.startsWith(failureOf(approvalId))) return;
  const intent = systemIntent('follow-up', approvalId, updatedAt);
  const change = markSubject(subject, undefined, { intent, terms: await programAt(updatedAt) });
  await commit([change.event], change.writes);
};

/** The record says what was decided; the callback's words are not needed, and may be old. */
export const handler = async ({ subjectId, approvalId, attempt }: FollowInput): Promise<void> => {
  const { approval, subject } = await readBoth(approvalId, subjectId);
  // Released in favour of a later attempt, which waits for the decision.
  if (approval?.status === 'open') return;
  if (approval && subject?.type === 'deal') await followDeal(approval, subject.entity);
  if (approval && subject) await takeOffFailure(subject, approvalId);
  await markFollowedUp(approvalId, attempt);
};
