import type { Quarter } from '#shared/core/quarters.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { HealthRules, Track } from '#shared/program/health-rules.ts';
import { type Gathering, gather, gatheringOf } from './measure-signals.ts';
import { isAtLeast, type Ratio, ratioOf, roundHalfEven, times } from './ratio.ts';
import type { Band, Measured, Score } from './score.ts';
import { type ScoringRules, signalsOf, trackFor, weightsOf } from './scoring-rules.ts';
import { type Balance, type Part, partOfMeasured, partOfRatings, type Scale, scaleOf, weigh } from './weigh-signals.ts';

/** The rules made ready for the partners of a track and a quarter. */
interface Ready {
  readonly gathering: Gathering;
  readonly scales: readonly Scale[];
  readonly weights: HealthRules['weights'];
}

const byRules = new WeakMap<ScoringRules, Map<string, Ready>>();

/** Made once for each track and quarter, since the same rules score a hundred thousand partners. */
const readyFor = (rules: ScoringRules, track: Track | undefined, quarter: Quarter): Ready => {
  const known = byRules.get(rules) ?? new Map<string, Ready>();
  byRules.set(rules, known);
  const key = `${quarter} ${track?.id ?? ''}`;
  const found = known.get(key);
  if (found) return found;
  // By id, because so they stand in the score.
  const signals = [...signalsOf(rules, track)].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ready = {
    gathering: gatheringOf(signals, quarter),
    scales: signals.map(scaleOf),
    weights: weightsOf(rules, track),
  };
  known.set(key, ready);
  return ready;
};

/** `part` is of 1, the edges of bands are of 100. */
export const bandOf = (part: Ratio, { strong, stable }: HealthRules['bands']): Band => {
  if (isAtLeast(part, ratioOf(BigInt(strong), 100n))) return 'strong';
  return isAtLeast(part, ratioOf(BigInt(stable), 100n)) ? 'stable' : 'developing';
};

/** As it is shown and kept: tenths of a hundredth part, so that 0.74996 is 750. */
export const tenths = (part: Ratio): number => roundHalfEven(times(part, 1000n));

const categoryPoints = ({ categories }: Balance): Score['categories'] =>
  Object.fromEntries(
    categories.map(({ category, part }) => [category, tenths(part)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/**
 * The health score of a partner's quarter: the same facts, in whatever order, and the same rules give the same bytes. Throws a
 * RangeError when facts add up to more than can be kept exactly.
 */
export const scoreQuarter = (of: PartnerFacts, rules: ScoringRules): Score => {
  const track = trackFor(rules, of.profile.types);
  const { gathering, scales, weights } = readyFor(rules, track, of.quarter);
  const { values, ratings } = gather(of, gathering);
  const [measured, judged]: [Record<string, Measured>, Record<string, readonly number[]>] = [{}, {}];
  const parts = gathering.signals.map((signal, index): Part => {
    const [value, scale, rated] = [values[index], scales[index], ratings.get(signal.id)];
    if (signal.assessed) {
      if (rated) judged[signal.id] = rated;
      return { signal, part: rated && partOfRatings(rated) };
    }
    if (value) measured[signal.id] = value;
    return { signal, part: value && scale && partOfMeasured(value, scale) };
  });
  const balance = weigh(parts, weights);
  return {
    band: bandOf(balance.part, rules.bands),
    categories: categoryPoints(balance),
    coverage: tenths(balance.coverage),
    judged,
    measured,
    points: tenths(balance.part),
    ...(track ? { track: track.id } : {}),
  };
};
