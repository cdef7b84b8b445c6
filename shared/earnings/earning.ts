import * as z from 'zod';
import { Awaited } from '#shared/core/awaited.ts';
import { written } from '#shared/core/contacts.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { lastDayOf, quarterOf } from '#shared/core/quarters.ts';
import { addDays, dayOf, Instant } from '#shared/core/time.ts';
import { Rep } from '#shared/deals/deal.ts';
import { earningKinds, usageDirections } from '#shared/program/named-kinds.ts';
import type { Program } from '#shared/program/program.ts';
import { ForFraud } from './for-fraud.ts';

export const earningStatuses = ['pending', 'on_hold', 'reversed', 'paid', 'submitted', 'rejected'] as const;
export const EarningStatus = z.enum(earningStatuses);
export type EarningStatus = z.infer<typeof EarningStatus>;

/** API.md *Lifecycles*, and a manual bonus before somebody else has approved it (`submitted`). */
export const earningLifecycle: Lifecycle<EarningStatus> = {
  pending: ['on_hold', 'reversed'],
  on_hold: ['reversed', 'paid'],
  reversed: [],
  paid: [],
  submitted: ['on_hold', 'rejected'],
  rejected: [],
};

export const EarningKind = z.enum([...earningKinds, 'clawback']);
export type EarningKind = z.infer<typeof EarningKind>;

/** The figures that an amount was computed from; amounts in minor units of the earning's currency. */
export const Inputs = z.record(z.string(), z.union([z.string(), z.number()]));
export type Inputs = z.infer<typeof Inputs>;

/** Why it is owed: which rule of which version of the program, and the figures; the formula in words is made from them. */
export const Explanation = z.strictObject({
  rule: z.string(),
  programVersion: z.int().positive(),
  inputs: Inputs,
});
export type Explanation = z.infer<typeof Explanation>;

/** The partner says that it is wrong. */
const Disputed = z.strictObject({
  at: Instant,
  /** What it holds right. */
  expected: SignedMoney.optional(),
  /** When its hold ends, or had ended, of a line that left its open statement. */
  heldUntil: Instant.optional(),
  endedAt: Instant.optional(),
});

/** An amount owed to a partner; below zero where something is taken back. */
export const Earning = z.object({
  ...Tracked.shape,
  status: EarningStatus,
  kind: EarningKind,
  partnerId: z.string(),
  dealId: z.string().optional(),
  claimId: z.string().optional(),
  amount: SignedMoney,
  /** The partner's person in whose name it is; paid to the partner unless `payTo` says otherwise. */
  rep: Rep.optional(),
  payTo: z.literal('rep').optional(),
  /** How it reaches the rep; absent: as money. */
  form: z.literal('gift-card').optional(),
  /** When it began to be owed, where that was not when it was made. */
  accruedAt: Instant.optional(),
  /** From then on payable, whether or not anybody sweeps. */
  holdUntil: Instant.optional(),
  holdReason: z.string().optional(),
  /** The period in which its hold ends, on whose statement it stands: `2026-10`, or the day of what is payable between runs. */
  statement: z.string().optional(),
  /** The fiscal quarter or year that it was reckoned on: `2026-Q3`, `2026`. */
  period: z.string().optional(),
  /** The earning that this one takes back from, and its kind, whose expense it lowers. */
  reverses: z.string().optional(),
  reversesKind: EarningKind.optional(),
  forFraud: ForFraud,
  /** Of a share of usage: who owes it to whom. */
  direction: z.enum(usageDirections).optional(),
  /** Why it was reversed, or asked for. */
  reason: written(1000).optional(),
  /** Why somebody else did not approve it. */
  rejectedBecause: written(2000).optional(),
  /** Of a manual bonus: how many decisions were asked for, and the one it waits for. */
  approvals: z.int().nonnegative().optional(),
  awaits: Awaited.optional(),
  needsAttention: z.string().optional(),
  /** Who approved it, and so does not answer when it is disputed. */
  decidedBy: z.array(z.string()).optional(),
  disputed: Disputed.optional(),
  disputeReason: written(1000).optional(),
  disputeAnswer: written(2000).optional(),
  explanation: Explanation,
});
export type Earning = z.infer<typeof Earning>;

/** These hold words by or about persons; events name them only. */
export const personalEarningFields: readonly string[] = [
  'rep',
  'reason',
  'rejectedBecause',
  'disputeReason',
  'disputeAnswer',
];

/** A bonus that staff ask for is staff's own affair until it is approved. */
export const isShownToPartner = ({ status }: Pick<Earning, 'status'>): boolean =>
  status !== 'submitted' && status !== 'rejected';

/** As callers see it: what is on hold is payable by time. */
export const shownStatuses = [...earningStatuses, 'payable'] as const;
export type ShownStatus = (typeof shownStatuses)[number];

export const statusAt = ({ status, holdUntil }: Pick<Earning, 'status' | 'holdUntil'>, now: string): ShownStatus =>
  status === 'on_hold' && holdUntil !== undefined && holdUntil <= now ? 'payable' : status;

/** How long earnings of a kind wait, by the program; what is taken back does not wait. */
export const holdDaysOf = (kind: EarningKind, { payouts }: Pick<Program, 'payouts'>): number =>
  kind === 'clawback' ? 0 : (payouts.holdDaysOf?.[kind] ?? payouts.holdDays);

/**
 * The statement of what becomes payable at an instant: that of the month, where the program pays by quarter that of the quarter's last
 * month, and that of the very day for a SPIFF without a hold, which is payable between runs.
 */
export const statementAt = (
  kind: EarningKind,
  payableAt: Instant,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): string => {
  const day = dayOf(payableAt, program.timeZone);
  if (kind === 'spiff' && holdDaysOf(kind, program) === 0) return day;
  const { fiscalYearStart } = program;
  const last = program.payouts.every === 'month' ? day : lastDayOf(quarterOf(day, fiscalYearStart), fiscalYearStart);
  return last.slice(0, 'YYYY-MM'.length);
};

/** What accrues with an earning at this instant: the end of its hold, and the statement it stands on. */
export const holdFrom = (
  kind: EarningKind,
  at: Instant,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): { readonly holdUntil: Instant; readonly statement: string } => {
  const holdUntil = addDays(at, holdDaysOf(kind, program));
  return { holdUntil, statement: statementAt(kind, holdUntil, program) };
};

/** What a new earning is made of; the rest of it is bookkeeping. */
export type NewEarning = Omit<Earning, 'version' | 'head' | 'updatedAt' | 'doneKeys'>;

export const newEarning = (fields: NewEarning): Earning => ({
  ...fields,
  version: 0,
  head: '',
  updatedAt: fields.createdAt,
});
