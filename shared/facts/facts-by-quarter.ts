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

/** One pass over the facts, whatever is asked afterwards. Facts of later quarters are left out. */
export const factsByQuarter = ({ facts, quarter }: PartnerFacts): FactsByQuarter => {
  const distances = new Map<Quarter, number>();
  const byKind = new Map<FactKindId, Map<number, Fact[]>>();
  for (const fact of facts) {
    let back = distances.get(fact.quarter);
    if (back === undefined) {
      back = quartersBetween(fact.quarter, quarter);
      if (back < 0) back = Number.NaN;
      distances.set(fact.quarter, back);
    }
    if (Number.isNaN(back)) continue;
    let byQuarter = byKind.get(fact.kind);
    if (!byQuarter) {
      byQuarter = new Map();
      byKind.set(fact.kind, byQuarter);
    }
    const there = byQuarter.get(back);
    if (there) there.push(fact);
    else byQuarter.set(back, [fact]);
  }
  return {
    of: (kind, quartersBack) => byKind.get(kind)?.get(quartersBack) ?? nothing,
    standing: (kind) => lastTold([...(byKind.get(kind)?.values() ?? [])].flat()),
  };
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
