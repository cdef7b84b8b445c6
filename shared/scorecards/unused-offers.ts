import { firstDayOf, lastDayOf, type Quarter, quartersBefore } from '#shared/core/quarters.ts';
import { addDays, type Day } from '#shared/core/time.ts';
import { kindOf } from '#shared/facts/fact-kinds.ts';
import { useName } from '#shared/facts/use-name.ts';
import { type KpiSums, sumsOfAll } from '#shared/kpis/kpi-sums.ts';
import { usedTally } from '#shared/kpis/measures.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { defaultWarnings } from './default-scorecard.ts';

/** Something that the program offers, and that no partner has used. */
export interface UnusedOffer {
  readonly what: 'incentive' | 'activity';
  readonly id: string;
  readonly name: string;
  /** For so many quarters. */
  readonly quarters: number;
  /** Then the task is closed by itself; the next quarter looks again. */
  readonly until: Day;
}

type Offers = Pick<Program, 'incentives' | 'mdf' | 'health' | 'fiscalYearStart'>;

/** The quarters that are looked at, the last being the one that is over. */
export const quartersLookedAt = (quarter: Quarter, { health }: Pick<Program, 'health'>): readonly Quarter[] => {
  const { unusedFundsQuarters } = health.warnings ?? defaultWarnings;
  return Array.from({ length: unusedFundsQuarters }, (_, index) =>
    quartersBefore(quarter, unusedFundsQuarters - 1 - index),
  );
};

/** What becomes an earning in every quarter in which somebody reaches it; discounts become none, and years end once. */
const canBeEarned = ({ kind, per, direction }: IncentiveRule): boolean =>
  kind !== 'margin-discount' && per !== 'year' && direction !== 'to-us';

const heldAll = ({ period }: IncentiveRule, first: Day, last: Day): boolean =>
  !period || (period.from <= first && period.until >= last);

/** By quarter, the sums of its last run. */
type Sums = ReadonlyMap<Quarter, KpiSums>;

/** Whether there is something by this name in a quarter; undefined where no run of it is complete. */
const inQuarter = (sums: Sums, quarter: Quarter) => {
  const kept = sums.get(quarter);
  return kept && sumsOfAll(kept)[quarter];
};

/**
 * What nobody has used in quarters whose figures are all known, though it stood in the program from the first of their days on (`then`
 * is the program of that day). Of types of activities only while there were funds for them.
 */
export const unusedOffers = (
  program: Offers,
  then: Pick<Program, 'incentives' | 'mdf'> | undefined,
  { quarter, sums }: { readonly quarter: Quarter; readonly sums: Sums },
): readonly UnusedOffer[] => {
  const quarters = quartersLookedAt(quarter, program);
  const known = quarters.flatMap((each) => inQuarter(sums, each) ?? []);
  if (!then || known.length < quarters.length) return [];
  const [firstQuarter = quarter] = quarters;
  const { fiscalYearStart } = program;
  const [first, last] = [firstDayOf(firstQuarter, fiscalYearStart), lastDayOf(quarter, fiscalYearStart)];
  const { openDays } = program.health.warnings ?? defaultWarnings;
  const until = addDays(last, openDays);
  const isUnused = (what: UnusedOffer['what'], id: string): boolean =>
    known.every(({ tallies }) => tallies[usedTally(useName(what, id))] === undefined);
  const unused = (what: UnusedOffer['what'], offers: readonly { readonly id: string; readonly name: string }[]) =>
    offers
      .filter(({ id }) => isUnused(what, id))
      .map(({ id, name }) => ({ what, id, name, quarters: quarters.length, until }));
  const thereThen = (those: readonly { readonly id: string }[], id: string) => those.some((other) => other.id === id);
  const rules = program.incentives.rules.filter(
    (rule) => canBeEarned(rule) && heldAll(rule, first, last) && thereThen(then.incentives.rules, rule.id),
  );
  const funded = known.every(({ facts }) => (facts[kindOf('mdf.budget').code]?.[1] ?? 0) > 0);
  const activities = program.mdf.activityTypes.filter(({ id }) => thereThen(then.mdf.activityTypes, id));
  return [...unused('incentive', rules), ...(funded ? unused('activity', activities) : [])];
};
