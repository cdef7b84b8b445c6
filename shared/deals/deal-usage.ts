import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { formatMoney, type Money } from '#shared/core/money.ts';
import { dayOf } from '#shared/core/time.ts';
import type { Deal } from './deal.ts';
import { isAnnounced, mustBeWon, mustHaveRoom, otherCurrency, type Telling } from './deal-payments.ts';
import { refuseBroken } from './registration-faults.ts';

/** Ten years of months, each corrected once; each fact rewrites the deal. */
const mostFacts = 240;

/** What staff, or the product itself, says of what a customer used in a month. */
export interface Used {
  readonly period: string;
  readonly amount: Money;
  /** Replaces what was said of that month before. */
  readonly corrects?: boolean | undefined;
}

const monthOf = (day: string): string => day.slice(0, 'YYYY-MM'.length);

const mustShareUsage = ({ program }: Telling): void => {
  if (program.incentives.rules.some(({ per }) => per === 'usage')) return;
  throw new DomainError(
    'rule',
    'program.no_usage_share',
    'The program this deal was registered under shares no usage.',
  );
};

/** A month is told of once; whoever says something else of it says that it corrects. */
const mustFollow = (deal: Deal, { period, corrects = false }: Used): void => {
  const before = deal.usage?.findLast((each) => each.period === period);
  if (before && !corrects) {
    const amount = { ...deal.value, amountMinor: before.amountMinor };
    const message = `${formatMoney(amount)} was reported for ${period} before; say that this corrects it.`;
    throw new DomainError('conflict', 'deal.usage_reported', message, { facts: { period, amount } });
  }
  if (!before && corrects) {
    const message = `Nothing was reported for ${period} that could be corrected.`;
    throw new DomainError('conflict', 'deal.usage_not_reported', message, { facts: { period } });
  }
};

/** A customer that has left uses nothing in later months. */
const mustStillBeThere = ({ refunds = [] }: Deal, period: string): void => {
  const left = refunds.find(({ kind }) => kind === 'churn');
  if (!left || period <= monthOf(left.occurredOn)) return;
  throw new DomainError('conflict', 'deal.churned', `The customer left on ${left.occurredOn}.`);
};

const outOfRange = (period: string, first: string, last: string): readonly FieldError[] =>
  first <= period && period <= last
    ? []
    : [
        {
          pointer: '#/period',
          code: 'deal.day_out_of_range',
          detail: `must lie between ${first}, when the deal was won, and this month, ${last}`,
        },
      ];

/**
 * What the customer of a won deal used in a month. Throws `state.transition_not_allowed`, `program.no_usage_share`,
 * `deal.usage_reported`, `deal.usage_not_reported`, `deal.churned`, `deal.too_many_payments`, and naming every faulty field
 * `money.currency_mismatch`, `deal.day_out_of_range`.
 */
export const reportUsage = (deal: Deal, used: Used, about: Telling): Deal => {
  mustBeWon(deal);
  mustShareUsage(about);
  const { period, amount } = used;
  const usage = deal.usage ?? [];
  const today = dayOf(about.now, about.program.timeZone);
  refuseBroken([
    ...otherCurrency(amount, deal),
    ...outOfRange(period, monthOf(deal.closedOn ?? today), monthOf(today)),
  ]);
  mustStillBeThere(deal, period);
  mustFollow(deal, used);
  mustHaveRoom(usage, mostFacts);
  return {
    ...deal,
    usage: [...usage, { period, amountMinor: amount.amountMinor, at: about.now }],
    // What is due on the day that was named for the payment stays due then.
    ...(isAnnounced(deal) ? {} : { due: { what: 'earn', at: about.now } }),
  };
};
