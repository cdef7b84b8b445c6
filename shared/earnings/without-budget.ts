import type { Series } from './earnings-of-deal.ts';

/** What a series takes from the budget of its rule, or gives back to it. */
interface Movement {
  readonly series: Series;
  readonly at: string;
  /** Below zero where it is given back. */
  readonly takenMinor: number;
}

const movementsOf = (series: Series): readonly Movement[] => {
  const first = series.earnings[0]?.[0].earning;
  if (!first) return [];
  // All of it is taken with the first earning, whichever part of it comes when.
  const taken = { series, at: first.createdAt, takenMinor: series.total.amountMinor };
  const back = series.earnings.flatMap((states) =>
    states.flatMap(({ earning, at }, index): Movement[] => {
      const before = states[index - 1]?.earning;
      if (!before) return earning.kind === 'clawback' ? [{ series, at, takenMinor: earning.amount.amountMinor }] : [];
      const left = earning.status === 'reversed' ? 0 : earning.amount.amountMinor;
      const waits = before.status === 'pending' && earning.status === 'pending';
      if (!waits && earning.status !== 'reversed') return [];
      return [{ series, at, takenMinor: left - before.amount.amountMinor }];
    }),
  );
  return [taken, ...back];
};

/**
 * The series that found the budget of their rule used up, and so earn nothing: all of a series or nothing, in the order in which they
 * came, as workflows/earnings/book-series.ts books them. What came at the very same instant goes by the order of the list.
 */
export const withoutBudget = (all: readonly Series[]): ReadonlySet<Series> => {
  const available = new Map<string, number>();
  const refused = new Set<Series>();
  const movements = all.filter(({ rule }) => rule.budget).flatMap(movementsOf);
  for (const { series, takenMinor } of movements.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    const { id, budget } = series.rule;
    const left = (available.get(id) ?? budget?.amountMinor ?? 0) - takenMinor;
    if (refused.has(series)) continue;
    if (left < 0 && takenMinor > 0) refused.add(series);
    else available.set(id, left);
  }
  return refused;
};
