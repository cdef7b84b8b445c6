import { type Category, categories, type HealthRules, type Signal } from '#shared/program/health-rules.ts';
import { one, plus, type Ratio, ratioOf, times, zero } from './ratio.ts';
import type { Measured } from './score.ts';
import { kindsOf } from './scoring-rules.ts';

/** Marks have at most four decimals, so ten-thousandths of them are whole. */
export const parts = 10_000n;

export const inParts = (mark: Signal['target']): bigint =>
  typeof mark === 'object' ? BigInt(mark.amountMinor) * parts : BigInt(Math.round((mark ?? 0) * Number(parts)));

/** A signal made ready: value n/d has (n · slope − d · start) ÷ (d · span) of its points. */
interface Scale {
  readonly slope: bigint;
  readonly start: bigint;
  readonly span: bigint;
}

/** What a mark's unit is made of the unit of the facts: ratios and hundredths of a percent are told in percent. */
export const unitStep = ({ how, facts }: Signal): { readonly times: bigint; readonly by: bigint } => {
  if (how === 'ratio') return { times: 100n, by: 1n };
  const inPercent = how !== 'count' && kindsOf(facts).some(({ unit }) => unit === 'basis-points');
  return { times: 1n, by: inPercent ? 100n : 1n };
};

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));

const scales = new WeakMap<Signal, Scale>();

/** Made once, since the same signals are weighed for a hundred thousand partners. */
const scaleOf = (signal: Signal): Scale => {
  const made = scales.get(signal);
  if (made) return made;
  const { times: up, by } = unitStep(signal);
  const [floor, target] = [inParts(signal.floor), inParts(signal.target)];
  const [slope, start, span] = [up * parts, floor * by, (target - floor) * by];
  // Sums of many parts are made of these, and short numbers are fast.
  const least = commonDivisor(commonDivisor(slope, start), span);
  const scale = { slope: slope / least, start: start / least, span: span / least };
  scales.set(signal, scale);
  return scale;
};

/** Part of a signal's points, from 0 to 1: nothing at the floor, all at the target, and straight between them. */
export const partOfMeasured = ([numerator, denominator]: Measured, signal: Signal): Ratio => {
  const { slope, start, span } = scaleOf(signal);
  const d = BigInt(denominator);
  const part = ratioOf(BigInt(numerator) * slope - d * start, d * span);
  if (part.n <= 0n) return zero;
  return part.n >= part.d ? one : part;
};

/** A rating of 1 is nothing, one of 5 all; of several raters the mean. */
export const partOfRatings = (ratings: readonly number[]): Ratio =>
  ratioOf(BigInt(ratings.reduce((sum, rating) => sum + rating - 1, 0)), BigInt(4 * ratings.length));

/** A category with data. */
export interface Weighed {
  readonly category: Category;
  readonly weight: bigint;
  /** From 0 to 1. */
  readonly part: Ratio;
  /** Weight of its signals that have data, and of all. */
  readonly known: bigint;
  readonly all: bigint;
}

export interface Balance {
  readonly categories: readonly Weighed[];
  /** From 0 to 1; 0 where nothing is known. */
  readonly part: Ratio;
  readonly coverage: Ratio;
  /** Weight of the categories that have data. */
  readonly known: bigint;
}

/** What a signal is worth: its part from 0 to 1, undefined where it has no data. */
export interface Part {
  readonly signal: Signal;
  readonly part: Ratio | undefined;
}

const weighCategory = (category: Category, weight: number, parts: readonly Part[]): Weighed => {
  let [sum, known, all] = [zero, 0n, 0n];
  for (const { signal, part } of parts) {
    const share = BigInt(signal.weight ?? 1);
    all += share;
    if (!part) continue;
    known += share;
    sum = plus(sum, times(part, share));
  }
  return { category, weight: BigInt(weight), part: known === 0n ? zero : times(sum, 1n, known), known, all };
};

/** Weights of what is not known go to the rest of its category, and those of categories without data to the others. */
export const weigh = (parts: readonly Part[], weights: HealthRules['weights']): Balance => {
  let [sum, covered, known, all] = [zero, zero, 0n, 0n];
  const weighed: Weighed[] = [];
  for (const category of categories) {
    const its = parts.filter(({ signal }) => signal.category === category);
    if (its.length === 0 || weights[category] === 0) continue;
    const one = weighCategory(category, weights[category], its);
    all += one.weight;
    if (one.known === 0n) continue;
    weighed.push(one);
    known += one.weight;
    sum = plus(sum, times(one.part, one.weight));
    covered = plus(covered, ratioOf(one.weight * one.known, one.all));
  }
  return {
    categories: weighed,
    part: known === 0n ? zero : times(sum, 1n, known),
    coverage: all === 0n ? zero : times(covered, 1n, all),
    known,
  };
};
