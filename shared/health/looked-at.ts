import { type Quarter, quartersBetween } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import { defaultWarnings } from '#shared/scorecards/default-scorecard.ts';
import { signsOfDeals } from '#shared/scorecards/warnings-of.ts';
import type { Rules } from './judge-partner.ts';

/** Of these it matters when the last one was, or whether there ever was one. */
const everLooked: ReadonlySet<FactKindId> = new Set([
  ...signsOfDeals,
  'partner.activated',
  'partner.left',
  'customer.integrations',
]);

/** Revenue of customers is held against that of the same quarter a year before; scorecards, tiers and fiscal years have four quarters. */
const quartersOfFigures = 5;

/**
 * Which facts say anything of a quarter: half of those that are kept are so old that no score, scorecard, tier, warning or figure asks
 * for them, so that nobody need read them.
 */
export const lookedAtIn = (
  quarter: Quarter,
  { program, scoring }: Rules,
): ((of: Pick<Fact, 'quarter' | 'kind'>) => boolean) => {
  const { unusedFundsQuarters } = program.health.warnings ?? defaultWarnings;
  const longest = Math.max(
    quartersOfFigures,
    unusedFundsQuarters,
    ...scoring.signals.map(({ quarters = 1 }) => quarters),
  );
  return ({ kind, quarter: of }) => {
    if (kindOf(kind).standing || everLooked.has(kind)) return true;
    const back = quartersBetween(of, quarter);
    return back >= 0 && back < longest;
  };
};
