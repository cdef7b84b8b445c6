import { dayOf, instant } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';

/**
 * The figures of PRODUCT §7 a second time, from the words of their definitions and not from the code: facts are filtered, counted and
 * added up anew for each figure, group and period, with nothing kept in between.
 */
export interface World {
  readonly partners: readonly PartnerFacts[];
  readonly company: PartnerFacts;
  readonly timeZone: string;
  /** By type of partner: so many facts of these kinds make one active. */
  readonly active: Readonly<Record<string, { readonly facts: readonly string[]; readonly atLeast: number }>>;
  readonly costs: Readonly<Record<string, { readonly costMinor: number; readonly marginPercent: number }>>;
}

export interface Asked {
  /** Of a group; of all without. */
  readonly keep?: (partner: PartnerFacts) => boolean;
  readonly period: string;
  readonly quarter: string;
}

/** Exact: a whole number over another. */
export type Fraction = readonly [part: bigint, whole: bigint];

/** The nearest number of so many decimals; of two as near, the even one. */
export const near = ([part, whole]: Fraction, decimals: number): number => {
  const shifted = part * 10n ** BigInt(decimals);
  let floor = shifted / whole;
  if (floor * whole > shifted) floor -= 1n;
  const below = shifted - floor * whole;
  const above = (floor + 1n) * whole - shifted;
  const even = floor % 2n === 0n ? floor : floor + 1n;
  return Number(below < above ? floor : above < below ? floor + 1n : even) / 10 ** decimals;
};

export const big = (values: readonly number[]): bigint => values.reduce((sum, value) => sum + BigInt(value), 0n);

export const newWin: FactKindId = 'deal.won.sourced.new';
export const wins: readonly FactKindId[] = [newWin, 'deal.won.sourced.expansion', 'deal.won.sourced.renewal'];
export const helped: readonly FactKindId[] = [
  'deal.won.influenced.new',
  'deal.won.influenced.expansion',
  'deal.won.influenced.renewal',
];
export const directWins: readonly FactKindId[] = ['direct.won.new', 'direct.won.other'];

const known = new Map<string, string>();

/** Asked so often that each second's answer is kept. */
export const monthOf = ({ at }: Pick<Fact, 'at'>, timeZone: string): string => {
  const name = `${at} ${timeZone}`;
  const month = known.get(name) ?? dayOf(instant(at * 1000), timeZone).slice(0, 7);
  known.set(name, month);
  return month;
};

export const inPeriod = (fact: Fact, { period, quarter }: Asked, timeZone: string): boolean => {
  if (kindOf(fact.kind).standing || fact.quarter > quarter) return false;
  if (/^\d{4}$/.test(period)) return fact.quarter.startsWith(period);
  if (period.includes('Q')) return fact.quarter === period;
  return monthOf(fact, timeZone) === period;
};

export const newest = (facts: readonly Fact[]): Fact | undefined =>
  [...facts].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))[0];

export const following = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** Of a fiscal year from January. */
export const monthsOf = (period: string, quarter: string): readonly string[] => {
  if (/^\d{4}-\d\d$/.test(period)) return [period];
  const quarters = period.includes('Q')
    ? [period]
    : ['Q1', 'Q2', 'Q3', 'Q4'].map((q) => `${period}-${q}`).filter((q) => q <= quarter);
  return quarters.flatMap((each) => {
    const firstMonth = (Number(each.slice(6)) - 1) * 3 + 1;
    return [0, 1, 2].map((more) => `${each.slice(0, 4)}-${String(firstMonth + more).padStart(2, '0')}`);
  });
};

export const startOfMonth = (month: string, timeZone: string): number => {
  const about = Date.parse(`${month}-01T00:00:00Z`) / 1000;
  for (let second = about - 86_400; second <= about + 86_400; second += 3600)
    if (monthOf({ at: second }, timeZone) === month) return second;
  throw new Error(`no start of ${month}`);
};
