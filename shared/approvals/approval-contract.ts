import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery } from '#shared/core/contract.ts';
import { Money } from '#shared/core/money.ts';
import { Instant } from '#shared/core/time.ts';
import { Evaluation } from '#shared/partners/partner.ts';
import { Approval, ApprovalKind, ApprovalStatus, Decision, Outcome } from './approval.ts';
import { decisionsOf, requiredDecisions } from './decide-approval.ts';

const {
  head: _head,
  doneKeys: _doneKeys,
  due: _due,
  remindAt: _remindAt,
  deadlineAt: _deadlineAt,
  ...shown
} = Approval.shape;

/** One shape for every decision, whatever it is about. */
export const ApprovalView = z
  .object({
    ...shown,
    /** Different people still needed in the open step. */
    requiredDecisions: z.int().nonnegative(),
    decisions: z.array(Decision),
    dueAt: Instant,
    /** It is open after its due time. */
    late: z.boolean(),
  })
  .meta({ id: 'Approval' });
export type ApprovalView = z.infer<typeof ApprovalView>;

export const viewApproval = (approval: Approval, now: string): ApprovalView => {
  const { head: _h, doneKeys: _k, due: _d, remindAt: _r, deadlineAt, ...view } = approval;
  return {
    ...view,
    requiredDecisions: requiredDecisions(approval),
    decisions: [...decisionsOf(approval)],
    dueAt: deadlineAt,
    late: approval.status === 'open' && deadlineAt < now,
  };
};

const params = z.strictObject({ approvalId: z.string().max(200) });

export const listApprovals = contract({
  operation: 'list-approvals',
  summary: 'The inbox: decisions that your role takes, open first, most overdue first',
  query: z.strictObject({ ...pageQuery, kind: ApprovalKind.optional(), status: ApprovalStatus.optional() }),
  answers: { 200: pageOf(ApprovalView) },
  errors: [],
});

export const getApproval = contract({
  operation: 'get-approval',
  summary: 'Read an approval',
  params,
  answers: { 200: ApprovalView },
  errors: ['not_found'],
});

export const decideApproval = contract({
  operation: 'decide-approval',
  summary: 'Decide; the last required decision takes effect in the same transaction',
  params,
  body: z.strictObject({
    outcome: Outcome,
    reason: written(2000).optional(),
    approvedAmount: Money.optional(),
    evaluation: Evaluation.optional(),
    resolution: z.enum(['uphold', 'transfer', 'split']).optional(),
  }),
  answers: { 200: ApprovalView },
  errors: [
    'not_found',
    'approval.own_submission',
    'approval.already_decided_by_you',
    'approval.closed',
    'approval.reason_missing',
    'version.stale',
    'version.required',
    'state.transition_not_allowed',
    'deal.hold_lost',
    'partner.not_active',
    'mdf.budget_exceeded',
    // Only a decision of the last moment of a period can meet it; the next one stands in the period after.
    'statement.closed',
    'approval.amount_out_of_range',
    'approval.amount_differs',
    'money.currency_mismatch',
    'partner.score_missing',
    'program.unknown_criterion',
  ],
  needsVersion: true,
});
