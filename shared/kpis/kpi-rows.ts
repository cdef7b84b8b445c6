import type { Quarter } from '#shared/core/quarters.ts';
import { company } from '#shared/facts/fact.ts';
import { type CostsByQuarter, costsOfPeriod, sourcedIn } from './costs-of-period.ts';
import type { Row } from './kpi-formula.ts';
import { type KpiSums, sumsOfAll } from './kpi-sums.ts';
import { type KpiFigure, kpisOf } from './kpis-of.ts';
import { type ByPeriod, type Measures, noMeasures } from './measures.ts';
import { periodsOf } from './periods.ts';

export const kpiPeriods = ['month', 'quarter', 'year'] as const;
export type KpiPeriod = (typeof kpiPeriods)[number];

/** The sums of a quarter, and what they are read with. */
export interface Looked {
  readonly quarter: Quarter;
  readonly sums: KpiSums;
  /** Of all partners together. */
  readonly all: ByPeriod;
  readonly costs: CostsByQuarter;
  readonly calendar: { readonly timeZone: string; readonly fiscalYearStart: number };
}

/** All figures of a group in a period. */
export interface KpiRow {
  readonly group: string;
  readonly period: string;
  readonly figures: readonly KpiFigure[];
}

/** The periods of a quarter by name: its months, itself, or its year so far. */
export const periodNames = (
  { quarter, calendar }: Pick<Looked, 'quarter' | 'calendar'>,
  by: KpiPeriod,
): readonly string[] => {
  const periods = periodsOf(quarter, calendar);
  if (by === 'month') return periods.months.map(({ name }) => name);
  return by === 'quarter' ? [quarter] : [periods.year.name];
};

const measuresIn = (periods: ByPeriod | undefined, name: string): Measures => periods?.[name] ?? noMeasures();

const costsOf = (looked: Looked, by: KpiPeriod, whole: Measures): Row['costs'] => {
  if (by === 'month') return 'Program costs are entered by quarter.';
  if (by === 'quarter') return costsOfPeriod([looked.quarter], looked.costs, () => sourcedIn(whole));
  const { quartersOfYear } = periodsOf(looked.quarter, looked.calendar);
  return costsOfPeriod(quartersOfYear, looked.costs, (quarter) => whole.tallies[`revenue.${quarter}`] ?? 0);
};

const monthsIn = ({ quarter }: Looked, by: KpiPeriod): number => {
  if (by === 'month') return 1;
  return by === 'quarter' ? 3 : Number(quarter.slice(6)) * 3;
};

const ofParts = 'Program costs are entered for the whole program, and not for parts of it.';

/** The figures of one group, or of one partner, whose measures by period are given. */
export const rowsOf = (
  looked: Looked,
  by: KpiPeriod,
  one: { readonly group: string; readonly measures: ByPeriod | undefined },
): readonly KpiRow[] =>
  periodNames(looked, by).map((period) => {
    const all = measuresIn(looked.all, period);
    const figures = kpisOf({
      group: measuresIn(one.measures, period),
      all,
      company: measuresIn(looked.sums[company], period),
      costs: one.group === 'all' ? costsOf(looked, by, all) : ofParts,
      months: monthsIn(looked, by),
    });
    return { group: one.group, period, figures };
  });

/** The groups that are called so, such as all tiers, in the order of their names; `all` is one group of all partners. */
export const groupRows = (
  looked: Looked,
  by: KpiPeriod,
  groupBy: 'all' | 'tier' | 'type' | 'region',
): readonly KpiRow[] => {
  if (groupBy === 'all') return rowsOf(looked, by, { group: 'all', measures: looked.all });
  const groups = Object.keys(looked.sums).filter((group) => group.startsWith(`${groupBy}:`));
  return groups.sort().flatMap((group) => rowsOf(looked, by, { group, measures: looked.sums[group] }));
};

/** The sums as they are looked at. */
export const look = (of: Omit<Looked, 'all'>): Looked => ({ ...of, all: sumsOfAll(of.sums) });
