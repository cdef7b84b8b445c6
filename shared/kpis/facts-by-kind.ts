import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import { lastTold } from '#shared/facts/last-told.ts';

/** A partner's facts, sorted once so that each question looks at few of them. */
export type FactsByKind = ReadonlyMap<FactKindId, readonly Fact[]>;

/** What holds counts as it was told by the end of the quarter, so that a past quarter comes out as it did then. */
export const factsByKind = (facts: readonly Fact[], end: number): FactsByKind => {
  const sorted = new Map<FactKindId, Fact[]>();
  for (const fact of facts) {
    if (fact.at >= end && kindOf(fact.kind).standing) continue;
    const those = sorted.get(fact.kind);
    if (those) those.push(fact);
    else sorted.set(fact.kind, [fact]);
  }
  return new Map([...sorted].map(([kind, those]) => [kind, kindOf(kind).standing ? lastTold(those) : those]));
};

const none: readonly Fact[] = [];

export const ofKind = (facts: FactsByKind, kind: FactKindId): readonly Fact[] => facts.get(kind) ?? none;

/** Which of two facts holds: the newer; of two of one instant that of the greater id, so that their order changes nothing. */
export const isLater = (fact: Fact, than: Fact | undefined): boolean =>
  than === undefined || fact.at > than.at || (fact.at === than.at && fact.id > than.id);
