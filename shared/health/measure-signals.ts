import { quartersBefore } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, isFactKind, kindOf } from '#shared/facts/fact-kinds.ts';
import { type FactsByQuarter, factsByQuarter, type PlacedFact } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import type { Measured, Score } from './score.ts';
import { kindsOf } from './scoring-rules.ts';

/** One kind of fact goes into a signal. */
interface Tap {
  readonly kind: FactKindId;
  /** Holds until something newer takes its place, so it is looked at however far back it was told. */
  readonly standing: boolean;
  readonly amounts: boolean;
  readonly isPart: boolean;
  readonly isWhole: boolean;
}

/** A signal made ready to be measured. */
interface Gauge {
  readonly signal: Signal;
  /** Whether its value is 0 without facts. */
  readonly zeroKnown: boolean;
  readonly taps: readonly Tap[];
}

/** In a ratio what carries hours, days or points stands for one thing that happened. */
const addsUp = (kind: FactKindId): boolean => ['money', 'count'].includes(kindOf(kind).unit);

/** How often something happened, by one fact of it: what goes off a sum again did not happen. */
const timesOf = ({ kind, value }: Fact): number => (value < 0 && addsUp(kind) ? -1 : 1);

const gaugeOf = (signal: Signal): Gauge => {
  const { facts = [], of = [], how } = signal;
  const taps = [...new Set([...facts, ...of])].filter(isFactKind).map((kind): Tap => {
    const amounts = how === 'ratio' ? addsUp(kind) : how !== 'count';
    const standing = kindOf(kind).standing ?? false;
    return { kind, standing, amounts, isPart: facts.includes(kind), isWhole: of.includes(kind) };
  });
  const zeroKnown = (how === 'sum' || how === 'count') && kindsOf(facts).some((kind) => kind.zeroKnown);
  return { signal, zeroKnown, taps };
};

const gauges = new WeakMap<readonly Signal[], readonly Gauge[]>();

/** Made once, since the same signals are measured for a hundred thousand partners. */
const gaugesOf = (signals: readonly Signal[]): readonly Gauge[] => {
  const made = gauges.get(signals) ?? signals.map(gaugeOf);
  gauges.set(signals, made);
  return made;
};

const nameOf = ({ id, kind, quarter }: Fact): string => `${id} ${kind} ${quarter}`;

/** The one that happened later; of one second, the one with the greater id, so that the order of facts says nothing. */
const isLater = (a: Fact, b: Fact | undefined): boolean =>
  !b || a.at > b.at || (a.at === b.at && nameOf(a) > nameOf(b));

/** Of what holds until something newer takes its place only the newest counts. */
const newest = (facts: readonly PlacedFact[]): readonly PlacedFact[] => {
  if (facts.length < 2) return facts;
  const holding = new Map<string, PlacedFact>();
  for (const placed of facts)
    if (placed.back >= 0 && isLater(placed.fact, holding.get(placed.fact.id)?.fact))
      holding.set(placed.fact.id, placed);
  return [...holding.values()];
};

/** Undefined where nothing is known. */
const measure = (from: FactsByQuarter, { signal, zeroKnown, taps }: Gauge): Measured | undefined => {
  const { how, quarters = 1 } = signal;
  let [part, whole, facts] = [0, 0, 0];
  // Of the absolute values, which bounds the sums in whatever order they are made.
  let size = 0;
  let last: Fact | undefined;
  for (const { kind, standing, amounts, isPart, isWhole } of taps)
    for (const { fact, back } of standing ? newest(from.ofKind(kind)) : from.ofKind(kind)) {
      if (back < 0 || (!standing && back >= quarters)) continue;
      const amount = amounts ? fact.value : timesOf(fact);
      if (isPart) part += amount;
      if (isWhole) whole += amount;
      facts += 1;
      size += Math.abs(amount);
      if (how === 'last' && isLater(fact, last)) last = fact;
    }
  if (size > Number.MAX_SAFE_INTEGER) throw new RangeError(`The facts of ${signal.id} add up to too much.`);
  if (facts === 0) return zeroKnown ? [0, 1, 0] : undefined;
  if (how === 'mean') return [part, facts, facts];
  if (how === 'last') return last && [last.value, 1, 1];
  if (how === 'ratio') return whole > 0 ? [part, whole, facts] : undefined;
  return [part, 1, facts];
};

/** A rating's id is that of its signal, a dot, and the number of its rater. */
const signalOfRating = (id: string): string => id.slice(0, id.lastIndexOf('.'));

/** By the id of the signal, in the order of their raters. */
const ratingsIn = (facts: FactsByQuarter): ReadonlyMap<string, readonly Fact[]> =>
  Map.groupBy(
    facts.of('health.assessed', 0).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ({ id }) => signalOfRating(id),
  );

/**
 * What a partner's facts, which may be in any order, say of the signals, in the order of these. Of what holds until something newer
 * takes its place only the newest counts, however far back it was told. Throws a RangeError when facts add up to more than can be
 * kept exactly.
 */
export const gather = (of: PartnerFacts, signals: readonly Signal[]): Pick<Score, 'judged' | 'measured'> => {
  const facts = factsByQuarter(of);
  const ratings = ratingsIn(facts);
  const [judged, measured]: [Record<string, readonly number[]>, Record<string, Measured>] = [{}, {}];
  for (const gauge of gaugesOf(signals)) {
    const { id, assessed } = gauge.signal;
    const rated = assessed && ratings.get(id);
    if (rated) judged[id] = rated.map(({ value }) => value);
    const value = assessed ? undefined : measure(facts, gauge);
    if (value) measured[id] = value;
  }
  return { judged, measured };
};

const isBehind = (fact: Fact, { id, assessed, facts = [], of = [] }: Signal): boolean =>
  assessed
    ? fact.kind === 'health.assessed' && signalOfRating(fact.id) === id
    : facts.includes(fact.kind) || of.includes(fact.kind);

/** The facts that a signal's value of the quarter is made from, in the order in which they happened. */
export const factsBehind = ({ facts, quarter }: PartnerFacts, signal: Signal): readonly Fact[] => {
  const from = quartersBefore(quarter, (signal.quarters ?? 1) - 1);
  const holding = new Map<string, Fact>();
  for (const fact of facts) {
    if (!isBehind(fact, signal) || fact.quarter > quarter) continue;
    const { standing } = kindOf(fact.kind);
    if (!standing && fact.quarter < from) continue;
    const name = standing ? `${fact.kind} ${fact.id}` : nameOf(fact);
    if (isLater(fact, holding.get(name))) holding.set(name, fact);
  }
  const inOrder = [...holding.values()].sort((a, b) => (isLater(a, b) ? 1 : -1));
  return signal.how === 'last' ? inOrder.slice(-1) : inOrder;
};
