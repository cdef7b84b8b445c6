import type { Fact } from './fact.ts';

const isLater = (fact: Fact, than: Fact): boolean =>
  fact.at > than.at || (fact.at === than.at && (fact.rank ?? 0) > (than.rank ?? 0));

/** Of standing facts of one kind: for each thing that something was told about, what was told last. */
export const lastTold = (facts: readonly Fact[]): readonly Fact[] => {
  const told = new Map<string, Fact>();
  for (const fact of facts) {
    const other = told.get(fact.id);
    if (!other || isLater(fact, other)) told.set(fact.id, fact);
  }
  return [...told.values()];
};
