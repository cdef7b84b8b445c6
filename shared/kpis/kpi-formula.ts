import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import { factMeanings } from '#shared/facts/fact-meanings.ts';
import type { Measures } from './measures.ts';

/** What finance entered for a period: all costs, and the gross profit of what was sold, in minor units times a million. */
export interface CostsOfPeriod {
  readonly costMinor: number;
  /** Revenue × margin percent × 10,000, summed over the quarters: whole, so that nothing is rounded on the way. */
  readonly profitMillionths: bigint;
}

/** What one row of figures is made from: a group in a period, beside it all partners and the company by itself. */
export interface Row {
  readonly group: Measures;
  readonly all: Measures;
  readonly company: Measures;
  /** Costs are told for the whole program; for anything else, and where they are not entered, the reason in words. */
  readonly costs: CostsOfPeriod | string;
  /** Months in the period, for what is told per month. */
  readonly months: number;
}

/** A figure before it is rounded, or in words why there is none. `from` are the numbers it was made of. */
export type Reckoned =
  | { readonly part: bigint; readonly whole: bigint; readonly from: Readonly<Record<string, number>> }
  | { readonly reason: string };

export type Formula = (row: Row) => Reckoned;

/** A number with its name in a row; or why it is not known. */
interface Known {
  readonly number: number;
  readonly reason?: string;
}
export interface Term {
  readonly name: string;
  readonly of: (row: Row) => Known;
}

/** Kinds that one system tells: where it tells of one, that there is none of the other is known. */
const toldTogether: readonly (readonly FactKindId[])[] = [
  ['certification.passed', 'certification.failed'],
  ['customer.renewed', 'customer.churned'],
  ['direct.won.new', 'direct.won.other', 'direct.lost'],
];

const both = (measures: Measures, kind: FactKindId): readonly [number, number] =>
  measures.facts[kindOf(kind).code] ?? [0, 0];

/** Whether none is known to mean none: Tandem's own facts always, reported ones when anybody has told of such in the period. */
const isTold = ({ all, company }: Row, kind: FactKindId): boolean =>
  kindOf(kind).source !== 'reported' ||
  (toldTogether.find((kinds) => kinds.includes(kind)) ?? [kind]).some((each) =>
    [all, company].some((measures) => both(measures, each)[0] > 0),
  );

const tooLarge = 'It is too large to be exact.';

const known = (number: number): Known => (Number.isSafeInteger(number) ? { number } : { number: 0, reason: tooLarge });

type Whose = 'group' | 'all' | 'company';

const ofKinds =
  (position: 0 | 1) =>
  (name: string, kinds: readonly FactKindId[], whose: Whose = 'group'): Term => ({
    name,
    of: (row) => {
      const untold = kinds.find((kind) => !isTold(row, kind));
      if (untold)
        return { number: 0, reason: `In this period nobody has told of “${factMeanings[untold]}” (${untold}).` };
      return known(kinds.reduce((sum, kind) => sum + both(row[whose], kind)[position], 0));
    },
  });

/** How many facts of these kinds there are. */
export const count = ofKinds(0);
/** What the values of facts of these kinds come to. */
export const sum = ofKinds(1);

/** What was found by looking at each partner as a whole. */
export const tallied = (name: string, tallies: readonly string[], whose: Whose = 'group'): Term => ({
  name,
  of: (row) => known(tallies.reduce((number, each) => number + (row[whose].tallies[each] ?? 0), 0)),
});

interface Numbers {
  readonly sum: number;
  readonly from: Record<string, number>;
}

/** The terms' numbers and their sum, or the first reason. */
export const numbersOf = (terms: readonly Term[], row: Row): Numbers | { readonly reason: string } => {
  const from: Record<string, number> = {};
  let total = 0;
  for (const { name, of } of terms) {
    const { number, reason } = of(row);
    if (reason) return { reason };
    from[name] = number;
    total += number;
  }
  return Number.isSafeInteger(total) ? { sum: total, from } : { reason: tooLarge };
};

export const total =
  (...terms: readonly Term[]): Formula =>
  (row) => {
    const numbers = numbersOf(terms, row);
    if ('reason' in numbers) return numbers;
    return { part: BigInt(numbers.sum), whole: 1n, from: numbers.from };
  };

/** How a ratio is told: so many times its worth, and why there is none when there is nothing to divide by. */
interface RatioWords {
  readonly times?: bigint;
  readonly without: string;
}

export const ratio =
  (parts: readonly Term[], wholes: readonly Term[], { times = 1n, without }: RatioWords): Formula =>
  (row) => {
    const part = numbersOf(parts, row);
    if ('reason' in part) return part;
    const whole = numbersOf(wholes, row);
    if ('reason' in whole) return whole;
    if (whole.sum <= 0) return { reason: without };
    return { part: BigInt(part.sum) * times, whole: BigInt(whole.sum), from: { ...part.from, ...whole.from } };
  };

/** In percent. */
export const share = (parts: readonly Term[], wholes: readonly Term[], without: string): Formula =>
  ratio(parts, wholes, { times: 100n, without });
