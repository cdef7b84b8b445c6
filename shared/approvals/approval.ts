import * as z from 'zod';
import type { Awaited } from '#shared/core/awaited.ts';
import { addBusinessDays } from '#shared/core/business-days.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { compareMoney, Money } from '#shared/core/money.ts';
import { Instant } from '#shared/core/time.ts';
import type { ApprovalKind as Kind } from '#shared/program/approval-rules.ts';
import type { Program } from '#shared/program/program.ts';

const kinds = [
  'partner_application',
  'deal_registration',
  'deal_close',
  'deal_contest',
  'attribution',
  'mdf_request',
  'mdf_claim',
  'earning',
  'payout_run',
] as const satisfies readonly Kind[];

/** Every kind has its rule in the program file. */
export const ApprovalKind = z.enum(kinds);
export type ApprovalKind = z.infer<typeof ApprovalKind>;

export const ApprovalStatus = z.enum(['open', 'approved', 'rejected', 'returned', 'cancelled']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

export const approvalLifecycle: Lifecycle<ApprovalStatus> = {
  open: ['approved', 'rejected', 'returned', 'cancelled'],
  approved: [],
  rejected: [],
  returned: [],
  cancelled: [],
};

/** What a machine found before a person looks: only `pass` asks for no look. */
export const Check = z.strictObject({
  check: z.string(),
  outcome: z.enum(['pass', 'warn', 'fail']),
  detail: z.string(),
});
export type Check = z.infer<typeof Check>;

export const Outcome = z.enum(['approve', 'reject', 'return']);
export type Outcome = z.infer<typeof Outcome>;

export const Decision = z.strictObject({
  by: z.string(),
  at: Instant,
  outcome: Outcome,
  reason: z.string().optional(),
  approvedAmount: Money.optional(),
});
export type Decision = z.infer<typeof Decision>;

const Role = z.enum(['partner_manager', 'finance', 'admin']);

const Step = z.strictObject({
  role: Role,
  /** How many different people must approve. */
  needed: z.int().positive(),
  decisions: z.array(Decision),
});

/** What decisions can be about; each has its rows in subject-store.ts, effect-store.ts and workflows/approvals/question.ts. */
export const subjectTypes = ['partner', 'deal', 'mdf_request', 'mdf_claim', 'earning', 'payout_run'] as const;
export type SubjectType = (typeof subjectTypes)[number];

/** Decisions of these kinds say how much of the amount is approved. */
const kindsOfAmounts: readonly ApprovalKind[] = ['mdf_request', 'mdf_claim', 'earning'];

export const Approval = z.object({
  ...Tracked.shape,
  status: ApprovalStatus,
  kind: ApprovalKind,
  subject: z.strictObject({ type: z.enum(subjectTypes), id: z.string() }),
  /** Absent where it is about many. */
  partnerId: z.string().optional(),
  /** What is asked for, where deciding means saying how much of it is approved. */
  amount: Money.optional(),
  steps: z.array(Step).min(1),
  /** Of the open step; after the last one, that of the last. */
  requiredRole: Role,
  checks: z.array(Check),
  submittedBy: z.string(),
  /** Who asked for it, or decided on it, before it was disputed, and so does not answer. */
  barred: z.array(z.string()).optional(),
  remindAt: Instant,
  deadlineAt: Instant,
  /** When lateness decides by itself; absent when it does not. */
  lateAt: Instant.optional(),
  escalateTo: Role,
  /** The partner's tier comes first among what is due on the same day. */
  first: z.literal(true).optional(),
  remindedAt: Instant.optional(),
  escalatedAt: Instant.optional(),
  due: z.object({ what: z.enum(['remind', 'escalate', 'decide-late']), at: Instant }).optional(),
});
export type Approval = z.infer<typeof Approval>;

/** Reasons may speak of persons. */
export const personalApprovalFields: readonly string[] = ['steps'];

/** What an approval is about. */
export interface Question {
  readonly kind: ApprovalKind;
  readonly subject: Approval['subject'];
  readonly partnerId: string | undefined;
  readonly awaits: Awaited;
  readonly checks: readonly Check[];
  /** Whether the partner's tier comes first in the review queue. */
  readonly first?: boolean;
  /** The amount that limits are measured on. */
  readonly amount?: Money | undefined;
  /** Instead of what the program says of its kind. */
  readonly dueAfterBusinessDays?: number | undefined;
  /** Who asked for it, or decided on it, before. */
  readonly barred?: readonly string[] | undefined;
}

const stepsFor = (question: Question, program: Program): Approval['steps'] => {
  const above = (limit: Money | undefined): boolean =>
    limit !== undefined && question.amount !== undefined && compareMoney(question.amount, limit) > 0;
  return program.approvals[question.kind].steps
    .filter((step) => step.onlyAbove === undefined || above(step.onlyAbove))
    .map((step) => ({
      role: step.role,
      needed: step.moreAbove && above(step.moreAbove.amount) ? step.moreAbove.decisions : step.decisions,
      decisions: [],
    }));
};

/** Lateness decides only about registrations that every machine check found clean, and only where the program says so. */
const lateAtOf = (question: Question, program: Program): string | undefined => {
  const { enabled, afterBusinessDays } = program.deals.lateApproval;
  const clean = question.checks.every((check) => check.outcome === 'pass');
  if (question.kind !== 'deal_registration' || !enabled || !clean) return undefined;
  return addBusinessDays(question.awaits.since, afterBusinessDays, program);
};

/** An open approval. All its times count from the submission, in business days of the program. */
export const openApproval = (question: Question, program: Program): Approval => {
  const rule = program.approvals[question.kind];
  const { since, by, approvalId } = question.awaits;
  const steps = stepsFor(question, program);
  const [first] = steps;
  if (!first) throw new Error(`The program names nobody who decides about ${question.kind}.`);
  const remindAt = addBusinessDays(since, rule.remindAfterBusinessDays, program);
  const lateAt = lateAtOf(question, program);
  return {
    id: approvalId,
    status: 'open',
    version: 0,
    head: '',
    createdAt: since,
    updatedAt: since,
    kind: question.kind,
    subject: question.subject,
    ...(question.partnerId ? { partnerId: question.partnerId } : {}),
    ...(question.amount && kindsOfAmounts.includes(question.kind) ? { amount: question.amount } : {}),
    steps,
    requiredRole: first.role,
    checks: [...question.checks],
    submittedBy: by,
    ...(question.barred ? { barred: [...question.barred] } : {}),
    remindAt,
    deadlineAt: addBusinessDays(since, question.dueAfterBusinessDays ?? rule.dueAfterBusinessDays, program),
    ...(lateAt ? { lateAt } : {}),
    escalateTo: rule.escalateTo,
    ...(question.first ? { first: true } : {}),
    due: { what: 'remind', at: remindAt },
  };
};
