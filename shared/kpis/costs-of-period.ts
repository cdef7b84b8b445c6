import type { Quarter } from '#shared/core/quarters.ts';
import { kindOf } from '#shared/facts/fact-kinds.ts';
import type { CostsOfPeriod } from './kpi-formula.ts';
import { sourced } from './kpi-terms.ts';
import type { Measures } from './measures.ts';
import { type ProgramCosts, totalMinor } from './program-costs.ts';

/** What finance entered, by quarter. */
export type CostsByQuarter = ReadonlyMap<Quarter, Pick<ProgramCosts, 'costs' | 'marginPercent'>>;

/** Percentages have at most four decimals, so this many times a percentage is whole. */
const tenThousandths = (percent: number): bigint => BigInt(Math.round(percent * 10_000));

/** The costs of these quarters together, each quarter's revenue at its own margin; in words which are not entered. */
export const costsOfPeriod = (
  quarters: readonly Quarter[],
  entered: CostsByQuarter,
  revenueOf: (quarter: Quarter) => number,
): CostsOfPeriod | string => {
  const missing = quarters.filter((quarter) => !entered.has(quarter));
  if (missing.length > 0) return `Finance has not entered the program costs of ${missing.join(', ')}.`;
  let costMinor = 0;
  let profitMillionths = 0n;
  for (const quarter of quarters) {
    const costs = entered.get(quarter);
    if (!costs) continue;
    costMinor += totalMinor(costs);
    profitMillionths += BigInt(revenueOf(quarter)) * tenThousandths(costs.marginPercent);
  }
  return { costMinor, profitMillionths };
};

/** What partners sourced in the quarter, by the measures of the quarter itself. */
export const sourcedIn = ({ facts }: Measures): number =>
  sourced.reduce((sum, kind) => sum + (facts[kindOf(kind).code]?.[1] ?? 0), 0);
