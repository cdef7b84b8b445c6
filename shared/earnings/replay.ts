import type { Deal } from '#shared/deals/deal.ts';
import type { Program } from '#shared/program/program.ts';
import type { Earning } from './earning.ts';
import { earningsOf, isWon, type Series } from './earnings-of-deal.ts';
import { nextEarningOfPeriod, resultsOfPeriod } from './earnings-of-period.ts';
import { participantOf, type Standing } from './participant.ts';
import { endOf, type Period, periodNamed } from './periods.ts';
import { type SaleFact, salesOfDeal } from './sales-of-deal.ts';
import { withoutBudget } from './without-budget.ts';

/** What happened, as far as earnings are made of it. */
export interface Past {
  /** As they now are, with what was paid and given back; those that are not won earn nothing. */
  readonly deals: readonly Deal[];
  /** A partner as it was at an instant; undefined for one that is not there. */
  readonly partnerAsOf: (partnerId: string, at: string) => Standing | undefined;
  /** Names of the quarters and years that have been settled. */
  readonly settled: readonly string[];
}

const seriesOf = (deal: Deal, program: Program, { partnerAsOf }: Past): readonly Series[] => {
  if (!isWon(deal)) return [];
  const participants = deal.attributions.map((part) => {
    const partner = partnerAsOf(part.partnerId, deal.wonAt);
    if (!partner) throw new Error(`${deal.id} names ${part.partnerId}, which is not there.`);
    return participantOf(part, partner);
  });
  return earningsOf(deal, { program, participants });
};

const earningsOfDeals = (past: Past, program: Program, onDeal: (done: number) => void): readonly Earning[] => {
  const inOrder = past.deals.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const series = inOrder.flatMap((deal, index) => {
    onDeal(index + 1);
    return seriesOf(deal, program, past);
  });
  const refused = withoutBudget(series);
  return series
    .filter((each) => !refused.has(each))
    .flatMap(({ earnings }) => earnings.flatMap((states) => states.at(-1)?.earning ?? []));
};

const earningsOfPeriod = (
  sales: ReadonlyMap<string, readonly SaleFact[]>,
  period: Period,
  { past, program }: { readonly past: Past; readonly program: Program },
): readonly Earning[] => {
  const at = endOf(period, program);
  return [...sales].flatMap(([partnerId, all]) => {
    const own = all.filter(({ closedOn }) => period.from <= closedOn && closedOn <= period.until);
    const partner = past.partnerAsOf(partnerId, at);
    if (own.length === 0 || !partner) return [];
    const { types, tier, agreedIncentives: agreed = [], targets = {} } = partner;
    const about = { partnerId, period, program, programVersion: 1, at };
    return resultsOfPeriod({ partnerId, types, tier, agreed, targets, sales: own }, about).flatMap(
      (result) => nextEarningOfPeriod(result, { count: 0, amountMinor: 0, first: undefined }, about) ?? [],
    );
  });
};

/**
 * What all of the past earns under one program, in the states that its earnings have come to: by the functions that book it, and so
 * to the cent what was booked where the program is the one that was in force all along. Pure: the same past gives the same.
 */
export const replay = (past: Past, program: Program, onDeal: (done: number) => void = () => {}): readonly Earning[] => {
  const sales = Map.groupBy(
    past.deals.flatMap((deal) => salesOfDeal(deal, program)),
    ({ partnerId }) => partnerId,
  );
  const periods = past.settled.toSorted().map((name) => periodNamed(name, program));
  return [
    ...earningsOfDeals(past, program, onDeal),
    ...periods.flatMap((period) => earningsOfPeriod(sales, period, { past, program })),
  ];
};
