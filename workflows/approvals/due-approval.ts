import type { Approval } from '#shared/approvals/approval.ts';
import { changeApproval } from '#shared/approvals/approval-store.ts';
import {
  approveLate,
  decisionsOf,
  escalateApproval,
  holdApproval,
  remindApproval,
} from '#shared/approvals/decide-approval.ts';
import { effectOf } from '#shared/approvals/effect-store.ts';
import { readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { subjectOf } from '#shared/core/awaited.ts';
import { isCode } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { systemIntent } from '#shared/core/history.ts';
import { findKnownAccount } from '#shared/deals/customer-store.ts';
import { commit, commitChange } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** A suspension stops new deals, and direct sales may have come to know the account: then a person has to decide after all. */
const hold = (approval: Approval, intent: Intent) =>
  commitChange(approval, changeApproval(approval, holdApproval(approval), { type: 'approval.held', intent }));

const isKnownByNow = async ({ type, entity }: Subject): Promise<boolean> =>
  type === 'deal' && (await findKnownAccount(entity.customer.domain)) !== undefined;

const decideLate = async (approval: Approval, subject: Subject, intent: Intent): Promise<unknown> => {
  if (await isKnownByNow(subject)) return hold(approval, intent);
  const decided = approveLate(approval, intent.at);
  const decision = decisionsOf(decided).at(-1);
  if (!decision) throw new Error('A late decision left no trace.');
  const change = changeApproval(approval, decided, { type: 'approval.approved', intent });
  const effect = effectOf(decided, subject, { decision, intent, terms: await programAt(intent.at) });
  return commit([change.event, ...effect.events], [...change.writes, ...effect.writes]).catch((error: unknown) => {
    if (!isCode(error, 'partner.not_active')) throw error;
    return hold(approval, intent);
  });
};

/** Reminds, escalates, and where lateness has a consequence decides in the system's name. */
export const dueApproval = async (approvalId: string, now: string): Promise<void> => {
  const { approval, subject } = await readBoth(approvalId, subjectOf(approvalId) ?? '');
  if (!approval?.due || !subject || approval.due.at > now) return;
  const intent = systemIntent('due', `${approvalId}@${approval.version}`, now);
  if (approval.due.what === 'decide-late') {
    await decideLate(approval, subject, intent);
    return;
  }
  const [after, type] =
    approval.due.what === 'remind'
      ? [remindApproval(approval, now), 'approval.reminded']
      : [escalateApproval(approval, now), 'approval.escalated'];
  await commitChange(approval, changeApproval(approval, after, { type, intent }));
};
