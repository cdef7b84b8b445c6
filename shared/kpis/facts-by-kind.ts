import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import type { FactsByQuarter } from '#shared/facts/facts-by-quarter.ts';
import { lastTold } from '#shared/facts/last-told.ts';

/** A partner's facts as figures of a quarter look at them, which ends at `until`, in seconds since 1970. */
export interface FactsByKind {
  readonly sorted: FactsByQuarter;
  readonly until: number;
}

/** What holds counts as it was told by the end of the quarter, so that a past quarter comes out as it did then. */
export const ofKind = ({ sorted, until }: FactsByKind, kind: FactKindId): readonly Fact[] => {
  const facts = sorted.ofKind(kind).map(({ fact }) => fact);
  return kindOf(kind).standing ? lastTold(facts.filter(({ at }) => at < until)) : facts;
};

/** Which of two facts holds: the newer; of two of one instant that of the greater id, so that their order changes nothing. */
export const isLater = (fact: Fact, than: Fact | undefined): boolean =>
  than === undefined || fact.at > than.at || (fact.at === than.at && fact.id > than.id);
