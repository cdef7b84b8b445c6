import type { Role } from '#shared/core/caller.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { moneyKinds } from '#shared/program/approval-rules.ts';
import { type Approval, type ApprovalStatus, approvalLifecycle, type Decision, type Outcome } from './approval.ts';
import { withAmount } from './approved-amount.ts';

const statusOf: Readonly<Record<Outcome, ApprovalStatus>> = {
  approve: 'approved',
  reject: 'rejected',
  return: 'returned',
};

/** Everybody who has had a say, in order. */
export const decisionsOf = (approval: Approval): readonly Decision[] =>
  approval.steps.flatMap((step) => step.decisions);

/** An approval as it was at an earlier version of it, whose decisions, being personal, are those of today: without the later ones. */
export const asOf = (approval: Approval): Approval => ({
  ...approval,
  steps: approval.steps.map((step) => ({
    ...step,
    decisions: step.decisions.filter((decision) => decision.at <= approval.updatedAt),
  })),
});

/** The step that is open; the last one once everything is decided. */
const openStep = (approval: Approval): number => {
  const open = approval.steps.findIndex((step) => step.decisions.length < step.needed);
  return open < 0 ? approval.steps.length - 1 : open;
};

/** Decisions still needed in the open step. */
export const requiredDecisions = (approval: Approval): number => {
  const step = approval.steps[openStep(approval)];
  return approval.status === 'open' && step ? step.needed - step.decisions.length : 0;
};

/** The role of the open step decides, and once it is escalated the role it was escalated to; never an admin about money. */
export const mayDecide = (approval: Approval, role: Role): boolean =>
  role === approval.requiredRole ||
  (approval.escalatedAt !== undefined &&
    role === approval.escalateTo &&
    !(role === 'admin' && moneyKinds.includes(approval.kind)));

/** Who decides: a person of our own, with a role. */
export interface Decider {
  readonly id: string;
  readonly role: Role;
}

/** `auth.forbidden`, `approval.own_submission` or `approval.already_decided_by_you`; nothing when this person may decide. */
export const whyNot = (approval: Approval, by: Decider): DomainError | undefined => {
  const refuse = (code: string, message: string) => new DomainError('forbidden', code, message);
  if (approval.submittedBy === by.id) {
    return refuse('approval.own_submission', 'Nobody decides on what they submitted themselves.');
  }
  if (decisionsOf(approval).some((decision) => decision.by === by.id)) {
    return refuse('approval.already_decided_by_you', 'You have decided; the next decision is somebody else’s.');
  }
  if (approval.barred?.includes(by.id)) {
    return refuse(
      'approval.already_decided_by_you',
      'You asked for it or decided on it before; a dispute is answered by somebody else.',
    );
  }
  if (approval.status === 'open' && !mayDecide(approval, by.role)) {
    return refuse('auth.forbidden', `This is decided by ${approval.requiredRole}.`);
  }
  return undefined;
};

const closed = (approval: Approval): DomainError =>
  new DomainError('conflict', 'approval.closed', `It is ${approval.status} already.`, {
    facts: { status: approval.status },
  });

/**
 * The approval after one more decision. It stays open until the last person of the last step has approved; a rejection or a return
 * ends it at once and needs a reason. Throws `approval.closed`, `approval.reason_missing` and what `withAmount` does.
 */
export const decideApproval = (approval: Approval, decision: Decision): Approval => {
  if (approval.status !== 'open') throw closed(approval);
  if (decision.outcome !== 'approve' && decision.reason === undefined) {
    throw new DomainError('rule', 'approval.reason_missing', 'Say why, in words that the partner can use.', {
      errors: [{ pointer: '#/reason', code: 'approval.reason_missing', detail: 'must say why' }],
    });
  }
  const at = openStep(approval);
  const made = withAmount(approval, decision);
  const steps = approval.steps.map((step, index) =>
    index === at ? { ...step, decisions: [...step.decisions, made] } : step,
  );
  const decided = { ...approval, steps };
  const next = steps[openStep(decided)];
  const complete = steps.every((step) => step.decisions.length >= step.needed);
  if (decision.outcome === 'approve' && !complete)
    return { ...decided, requiredRole: next?.role ?? approval.requiredRole };
  const { due: _due, ...rest } = decided;
  return { ...rest, status: moveTo(approvalLifecycle, approval.status, statusOf[decision.outcome]) };
};

/** The subject needs no decision any more, because it was withdrawn. */
export const cancelApproval = (approval: Approval): Approval => {
  const { due: _due, ...rest } = approval;
  return { ...rest, status: moveTo(approvalLifecycle, approval.status, 'cancelled') };
};

/** What lateness does next: remind, escalate, and where the program says so decide. */
export const remindApproval = (approval: Approval, now: string): Approval => ({
  ...approval,
  remindedAt: now,
  due: { what: 'escalate', at: approval.deadlineAt },
});

export const escalateApproval = (approval: Approval, now: string): Approval => {
  const { due: _due, ...rest } = approval;
  const late = approval.lateAt ? { due: { what: 'decide-late' as const, at: approval.lateAt } } : {};
  return { ...rest, escalatedAt: now, ...late };
};

/** Lateness decides nothing about it any more: it stays open for a person. */
export const holdApproval = (approval: Approval): Approval => {
  const { due: _due, lateAt: _lateAt, ...rest } = approval;
  return rest;
};

/** Nobody decided in time, and every machine check was clean: the system approves. */
export const approveLate = (approval: Approval, now: string): Approval => {
  const { due: _due, ...rest } = approval;
  const decision: Decision = {
    by: 'system',
    at: now,
    outcome: 'approve',
    reason: 'Nobody decided in time, and every check was clean.',
  };
  const steps = approval.steps.map((step) =>
    step.decisions.length < step.needed ? { ...step, decisions: [...step.decisions, decision] } : step,
  );
  return { ...rest, steps, status: moveTo(approvalLifecycle, approval.status, 'approved') };
};
