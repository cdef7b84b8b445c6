import { type Category, categories, type HealthRules, type Signal, type Track } from '#shared/program/health-rules.ts';
import { isAtLeast, type Ratio, ratioOf, roundHalfEven, times } from './ratio.ts';
import type { Band, Score } from './score.ts';
import { type ScoringRules, signalsOf, weightsOf } from './scoring-rules.ts';
import { type Balance, type Part, partOfMeasured, partOfRatings, weigh } from './weigh-signals.ts';

/** What is known of a partner, signal by signal. */
export type Known = Pick<Score, 'judged' | 'measured'>;

/** What one signal is worth by what is known; undefined where nothing is. */
const partOf = (signal: Signal, { judged, measured }: Known): Ratio | undefined => {
  if (signal.assessed) {
    const ratings = judged[signal.id];
    return ratings && partOfRatings(ratings);
  }
  const value = measured[signal.id];
  return value && partOfMeasured(value, signal);
};

export const partsOf = (signals: readonly Signal[], known: Known): readonly Part[] =>
  signals.map((signal) => ({ signal, part: partOf(signal, known) }));

/** Edges of bands are of 100, parts of 1. */
export const edgeOf = (points: number): Ratio => ratioOf(BigInt(points), 100n);

const bandOf = (part: Ratio, { strong, stable }: HealthRules['bands']): Band => {
  if (isAtLeast(part, edgeOf(strong))) return 'strong';
  return isAtLeast(part, edgeOf(stable)) ? 'stable' : 'developing';
};

/** As points are shown and kept: tenths of a hundredth part, so that 0.74996 is 750. */
export const tenths = (part: Ratio): number => roundHalfEven(times(part, 1000n));

const byName = categories.toSorted();

const categoryPoints = (balance: Balance): Score['categories'] => {
  const points: Partial<Record<Category, number>> = {};
  for (const name of byName) {
    const known = balance.categories.find(({ category }) => category === name);
    if (known) points[name] = tenths(known.part);
  }
  return points;
};

/** The score that follows from what is known; `known` has its signals in the order of their ids. */
export const settleScore = (known: Known, rules: ScoringRules, track: Track | undefined): Score => {
  const balance = weigh(partsOf(signalsOf(rules, track), known), weightsOf(rules, track));
  return {
    band: bandOf(balance.part, rules.bands),
    categories: categoryPoints(balance),
    coverage: tenths(balance.coverage),
    judged: known.judged,
    measured: known.measured,
    points: tenths(balance.part),
    ...(track ? { track: track.id } : {}),
  };
};
