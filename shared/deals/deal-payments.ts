import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { formatMoney, type Money } from '#shared/core/money.ts';
import { addDays, dayOf, daysBetween } from '#shared/core/time.ts';
import { paidOf, refundable } from '#shared/earnings/tranches.ts';
import type { Program } from '#shared/program/program.ts';
import type { Deal, Refund } from './deal.ts';
import { refuseBroken } from './registration-faults.ts';

/** More invoices than ten years of months; each payment rewrites the deal. */
const mostPayments = 120;
const mostRefunds = 40;

/** When it is told, and by which rules: those that the deal was registered under. */
export interface Telling {
  readonly now: string;
  readonly program: Pick<Program, 'incentives' | 'timeZone'>;
}

export const mustBeWon = (deal: Deal): void => {
  if (deal.status === 'won') return;
  throw new DomainError(
    'conflict',
    'state.transition_not_allowed',
    `This is for won deals; this one is ${deal.status}.`,
    {
      facts: { status: deal.status },
    },
  );
};

export const mustNotHaveLeft = (deal: Deal): void => {
  if (!deal.refunds?.some(({ kind }) => kind === 'churn')) return;
  throw new DomainError('conflict', 'deal.churned', 'The customer has left; register a new deal when it comes back.');
};

export const mustHaveRoom = (list: readonly unknown[], most: number): void => {
  if (list.length < most) return;
  throw new DomainError('conflict', 'deal.too_many_payments', `A deal keeps ${most} of these at most.`, {
    facts: { limit: most },
  });
};

export const otherCurrency = (amount: Money, deal: Deal): readonly FieldError[] =>
  amount.currency === deal.value.currency
    ? []
    : [
        {
          pointer: '#/amount/currency',
          code: 'money.currency_mismatch',
          detail: `must be ${deal.value.currency}, the currency of this program`,
        },
      ];

export const dayFaults = (
  day: string,
  about: { readonly pointer: string; readonly notBefore: string; readonly today: string },
): readonly FieldError[] => {
  const { pointer, notBefore, today } = about;
  if (notBefore <= day && day <= today) return [];
  return [{ pointer, code: 'deal.day_out_of_range', detail: `must lie between ${notBefore} and today, ${today}` }];
};

const settled = (deal: Deal, { program }: Telling) =>
  paidOf(deal.payments ?? [], deal.refunds ?? [], {
    valueMinor: deal.value.amountMinor,
    clawbackDays: program.incentives.clawbackDays,
  });

const tooMuch = (amount: Money, mostMinor: number, code: string): readonly FieldError[] =>
  amount.amountMinor <= mostMinor
    ? []
    : [
        {
          pointer: '#/amount',
          code,
          detail: `must be at most ${formatMoney({ ...amount, amountMinor: mostMinor })}, which is what is left`,
        },
      ];

/** Where a rule pays again with each invoice, invoices go on after the value of the first year. */
const goesOn = ({ program }: Telling): boolean =>
  program.incentives.rules.some(({ recurring }) => recurring === 'each-invoice');

/**
 * The customer paid an invoice, or a part of it. Throws `state.transition_not_allowed`, `deal.churned`, `deal.too_many_payments`, and
 * naming every faulty field `money.currency_mismatch`, `deal.day_out_of_range`, `deal.overpaid`.
 */
export const payDeal = (
  deal: Deal,
  { amount, paidOn }: { readonly amount: Money; readonly paidOn: string },
  about: Telling,
): Deal => {
  mustBeWon(deal);
  mustNotHaveLeft(deal);
  const payments = deal.payments ?? [];
  mustHaveRoom(payments, mostPayments);
  const today = dayOf(about.now, about.program.timeZone);
  const notBefore = dayOf(deal.createdAt, about.program.timeZone);
  refuseBroken([
    ...otherCurrency(amount, deal),
    ...(goesOn(about) ? [] : tooMuch(amount, settled(deal, about).openMinor, 'deal.overpaid')),
    ...dayFaults(paidOn, { pointer: '#/paidOn', notBefore, today }),
  ]);
  const payment = { amountMinor: amount.amountMinor, paidOn, at: about.now };
  return { ...withoutAnnouncement(deal), payments: [...payments, payment], due: { what: 'earn', at: about.now } };
};

/** What staff says of money that went back, or of a customer that left (then no amount: it is everything within the window). */
export interface Return {
  readonly kind: Refund['kind'];
  readonly amount?: Money | undefined;
  readonly occurredOn: string;
  readonly reason: string;
  readonly forFraud?: true | undefined;
}

/**
 * The customer got money back, or left. Throws `state.transition_not_allowed`, `deal.churned`, `deal.too_many_payments`, and naming
 * every faulty field `money.currency_mismatch`, `deal.day_out_of_range`, `deal.refund_too_large`.
 */
export const refundDeal = (deal: Deal, returned: Return, about: Telling): Deal => {
  const { kind, amount, occurredOn, reason, forFraud } = returned;
  mustBeWon(deal);
  mustNotHaveLeft(deal);
  const refunds = deal.refunds ?? [];
  mustHaveRoom(refunds, mostRefunds);
  const today = dayOf(about.now, about.program.timeZone);
  refuseBroken([
    ...(amount ? otherCurrency(amount, deal) : []),
    ...(amount ? tooMuch(amount, refundable(settled(deal, about)), 'deal.refund_too_large') : []),
    ...dayFaults(occurredOn, { pointer: '#/occurredOn', notBefore: deal.closedOn ?? today, today }),
  ]);
  const refund: Refund = {
    kind,
    amountMinor: amount?.amountMinor ?? 0,
    occurredOn,
    at: about.now,
    afterPayments: deal.payments?.length ?? 0,
    ...(forFraud ? { forFraud } : {}),
  };
  return { ...withoutAnnouncement(deal), reason, refunds: [...refunds, refund], due: { what: 'earn', at: about.now } };
};

/** The day on which the customer is to pay all of it was named when it was won, and nothing was told since. */
export const isAnnounced = (deal: Deal): deal is Deal & { readonly invoicePaidOn: string; readonly wonAt: string } =>
  deal.invoicePaidOn !== undefined && deal.wonAt !== undefined && !deal.payments && deal.value.amountMinor > 0;

/** Its earnings are booked; nothing is due any more, unless the day on which the customer pays was named and is to come. */
export const withEarningsBooked = (deal: Deal, timeZone: string): Deal => {
  const { due: _due, ...rest } = deal;
  if (!isAnnounced(deal)) return rest;
  const at = addDays(deal.wonAt, daysBetween(dayOf(deal.wonAt, timeZone), deal.invoicePaidOn));
  return { ...rest, due: { what: 'earn', at } };
};

/** The named day has come: the customer has paid. Undefined when this is not what the deal waits for. */
export const payAsAnnounced = (deal: Deal): Deal | undefined => {
  const { due } = deal;
  if (!isAnnounced(deal) || !due || due.at <= deal.wonAt) return undefined;
  return { ...deal, payments: [{ amountMinor: deal.value.amountMinor, paidOn: deal.invoicePaidOn, at: due.at }] };
};

/** Whoever tells of a payment or a refund knows better than what was announced. */
const withoutAnnouncement = (deal: Deal): Deal => {
  if (!isAnnounced(deal)) return deal;
  const { invoicePaidOn: _announced, ...rest } = deal;
  return rest;
};
