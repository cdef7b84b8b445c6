import { type Apps, largestApps } from './apps.ts';

/** How many facts there were, and what their values come to. */
export type CountAndSum = [count: number, sum: number];

/**
 * What a group of partners did in a period, as plain JSON that adds up: everything in it is a count or a sum, but for the twenty largest
 * apps and a least value. So the measures of two disjoint groups can be put together in any order, and are no larger than those of one.
 */
export interface Measures {
  /** By the code of a kind of facts. */
  readonly facts: Record<string, CountAndSum>;
  /** What is found by looking at a partner as a whole, such as `active`: each partner adds 1 or nothing. */
  readonly tallies: Record<string, number>;
  /**
   * Partners by the size of what they sold, for the share of the largest: the first two digits and their number of digits make a class
   * (`712` is 1,200,000 to 1,299,999 minor units), so there are at most 90 classes for each number of digits, however many partners there are.
   */
  readonly classes: Record<string, CountAndSum>;
  apps: Apps;
  /** The least mean uptime of an app, in hundredths of a percent. */
  lowestUptime?: number;
}

/** Under which partners' uses of one thing that the program offers are counted, in quarters only. */
export const usedTally = (about: string): string => `used.${about}`;

/** By period: a month `2026-07`, a quarter `2026-Q3`, or the fiscal year `2026` up to the quarter that is looked at. */
export type ByPeriod = Record<string, Measures>;

export const noMeasures = (): Measures => ({ facts: {}, tallies: {}, classes: {}, apps: [] });

/** In place, because it is done thousands of times for every partner of a run. */
const addFacts = (to: Record<string, CountAndSum>, name: string, [count, sum]: Readonly<CountAndSum>): void => {
  const before = to[name];
  if (before) {
    before[0] += count;
    before[1] += sum;
  } else to[name] = [count, sum];
};

/** One fact more. */
export const addFact = (to: Record<string, CountAndSum>, name: string, value: number): void => {
  const before = to[name];
  if (before) {
    before[0] += 1;
    before[1] += value;
  } else to[name] = [1, value];
};

export const tally = (to: Measures, name: string, more: number): void => {
  if (more !== 0) to.tallies[name] = (to.tallies[name] ?? 0) + more;
};

/** What a partner that sold so much is counted under; `revenueMinor` is above 0. */
export const classOf = (revenueMinor: number): string => {
  const digits = String(revenueMinor);
  return `${digits.length}${digits.padEnd(2, '0').slice(0, 2)}`;
};

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Adds what is known of a partner's, or of a group's, apps. */
export const addApps = (to: Measures, apps: Apps, lowestUptime: number | undefined): void => {
  to.apps = largestApps(to.apps, apps);
  const lowest = least(to.lowestUptime, lowestUptime);
  if (lowest !== undefined) to.lowestUptime = lowest;
};

const addAll = (to: Record<string, CountAndSum>, more: Readonly<Record<string, CountAndSum>>): void => {
  for (const name in more) {
    const both = more[name];
    if (both) addFacts(to, name, both);
  }
};

/** Adds `more` to `to`. */
export const addMeasures = (to: Measures, more: Measures): void => {
  addAll(to.facts, more.facts);
  addAll(to.classes, more.classes);
  for (const name in more.tallies) tally(to, name, more.tallies[name] ?? 0);
  addApps(to, more.apps, more.lowestUptime);
};

/** Adds all periods of `more` to those of `to`. */
export const addPeriods = (to: ByPeriod, more: ByPeriod): void => {
  for (const period in more) {
    to[period] ??= noMeasures();
    addMeasures(to[period], more[period] ?? noMeasures());
  }
};
