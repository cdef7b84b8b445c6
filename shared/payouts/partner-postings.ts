import type { Instant } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import type { Payout } from './payout.ts';

/** Why money of a partner moved. */
export const postingReasons = [
  'earned',
  'taken_back',
  'reversed',
  'disputed',
  'dispute_ended',
  'paid',
  'returned',
] as const;
export type PostingReason = (typeof postingReasons)[number];

/** What an earning or a payout did to what a partner has on hold, or may be paid; minor units, above zero is the partner's. */
export interface Posting {
  readonly account: 'on-hold' | 'payable';
  readonly at: Instant;
  readonly amountMinor: number;
  readonly reason: PostingReason;
}

type Said = Omit<Posting, 'account'>;

/** As long as it is on hold, and payable from the hold's end on. */
const owed = (posted: Said, holdUntil: Instant): readonly Posting[] => {
  if (holdUntil <= posted.at) return [{ ...posted, account: 'payable' }];
  const later = { ...posted, at: holdUntil };
  return [
    { ...posted, account: 'on-hold' },
    { ...later, account: 'on-hold', amountMinor: -posted.amountMinor },
    { ...later, account: 'payable' },
  ];
};

const between = (from: Posting['account'], to: Posting['account'], moved: Said): readonly Posting[] => [
  { ...moved, account: from, amountMinor: -moved.amountMinor },
  { ...moved, account: to },
];

/** A line in dispute is on hold, and payable again when that has ended. */
const inDispute = ({ amount: { amountMinor }, disputed, holdUntil }: Earning): readonly Posting[] => {
  if (!disputed?.heldUntil) return [];
  const at = disputed.heldUntil > disputed.at ? disputed.heldUntil : disputed.at;
  const held = between('payable', 'on-hold', { at, amountMinor, reason: 'disputed' });
  if (holdUntil === undefined) return held;
  return [...held, ...between('on-hold', 'payable', { at: holdUntil, amountMinor, reason: 'dispute_ended' })];
};

/**
 * What an earning did to a partner's money, by what it says itself. It does not look at the journals on purpose: a statement made of
 * these is held against them.
 */
export const postingsOfEarning = (earning: Earning): readonly Posting[] => {
  const { amount, status, holdUntil, accruedAt = earning.createdAt, updatedAt, disputed } = earning;
  const { amountMinor } = amount;
  const firstHeld = disputed?.heldUntil ?? holdUntil;
  if (firstHeld === undefined || status === 'pending') return [];
  const reason = amountMinor < 0 ? 'taken_back' : 'earned';
  const accrued = [...owed({ at: accruedAt, amountMinor, reason }, firstHeld), ...inDispute(earning)];
  if (status !== 'reversed') return accrued;
  const taken: Said = { at: updatedAt, amountMinor: -amountMinor, reason: 'reversed' };
  return [
    ...accrued,
    ...(holdUntil === undefined ? [{ ...taken, account: 'on-hold' as const }] : owed(taken, holdUntil)),
  ];
};

/** Money leaves the partner's account when it is sent, and is back when that failed. */
export const postingsOfPayout = ({ amount, sentAt, status, endedAt }: Payout): readonly Posting[] => {
  if (!amount || !sentAt) return [];
  const { amountMinor } = amount;
  const sent: Posting = { account: 'payable', at: sentAt, amountMinor: -amountMinor, reason: 'paid' };
  if (status !== 'failed' || !endedAt) return [sent];
  return [sent, { account: 'payable', at: endedAt, amountMinor, reason: 'returned' }];
};
