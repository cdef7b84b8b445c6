import { daysBetween } from '#shared/core/time.ts';
import type { Payment, Refund } from '#shared/deals/deal.ts';

/** What one refund takes of one payment, in minor units. */
export interface Taking {
  readonly refund: Refund;
  /** Counts the refunds of the deal from 1. */
  readonly number: number;
  readonly amountMinor: number;
  /** Whether it came so soon after the payment that earnings are taken back. */
  readonly takesBack: boolean;
}

export interface Tranche {
  readonly payment: Payment;
  readonly takings: readonly Taking[];
}

/** What the customer paid and got back, payment by payment, and what it will not pay any more. */
export interface Paid {
  readonly tranches: readonly Tranche[];
  /** Minor units of the value that will never be paid, and since when. */
  readonly cancelledMinor: number;
  readonly cancelledAt: string | undefined;
  /** Minor units of the value that are still to be paid. */
  readonly openMinor: number;
}

const leftOf = ({ payment, takings }: Tranche): number =>
  takings.reduce((left, { amountMinor }) => left - amountMinor, payment.amountMinor);

export interface Terms {
  readonly valueMinor: number;
  readonly clawbackDays: number;
}

const openOf = ({ tranches, cancelledMinor }: Pick<Paid, 'tranches' | 'cancelledMinor'>, valueMinor: number): number =>
  Math.max(
    0,
    tranches.reduce((open, { payment }) => open - payment.amountMinor, valueMinor - cancelledMinor),
  );

/** One more refund: it goes against the payments made by then, the last one first, and what is left of it against what is open. */
const take = (paid: Paid, refund: Refund, about: Terms & { readonly number: number }): Paid => {
  let rest = refund.amountMinor;
  const tranches = [...paid.tranches];
  const before = { ...paid, tranches: tranches.slice(0, refund.afterPayments) };
  for (let index = Math.min(refund.afterPayments, tranches.length) - 1; index >= 0; index -= 1) {
    const tranche = tranches[index];
    if (!tranche) continue;
    const takesBack = daysBetween(tranche.payment.paidOn, refund.occurredOn) <= about.clawbackDays;
    // Who leaves takes back everything that is still within the window, whether or not it gets its money back.
    const amountMinor = refund.kind === 'churn' ? (takesBack ? leftOf(tranche) : 0) : Math.min(rest, leftOf(tranche));
    if (amountMinor === 0) continue;
    rest -= amountMinor;
    const taking = { refund, number: about.number, amountMinor, takesBack };
    tranches[index] = { ...tranche, takings: [...tranche.takings, taking] };
  }
  const open = openOf(before, about.valueMinor);
  const cancelled = refund.kind === 'churn' ? open : Math.min(open, Math.max(0, rest));
  return {
    tranches,
    cancelledMinor: paid.cancelledMinor + cancelled,
    cancelledAt: cancelled > 0 ? refund.at : paid.cancelledAt,
    openMinor: 0,
  };
};

/** What became of a deal's value. Pure: the same payments and refunds give the same, whenever it is asked. */
export const paidOf = (payments: readonly Payment[], refunds: readonly Refund[], terms: Terms): Paid => {
  const start: Paid = {
    tranches: payments.map((payment) => ({ payment, takings: [] })),
    cancelledMinor: 0,
    cancelledAt: undefined,
    openMinor: 0,
  };
  const paid = refunds.reduce<Paid>(
    (state, refund, index) => take(state, refund, { ...terms, number: index + 1 }),
    start,
  );
  return { ...paid, openMinor: openOf(paid, terms.valueMinor) };
};

/** Minor units that can be given back: what was paid and not returned yet, and what is still open. */
export const refundable = ({ tranches, openMinor }: Paid): number =>
  tranches.reduce((sum, tranche) => sum + leftOf(tranche), openMinor);
