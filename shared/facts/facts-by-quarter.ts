import { type Quarter, quartersBetween } from '#shared/core/quarters.ts';
import type { Fact } from './fact.ts';
import type { FactKindId } from './fact-kinds.ts';
import { lastTold } from './last-told.ts';
import type { PartnerFacts } from './partner-facts.ts';

/** How many things there were, and what their values add up to. */
export interface Tally {
  readonly count: number;
  readonly sum: number;
}

export interface PlacedFact {
  readonly fact: Fact;
  /** Quarters from the fact's to the one that is looked at; below zero for later ones. */
  readonly back: number;
}

/** The facts of a partner in the order that questions ask for them: by kind, and by how many quarters lie between. */
export interface FactsByQuarter {
  /** Only kinds of which there are facts. */
  readonly byKind: ReadonlyMap<FactKindId, readonly PlacedFact[]>;
  /** Facts of one kind, of whatever quarter. */
  readonly ofKind: (kind: FactKindId) => readonly PlacedFact[];
  /** Facts of one kind; 0 quarters back is the quarter that is looked at. */
  readonly of: (kind: FactKindId, quartersBack: number) => readonly Fact[];
  /** What held at the end of the quarter that is looked at. */
  readonly standing: (kind: FactKindId) => readonly Fact[];
}

const nothing: readonly PlacedFact[] = [];

type Distances = Map<Quarter, number>;
const known = new Map<Quarter, Distances>();

/** Quarters until one that is looked at, found once for all partners of a run. */
const distancesTo = (quarter: Quarter): Distances => {
  const distances = known.get(quarter) ?? new Map();
  known.set(quarter, distances);
  return distances;
};

const sorted = ({ facts, quarter }: PartnerFacts): FactsByQuarter => {
  const distances = distancesTo(quarter);
  const byKind = new Map<FactKindId, PlacedFact[]>();
  for (const fact of facts) {
    let back = distances.get(fact.quarter);
    if (back === undefined) {
      back = quartersBetween(fact.quarter, quarter);
      distances.set(fact.quarter, back);
    }
    const those = byKind.get(fact.kind);
    if (those) those.push({ fact, back });
    else byKind.set(fact.kind, [{ fact, back }]);
  }
  const ofKind = (kind: FactKindId): readonly PlacedFact[] => byKind.get(kind) ?? nothing;
  const where = (kind: FactKindId, holds: (back: number) => boolean): readonly Fact[] =>
    ofKind(kind)
      .filter(({ back }) => holds(back))
      .map(({ fact }) => fact);
  return {
    byKind,
    ofKind,
    of: (kind, quartersBack) => where(kind, (back) => back === quartersBack),
    standing: (kind) => lastTold(where(kind, (back) => back >= 0)),
  };
};

let last: { readonly facts: readonly Fact[]; readonly quarter: Quarter; readonly found: FactsByQuarter } | undefined;

/** One pass over the facts, whatever is asked afterwards: score, scorecard, tier, warnings and figures ask one after the other. */
export const factsByQuarter = (of: PartnerFacts): FactsByQuarter => {
  const { facts, quarter } = of;
  if (last?.facts !== facts || last.quarter !== quarter) last = { facts, quarter, found: sorted(of) };
  return last.found;
};

/** Facts of several kinds in some quarters together. */
export const tally = (facts: FactsByQuarter, kinds: readonly FactKindId[], quartersBack: readonly number[]): Tally => {
  let [count, sum] = [0, 0];
  for (const kind of kinds) {
    for (const { fact, back } of facts.ofKind(kind)) {
      if (!quartersBack.includes(back)) continue;
      count += 1;
      sum += fact.value;
    }
  }
  return { count, sum };
};
