import { daysBetween, type Instant } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { isDisputed } from '#shared/earnings/line-dispute.ts';
import type { CarryReason, PayoutStatus, Statement } from './payout.ts';
import { netOf, partsOf } from './payout.ts';

/** For how many days something has been on hold, at most; the last bucket has no end. */
export const agingBuckets = [30, 60, 90, Number.POSITIVE_INFINITY] as const;
export const agingNames = ['0-30', '31-60', '61-90', 'older'] as const;

interface Sum {
  count: number;
  amountMinor: number;
}
const none = (): Sum => ({ count: 0, amountMinor: 0 });
const addTo = (sum: Sum, amountMinor: number): void => {
  sum.count += 1;
  sum.amountMinor += amountMinor;
};

/** What somebody should look at: a statement that was not simply paid. */
export interface StatementException {
  readonly partnerId: string;
  readonly period: string;
  readonly status: PayoutStatus;
  readonly amountMinor: number;
  readonly reasons: readonly CarryReason[];
  /** What does not fit together about its payout. */
  readonly needsAttention?: string;
}

/** Too little to be paid is what the program wants, and nothing due is nothing to look at. */
const ordinary: ReadonlySet<CarryReason> = new Set(['below_minimum', 'nothing_due', 'merged']);

const dayLength = 'YYYY-MM-DD'.length;
const dayIn = (at: Instant): string => at.slice(0, dayLength);

/** Adds up what partners have on hold, and what became of the statements of a period; amounts in minor units. */
export const openOverview = (now: Instant) => {
  const aging = agingNames.map((name) => ({ name, ...none() }));
  const disputes = none();
  const statuses = new Map<PayoutStatus, Sum>();
  const exceptions: StatementException[] = [];

  const takeEarning = (earning: Earning): void => {
    const { status, holdUntil, amount, disputed, accruedAt = earning.createdAt } = earning;
    if (status !== 'on_hold' || (holdUntil !== undefined && holdUntil <= now)) return;
    if (isDisputed(earning)) addTo(disputes, amount.amountMinor);
    // What was payable before it was disputed is held since then.
    const payableBefore = disputed?.heldUntil !== undefined && disputed.heldUntil <= disputed.at;
    const since = payableBefore ? disputed.at : accruedAt;
    const days = daysBetween(dayIn(since), dayIn(now));
    const bucket = aging[agingBuckets.findIndex((most) => days <= most)];
    if (bucket) addTo(bucket, amount.amountMinor);
  };

  const takeStatement = ({ payout, balances }: Statement): void => {
    const { partnerId, period, status, carriedOut = [], needsAttention } = payout;
    const amountMinor = netOf(partsOf(balances));
    const sum = statuses.get(status) ?? none();
    statuses.set(status, sum);
    addTo(sum, amountMinor);
    const reasons = carriedOut.flatMap((carried) => carried.reasons).filter((reason) => !ordinary.has(reason));
    const isEnded = reasons.length === 0 && status !== 'failed' && status !== 'unknown';
    if (isEnded && needsAttention === undefined) return;
    const about = { partnerId, period, status, amountMinor, reasons };
    exceptions.push({ ...about, ...(needsAttention ? { needsAttention } : {}) });
  };

  return { takeEarning, takeStatement, aging, disputes, statuses, exceptions };
};
