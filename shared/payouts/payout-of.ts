import { addMonths } from '#shared/core/time.ts';
import { type CarryReason, isNothing, netOf, nothing, type Parts, partsOf, type Statement } from './payout.ts';

/** What a run knows of a partner when it decides what to pay. */
export interface PayoutTerms {
  /** Less is carried over; minor units. */
  readonly minimumMinor: number;
  /** From when on the payee's details may be used; undefined where there are none. */
  readonly payableFrom: string | undefined;
  /** Whether a tax form is missing for a payout of so much. */
  readonly lacksTaxForm: (payMinor: number) => boolean;
  readonly now: string;
}

/** What is paid now, what goes to the next statement, and why; together they are all that is due. */
export interface Verdict {
  readonly payMinor: number;
  readonly carry: Parts;
  readonly reasons: readonly CarryReason[];
}

const mostMonthsCarried = 12;
const firstOf = (period: string): string => `${period.slice(0, 'YYYY-MM'.length)}-01`;

/** What was too little for so long is paid all the same. */
const isForced = (since: string | undefined, period: string): boolean =>
  since !== undefined && addMonths(firstOf(since), mostMonthsCarried) <= firstOf(period);

const holdingBack = (payMinor: number, { payableFrom, lacksTaxForm, now }: PayoutTerms): readonly CarryReason[] => {
  if (payableFrom === undefined) return ['payee_missing'];
  const changed: readonly CarryReason[] = payableFrom > now ? ['payee_changed'] : [];
  return lacksTaxForm(payMinor) ? [...changed, 'tax_form_missing'] : changed;
};

/**
 * What a run pays of a statement. What was taken back for fraud comes off in full, everything else that was taken back as far as half
 * of what is then left; it never goes below zero. What is less than the minimum is carried for a year at most; what has no payee that
 * can be paid is carried as long as that lasts.
 */
export const payoutOf = ({ payout, balances, since }: Statement, terms: PayoutTerms): Verdict => {
  const parts = partsOf(balances);
  if (isNothing(parts)) return { payMinor: 0, carry: nothing, reasons: ['nothing_due'] };
  const left = parts.earned - parts.takenBackForFraud;
  const taken = Math.min(parts.takenBack, Math.floor(Math.max(left, 0) / 2));
  const payMinor = left - taken;
  if (payMinor <= 0) {
    const carry = { ...nothing, takenBack: parts.takenBack, takenBackForFraud: -left };
    return { payMinor: 0, carry, reasons: [netOf(carry) === 0 ? 'nothing_due' : 'negative_balance'] };
  }
  const isTooLittle = payMinor < terms.minimumMinor && !isForced(since, payout.period);
  const reasons: readonly CarryReason[] = isTooLittle ? ['below_minimum'] : holdingBack(payMinor, terms);
  if (reasons.length > 0) return { payMinor: 0, carry: parts, reasons };
  const carry = { ...nothing, takenBack: parts.takenBack - taken };
  return { payMinor, carry, reasons: isNothing(carry) ? [] : ['clawbacks_limited'] };
};
