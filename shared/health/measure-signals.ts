import { type Quarter, quartersBefore } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, isFactKind, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import type { Measured } from './score.ts';
import { kindsOf } from './scoring-rules.ts';

/** What the facts of some signals are gathered by; made once for all partners of a quarter. */
export interface Gathering {
  readonly quarter: Quarter;
  readonly signals: readonly Signal[];
  /** Whether a signal's value is 0 without facts. */
  readonly zeroKnown: readonly boolean[];
  readonly taps: ReadonlyMap<FactKindId, readonly Tap[]>;
}

/** One kind of fact goes into one signal. */
interface Tap {
  readonly signal: number;
  /** First quarter that is looked at. */
  readonly from: Quarter;
  readonly amounts: boolean;
  readonly isPart: boolean;
  readonly isWhole: boolean;
}

/** In a ratio what carries hours, days or points stands for one thing that happened. */
const addsUp = (kind: FactKindId): boolean => ['money', 'count'].includes(kindOf(kind).unit);

export const gatheringOf = (signals: readonly Signal[], quarter: Quarter): Gathering => {
  const taps = new Map<FactKindId, Tap[]>();
  for (const [signal, { facts = [], of = [], how, quarters = 1 }] of signals.entries())
    for (const kind of new Set([...facts, ...of].filter(isFactKind))) {
      const amounts = how === 'ratio' ? addsUp(kind) : how !== 'count';
      const isPart = facts.includes(kind);
      const from = quartersBefore(quarter, quarters - 1);
      taps.set(kind, [...(taps.get(kind) ?? []), { signal, from, amounts, isPart, isWhole: of.includes(kind) }]);
    }
  const zeroKnown = signals.map(
    ({ facts, how }) => (how === 'sum' || how === 'count') && kindsOf(facts).some((kind) => kind.zeroKnown),
  );
  return { quarter, signals, zeroKnown, taps };
};

/** What facts add up to so far. */
interface Heap {
  part: number;
  whole: number;
  facts: number;
  /** Of the absolute values, which bounds the sums in whatever order they are made. */
  size: number;
  last: Fact | undefined;
}

const nameOf = ({ id, kind, quarter }: Fact): string => `${id} ${kind} ${quarter}`;

/** The one that happened later; of one second, the one with the greater id, so that the order of facts says nothing. */
const isLater = (a: Fact, b: Fact | undefined): boolean =>
  !b || a.at > b.at || (a.at === b.at && nameOf(a) > nameOf(b));

const put = (heap: Heap, fact: Fact, { amounts, isPart, isWhole }: Tap): void => {
  const amount = amounts ? fact.value : 1;
  if (isPart) heap.part += amount;
  if (isWhole) heap.whole += amount;
  heap.facts += 1;
  heap.size += Math.abs(amount);
  if (isLater(fact, heap.last)) heap.last = fact;
};

const measuredBy = (signal: Signal, heap: Heap | undefined, zeroKnown: boolean): Measured | undefined => {
  if (!heap) return zeroKnown ? [0, 1, 0] : undefined;
  if (heap.size > Number.MAX_SAFE_INTEGER) throw new RangeError(`The facts of ${signal.id} add up to too much.`);
  const { part, whole, facts, last } = heap;
  if (signal.how === 'mean') return [part, facts, facts];
  if (signal.how === 'last') return last && [last.value, 1, 1];
  if (signal.how === 'ratio') return whole > 0 ? [part, whole, facts] : undefined;
  return [part, 1, facts];
};

/** A rating's id is that of its signal, a dot, and the number of its rater. */
const signalOfRating = (id: string): string => id.slice(0, id.lastIndexOf('.'));

export interface Gathered {
  /** By the place of the signal. */
  readonly values: readonly (Measured | undefined)[];
  /** By the id of the signal, in the order of their raters. */
  readonly ratings: ReadonlyMap<string, readonly number[]>;
}

/**
 * The values of all signals, in one pass over a partner's facts, which may be in any order. Of what holds until something newer takes
 * its place only the newest counts, however far back it was told. Throws a RangeError when facts add up to
 * more than can be kept exactly.
 */
export const gather = ({ facts }: PartnerFacts, { quarter, signals, zeroKnown, taps }: Gathering): Gathered => {
  const heaps: (Heap | undefined)[] = Array.from({ length: signals.length });
  const rated: Fact[] = [];
  const holding = new Map<string, Fact>();
  const add = (fact: Fact, stands: boolean): void => {
    for (const tap of taps.get(fact.kind) ?? []) {
      if (!stands && fact.quarter < tap.from) continue;
      const heap = heaps[tap.signal] ?? { part: 0, whole: 0, facts: 0, size: 0, last: undefined };
      heaps[tap.signal] = heap;
      put(heap, fact, tap);
    }
  };
  for (const fact of facts) {
    if (fact.quarter > quarter) continue;
    if (fact.kind === 'health.assessed' && fact.quarter === quarter) rated.push(fact);
    if (!taps.has(fact.kind)) continue;
    if (!kindOf(fact.kind).standing) {
      add(fact, false);
      continue;
    }
    const name = `${fact.kind} ${fact.id}`;
    if (isLater(fact, holding.get(name))) holding.set(name, fact);
  }
  for (const fact of holding.values()) add(fact, true);
  rated.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ratings = Map.groupBy(rated, ({ id }) => signalOfRating(id));
  return {
    values: signals.map((signal, index) => measuredBy(signal, heaps[index], zeroKnown[index] ?? false)),
    ratings: new Map([...ratings].map(([id, facts]) => [id, facts.map(({ value }) => value)])),
  };
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
