import type { Approval } from '#shared/approvals/approval.ts';
import { changeApproval } from '#shared/approvals/approval-store.ts';
import { cancelApproval } from '#shared/approvals/decide-approval.ts';
import { awaitedBy, readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { commitChange } from '#shared/platform/history-store.ts';

const isMoot = (approval: Approval, subject: Subject | undefined): boolean =>
  approval.status === 'open' && (!subject || awaitedBy(subject)?.approvalId !== approval.id);

/** Cancels an open approval whose subject does not wait for it any more; answers how the approval stands then. */
export const cancelMoot = async (approvalId: string, subjectId: string, at: string): Promise<Approval | undefined> => {
  const { approval, subject } = await readBoth(approvalId, subjectId);
  if (!approval || !isMoot(approval, subject)) return approval;
  const intent = systemIntent('cancel', approvalId, at);
  const change = changeApproval(approval, cancelApproval(approval), { type: 'approval.cancelled', intent });
  const { entity } = await commitChange(approval, change);
  return entity;
};
