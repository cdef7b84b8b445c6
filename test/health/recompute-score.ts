import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { HealthRules, Signal } from '#shared/program/health-rules.ts';

/**
 * Health scores once more, from PRODUCT §6 and the words of the program file and not from shared/health: top down, each signal
 * filters the facts for itself, and fractions are reduced at every step.
 */
export interface Recomputed {
  readonly points: number;
  readonly band: string;
  readonly coverage: number;
  readonly categories: Readonly<Record<string, number>>;
  /** Numerator and denominator, reduced, or the ratings. */
  readonly values: Readonly<Record<string, string>>;
}

type Fraction = readonly [top: bigint, bottom: bigint];

const fraction = (top: bigint, bottom: bigint): Fraction => {
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
  const divisor = gcd(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom) || 1n;
  const sign = bottom < 0n ? -1n : 1n;
  return [(sign * top) / divisor, (sign * bottom) / divisor];
};
const sum = (list: readonly Fraction[]): Fraction =>
  list.reduce<Fraction>(([a, b], [c, d]) => fraction(a * d + c * b, b * d), [0n, 1n]);
const product = ([a, b]: Fraction, [c, d]: Fraction): Fraction => fraction(a * c, b * d);
const quotient = (a: Fraction, [c, d]: Fraction): Fraction => product(a, [d, c]);
const difference = (a: Fraction, [c, d]: Fraction): Fraction => sum([a, [-c, d]]);
const whole = (value: number): Fraction => [BigInt(value), 1n];
const isLess = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d < c * b;

/** `2.5` digit by digit; amounts are minor units. */
const written = (mark: Signal['target'] | undefined): Fraction => {
  if (mark === undefined) return [0n, 1n];
  if (typeof mark === 'object') return whole(mark.amountMinor);
  const [digits = '0', decimals = ''] = String(mark).split('.');
  return fraction(BigInt(digits + decimals), 10n ** BigInt(decimals.length));
};

/** To a thousandth, halves to the even one. */
const thousandths = (value: Fraction): number => {
  const [top, bottom] = product(value, whole(1000));
  const [below, rest] = [top / bottom, (top % bottom) * 2n];
  const isUp = rest > bottom || (rest === bottom && below % 2n === 1n);
  return Number(isUp ? below + 1n : below);
};

const ordinal = (quarter: string): number => Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(-1));

const unitOf = (id: string): string => kindOf(id as FactKindId).unit;

const ratioAmount = ({ kind, value }: Fact): number => (['money', 'count'].includes(unitOf(kind)) ? value : 1);

const total = (values: readonly number[]): Fraction => sum(values.map(whole));

const isSameThing = (a: Fact, b: Fact): boolean => a.kind === b.kind && a.id === b.id;
const isNewer = (a: Fact, b: Fact): boolean => a.at > b.at || (a.at === b.at && a.quarter > b.quarter);
const isTooNew = ({ quarter }: Fact, of: PartnerFacts): boolean => ordinal(quarter) > ordinal(of.quarter);

/** The value in the unit of the signal's marks; undefined: nobody knows. */
const measure = (signal: Signal, of: PartnerFacts): Fraction | undefined => {
  const { facts: kinds = [], of: wholes = [], how, quarters = 1 } = signal;
  const inWindow = of.facts.filter((fact) => {
    const age = ordinal(of.quarter) - ordinal(fact.quarter);
    if (age < 0) return false;
    if (!kindOf(fact.kind).standing) return age < quarters;
    // What holds, holds until something newer of the same name was told by then.
    return !of.facts.some((other) => isSameThing(fact, other) && isNewer(other, fact) && !isTooNew(other, of));
  });
  const mine = inWindow.filter(({ kind }) => kinds.includes(kind));
  const isZero = mine.length === 0 && kinds.some((kind) => kindOf(kind as FactKindId).zeroKnown);
  const hundredth: Fraction = kinds.some((kind) => unitOf(kind) === 'basis-points') ? [1n, 100n] : [1n, 1n];
  if (how === 'ratio') {
    const all = total(inWindow.filter(({ kind }) => wholes.includes(kind)).map(ratioAmount));
    return all[0] > 0n ? product(quotient(total(mine.map(ratioAmount)), all), whole(100)) : undefined;
  }
  if (mine.length === 0) return isZero && (how === 'sum' || how === 'count') ? [0n, 1n] : undefined;
  if (how === 'count') return total(mine.map((fact) => Math.sign(ratioAmount(fact)) || 1));
  if (how === 'last') {
    const newest = Math.max(...mine.map(({ at }) => at));
    const [last] = mine
      .filter(({ at }) => at === newest)
      .sort((a, b) => (`${a.id} ${a.kind}` > `${b.id} ${b.kind}` ? -1 : 1));
    return last && product(whole(last.value), hundredth);
  }
  const added = product(total(mine.map(({ value }) => value)), hundredth);
  return how === 'mean' ? quotient(added, whole(mine.length)) : added;
};

const ratingsOf = ({ id }: Signal, of: PartnerFacts): readonly number[] =>
  of.facts
    .filter(
      ({ kind, quarter, id: rating }) =>
        kind === 'health.assessed' && quarter === of.quarter && rating.startsWith(`${id}.`),
    )
    .sort((a, b) => (a.id > b.id ? 1 : -1))
    .map(({ value }) => value);

interface Outcome {
  readonly signal: Signal;
  readonly value: string;
  /** From 0 to 1. */
  readonly part: Fraction;
}

const outcomeOf = (signal: Signal, of: PartnerFacts): Outcome | undefined => {
  if (signal.assessed) {
    const ratings = ratingsOf(signal, of);
    if (ratings.length === 0) return undefined;
    const mean = quotient(total(ratings), whole(ratings.length));
    return { signal, value: ratings.join(', '), part: quotient(difference(mean, [1n, 1n]), whole(4)) };
  }
  const value = measure(signal, of);
  if (!value) return undefined;
  const floor = written(signal.floor);
  const part = quotient(difference(value, floor), difference(written(signal.target), floor));
  const clamped: Fraction = isLess(part, [0n, 1n]) ? [0n, 1n] : isLess([1n, 1n], part) ? [1n, 1n] : part;
  return { signal, value: value.join('/'), part: clamped };
};

/** The example file has the default signals written out. */
const defaults = (): readonly Signal[] => parse(readFileSync('examples/program.yaml', 'utf8')).health.signals;

const weightOf = ({ weight }: Signal): Fraction => whole(weight ?? 1);

export const recomputeScore = (of: PartnerFacts, health: HealthRules): Recomputed => {
  const [main = ''] = of.profile.types;
  const track = health.tracks?.find(({ partnerTypes }) => partnerTypes.includes(main));
  const weights = Object.entries(track?.weights ?? health.weights).filter(([, weight]) => weight > 0);
  const signals = (health.signals ?? defaults()).filter(({ id }) => !track?.without?.includes(id));
  const judged = weights.map(([category, weight]) => {
    const its = signals.filter((signal) => signal.category === category);
    const outcomes = its.flatMap((signal) => outcomeOf(signal, of) ?? []);
    const known = sum(outcomes.map(({ signal }) => weightOf(signal)));
    const points = sum(outcomes.map(({ signal, part }) => product(part, weightOf(signal))));
    const covered = quotient(known, sum(its.map(weightOf)));
    return {
      category,
      weight: whole(weight),
      outcomes,
      covered,
      part: outcomes.length > 0 ? quotient(points, known) : undefined,
    };
  });
  const known = judged.flatMap(({ part, ...rest }) => (part ? [{ ...rest, part }] : []));
  const score: Fraction =
    known.length === 0
      ? [0n, 1n]
      : quotient(sum(known.map(({ weight, part }) => product(weight, part))), sum(known.map(({ weight }) => weight)));
  const reaches = (edge: number): boolean => !isLess(score, [BigInt(edge), 100n]);
  const { strong, stable } = health.bands;
  return {
    points: thousandths(score),
    band: reaches(strong) ? 'strong' : reaches(stable) ? 'stable' : 'developing',
    coverage: thousandths(quotient(sum(judged.map(({ weight, covered }) => product(weight, covered))), whole(100))),
    categories: Object.fromEntries(known.map(({ category, part }) => [category, thousandths(part)])),
    values: Object.fromEntries(
      known.flatMap(({ outcomes }) => outcomes.map(({ signal, value }) => [signal.id, value])),
    ),
  };
};
