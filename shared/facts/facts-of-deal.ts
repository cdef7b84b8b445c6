import { allocateMoney } from '#shared/core/money.ts';
import { dayOf, daysBetween } from '#shared/core/time.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Fact } from './fact.ts';
import { type Calendar, entered, factOfEvent, hoursBetween, type Step } from './step.ts';

type Attribution = Deal['attributions'][number];

const cameIn = ({ before, after, event }: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  if (before) return [];
  const { partnerId, dealType, value } = after;
  return [factOfEvent(event, calendar)(`deal.registered.${dealType}`, { partnerId, value: value.amountMinor })];
};

/** Who waited for whom, and how long; what was approved at once waited for nobody. */
const answered = (step: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  const { before, event, since } = step;
  if (!before) return [];
  const told = { partnerId: before.partnerId, value: hoursBetween(since, event.at) };
  const fact = factOfEvent(event, calendar);
  if (before.status === 'submitted' && entered(step, 'approved', 'rejected', 'returned')) {
    return [fact('deal.decided', told)];
  }
  return before.status === 'returned' && entered(step, 'submitted') ? [fact('deal.answered', told)] : [];
};

const decided = (step: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  const { after, event } = step;
  const { partnerId } = after;
  const fact = factOfEvent(event, calendar);
  return [
    ...(entered(step, 'approved') ? [fact('deal.approved', { partnerId, value: after.value.amountMinor })] : []),
    ...(entered(step, 'rejected') ? [fact('deal.rejected', { partnerId, value: 1 })] : []),
    ...(entered(step, 'expired', 'withdrawn', 'superseded')
      ? [fact('deal.ended', { partnerId, value: after.value.amountMinor })]
      : []),
  ];
};

const influenced = ({ before, after, event }: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  const known = new Set(before?.attributions.map(({ partnerId }) => partnerId));
  return after.attributions
    .filter(({ partnerId, role }) => role === 'influenced' && !known.has(partnerId))
    .map(({ partnerId }) =>
      factOfEvent(event, calendar)('deal.influenced', { partnerId, value: after.value.amountMinor }),
    );
};

/** Who brought the deal has its share of the value; who helped has helped to win all of it. */
const wonBy = ({ value, attributions }: Deal): readonly (readonly [Attribution, number])[] => {
  const shares = attributions.map(({ sharePercent }) => sharePercent);
  const parts = shares.some((share) => share > 0) ? allocateMoney(value, shares) : [];
  return attributions.map((each, index) => [
    each,
    each.role === 'sourced' ? (parts[index]?.amountMinor ?? 0) : value.amountMinor,
  ]);
};

/** A deal is won or lost on the day that it was closed on, whenever we heard of it. */
const closed = (step: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  const { after: deal, event } = step;
  const { partnerId, closedOn, dealType } = deal;
  const fact = factOfEvent(event, calendar);
  if (entered(step, 'lost')) return [fact('deal.lost', { partnerId, value: deal.value.amountMinor, at: closedOn })];
  if (!entered(step, 'won')) return [];
  const registeredOn = dayOf(deal.createdAt, calendar.timeZone);
  const days = Math.max(0, daysBetween(registeredOn, closedOn ?? registeredOn));
  return [
    ...wonBy(deal).map(([{ partnerId: by, role }, value]) =>
      fact(`deal.won.${role}.${dealType}`, { partnerId: by, value, at: closedOn }),
    ),
    fact('deal.cycle', { partnerId, value: days, at: closedOn }),
  ];
};

const refunded = ({ before, after, event }: Step<Deal>, calendar: Calendar): readonly Fact[] => {
  const known = before?.refunds?.length ?? 0;
  return (after.refunds ?? []).slice(known).map(({ amountMinor, occurredOn }, part) =>
    factOfEvent(event, calendar)('deal.refunded', {
      partnerId: after.partnerId,
      value: amountMinor,
      at: occurredOn,
      ...(part > 0 && { part }),
    }),
  );
};

/** What one event of a deal says of the partners in it. */
export const factsOfDeal = (step: Step<Deal>, calendar: Calendar): readonly Fact[] =>
  [cameIn, answered, decided, influenced, closed, refunded].flatMap((each) => each(step, calendar));
