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

/** The facts of a partner in the order that figures ask for them: by kind, and by how many quarters lie between. */
export interface FactsByQuarter {
  /** Facts of one kind; 0 quarters back is the quarter that is looked at. */
  readonly of: (kind: FactKindId, quartersBack: number) => readonly Fact[];
  /** What held at the end of the quarter that is looked at. */
  readonly standing: (kind: FactKindId) => readonly Fact[];
}

const nothing: readonly Fact[] = [];

type Distances = Map<Quarter, number>;
const known = new Map<Quarter, Distances>();

/** Quarters until one that is looked at, found once for all partners of a run; below zero for later ones. */
const distancesTo = (quarter: Quarter): Distances => {
  const distances = known.get(quarter) ?? new Map();
  known.set(quarter, distances);
  return distances;
};

const sorted = ({ facts, quarter }: PartnerFacts): FactsByQuarter => {
  const distances = distancesTo(quarter);
  const byKind = new Map<FactKindId, (Fact[] | undefined)[]>();
  for (const fact of facts) {
    let back = distances.get(fact.quarter);
    if (back === undefined) {
      back = quartersBetween(fact.quarter, quarter);
      distances.set(fact.quarter, back);
    }
    if (back < 0) continue;
    const quarters = byKind.get(fact.kind);
    const there = quarters?.[back];
    if (there) there.push(fact);
    else if (quarters) quarters[back] = [fact];
    else {
      const fresh: (Fact[] | undefined)[] = [];
      fresh[back] = [fact];
      byKind.set(fact.kind, fresh);
    }
  }
  return {
    of: (kind, quartersBack) => byKind.get(kind)?.[quartersBack] ?? nothing,
    standing: (kind) => lastTold((byKind.get(kind) ?? []).flatMap((each) => each ?? [])),
  };
};

let last: { readonly of: PartnerFacts; readonly found: FactsByQuarter } | undefined;

/** One pass over the facts, whatever is asked afterwards; scorecard and tier ask one after the other. Facts of later quarters are left out. */
export const factsByQuarter = (of: PartnerFacts): FactsByQuarter => {
  if (last?.of !== of) last = { of, found: sorted(of) };
  return last.found;
};

/** Facts of several kinds in some quarters together. */
export const tally = (facts: FactsByQuarter, kinds: readonly FactKindId[], quartersBack: readonly number[]): Tally => {
  let [count, sum] = [0, 0];
  for (const kind of kinds) {
    for (const back of quartersBack) {
      for (const { value } of facts.of(kind, back)) {
        count += 1;
        sum += value;
      }
    }
  }
  return { count, sum };
};
