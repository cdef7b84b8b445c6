import { markFollowedUp } from '#shared/approvals/approval-store.ts';
import { readBoth } from '#shared/approvals/subject-store.ts';
import { followDeal } from './follow-deal.ts';

/** The step FollowUp of approval.asl.json: what a decision calls for beyond its own transaction. */
export interface FollowInput {
  readonly subjectId: string;
  readonly approvalId: string;
  /** Of this execution. */
  readonly attempt: number;
}

/** The record says what was decided; the callback's words are not needed, and may be old. */
export const handler = async ({ subjectId, approvalId, attempt }: FollowInput): Promise<void> => {
  const { approval, subject } = await readBoth(approvalId, subjectId);
  // Released in favour of a later attempt, which waits for the decision.
  if (approval?.status === 'open') return;
  if (approval && subject?.type === 'deal') await followDeal(approval, subject.entity);
  await markFollowedUp(approvalId, attempt);
};
