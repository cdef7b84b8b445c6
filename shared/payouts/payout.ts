import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { CurrencyCode, Money } from '#shared/core/money.ts';
import { Instant } from '#shared/core/time.ts';

/** `carried`: nothing was paid, all of it went to the next statement. */
export const payoutStatuses = ['open', 'pending', 'sent', 'paid', 'failed', 'unknown', 'carried'] as const;
export const PayoutStatus = z.enum(payoutStatuses);
export type PayoutStatus = z.infer<typeof PayoutStatus>;

/**
 * API.md *Lifecycles*, from the open statement on. A rejected run opens it again; what cannot be sent fails before it is; a bank may
 * send back what it has paid.
 */
export const payoutLifecycle: Lifecycle<PayoutStatus> = {
  open: ['pending', 'carried'],
  pending: ['open', 'sent', 'failed', 'unknown'],
  sent: ['paid', 'failed', 'unknown'],
  unknown: ['paid', 'failed'],
  paid: ['failed'],
  failed: [],
  carried: [],
};

/** What an amount is made of, in minor units, none below zero: the difference is what is due. */
export const Parts = z.strictObject({
  earned: z.int().nonnegative(),
  takenBack: z.int().nonnegative(),
  takenBackForFraud: z.int().nonnegative(),
});
export type Parts = z.infer<typeof Parts>;

export const nothing: Parts = { earned: 0, takenBack: 0, takenBackForFraud: 0 };

/** May be below zero. */
export const netOf = ({ earned, takenBack, takenBackForFraud }: Parts): number =>
  earned - takenBack - takenBackForFraud;

export const isNothing = ({ earned, takenBack, takenBackForFraud }: Parts): boolean =>
  earned === 0 && takenBack === 0 && takenBackForFraud === 0;

/** Why something is not paid now. */
export const carryReasons = [
  'below_minimum',
  'payee_missing',
  'payee_changed',
  'tax_form_missing',
  'negative_balance',
  'clawbacks_limited',
  'nothing_due',
  'merged',
  'failed',
] as const;
export const CarryReason = z.enum(carryReasons);
export type CarryReason = z.infer<typeof CarryReason>;

/** What accrues on a statement while it is open, in minor units. Every earning moves it, so no event tells of it until it is frozen. */
export const Balances = z.object({
  /** Sum of its earnings. */
  amountDue: z.int().default(0),
  ...Parts.extend({
    earned: z.int().nonnegative().default(0),
    takenBack: z.int().nonnegative().default(0),
    takenBackForFraud: z.int().nonnegative().default(0),
  }).shape,
  /** How many earnings stand on it. */
  earnings: z.int().default(0),
  /** From earlier statements; below zero when more was taken back there than could be. */
  broughtForward: z.int().default(0),
  /** What of it is taken back. */
  broughtTakenBack: z.int().nonnegative().default(0),
  broughtForFraud: z.int().nonnegative().default(0),
});
export type Balances = z.infer<typeof Balances>;

/** Its own earnings and what was brought forward. */
export const partsOf = (balances: Balances): Parts => ({
  earned: balances.earned + balances.broughtForward + balances.broughtTakenBack + balances.broughtForFraud,
  takenBack: balances.takenBack + balances.broughtTakenBack,
  takenBackForFraud: balances.takenBackForFraud + balances.broughtForFraud,
});

/** What went to another statement; without `to` there was nothing left. */
const Carried = z.strictObject({ ...Parts.shape, to: z.string().optional(), reasons: z.array(CarryReason) });
export type Carried = z.infer<typeof Carried>;

const Proposal = z.strictObject({
  outcome: z.enum(['paid', 'failed']),
  reference: z.string().optional(),
  reason: z.string(),
  by: z.string(),
  at: Instant,
});
export type Proposal = z.infer<typeof Proposal>;

/**
 * A partner's statement of one month, or of one day for what is paid between runs, and at the same time the payout of what it comes to.
 * It has a history from the moment it is frozen or carried.
 */
export const Payout = z.object({
  ...Tracked.shape,
  status: PayoutStatus,
  partnerId: z.string(),
  currency: CurrencyCode,
  /** `2026-10`, or `2026-10-14`. */
  period: z.string(),
  /** The run that froze or carried it. */
  runId: z.string().optional(),
  amount: Money.optional(),
  /** The payee's details as they were when it was frozen. */
  payeeVersion: z.int().positive().optional(),
  provider: z.string().optional(),
  /** What had accrued when it was frozen or carried. */
  figures: Balances.optional(),
  /** What cannot be taken back from this payout and goes to the next statement once it is sent. */
  rest: Parts.optional(),
  /** What went to later statements: to which, and why. */
  carriedOut: z.array(Carried).optional(),
  /** The provider's or the bank's. */
  reference: z.string().optional(),
  sentAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** Why it failed, in words. */
  reason: z.string().optional(),
  /** Why somebody of finance has to look at it: what is known of it does not fit together. */
  needsAttention: z.string().optional(),
  /** What one person says became of it, until a second one confirms it. */
  proposal: Proposal.optional(),
});
export type Payout = z.infer<typeof Payout>;

/** A payout with what accrues on it. */
export interface Statement {
  readonly payout: Payout;
  readonly balances: Balances;
  /** The earliest period that anything on it was carried from because it was too little. */
  readonly since?: string | undefined;
}
