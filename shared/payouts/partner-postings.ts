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

/**
 * What an earning did to a partner's money, by what it says itself. It does not look at the journals on purpose: a statement made of
 * these is held against them.
 */
export const postingsOfEarning = (earning: Earning): readonly Posting[] => {
  const { amount, status, holdUntil, accruedAt = earning.createdAt, updatedAt } = earning;
  const { amountMinor } = amount;
  if (holdUntil === undefined || status === 'pending') return [];
  const reason = amountMinor < 0 ? 'taken_back' : 'earned';
  const accrued = owed({ at: accruedAt, amountMinor, reason }, holdUntil);
  if (status !== 'reversed') return accrued;
  return [...accrued, ...owed({ at: updatedAt, amountMinor: -amountMinor, reason: 'reversed' }, holdUntil)];
};

/** Money leaves the partner's account when it is sent, and is back when that failed. */
export const postingsOfPayout = ({ amount, sentAt, status, endedAt }: Payout): readonly Posting[] => {
  if (!amount || !sentAt) return [];
  const { amountMinor } = amount;
  const sent: Posting = { account: 'payable', at: sentAt, amountMinor: -amountMinor, reason: 'paid' };
  if (status !== 'failed' || !endedAt) return [sent];
  return [sent, { account: 'payable', at: endedAt, amountMinor, reason: 'returned' }];
};
