import { type FactKind, isFactKind, kindOf } from '#shared/facts/fact-kinds.ts';
import type { HealthRules, Signal, Track } from '#shared/program/health-rules.ts';
import { defaultSignals } from './default-signals.ts';

/** The health rules of a program with what it leaves to Tandem filled in. */
export interface ScoringRules extends Pick<HealthRules, 'weights' | 'bands'> {
  readonly secondRater: boolean;
  readonly signals: readonly Signal[];
  readonly tracks: readonly Track[];
}

const filledIn = new WeakMap<HealthRules, ScoringRules>();

/** The same rules each time, so that what is made ready for them is made once. */
export const scoringRulesOf = (health: HealthRules): ScoringRules => {
  const { weights, bands, secondRater = false, signals = defaultSignals, tracks = [] } = health;
  const rules = filledIn.get(health) ?? { weights, bands, secondRater, signals, tracks };
  filledIn.set(health, rules);
  return rules;
};

/** The track of a partner by its main type, which is the first. */
export const trackFor = (rules: ScoringRules, types: readonly string[]): Track | undefined => {
  const [main] = types;
  return main === undefined ? undefined : rules.tracks.find(({ partnerTypes }) => partnerTypes.includes(main));
};

export const weightsOf = (rules: ScoringRules, track: Track | undefined): HealthRules['weights'] =>
  track?.weights ?? rules.weights;

const judgedBy = new WeakMap<ScoringRules, Map<string, readonly Signal[]>>();

/** The signals that partners of a track are judged by, in the order of their ids, in which they stand in scores. */
export const signalsOf = (rules: ScoringRules, track: Track | undefined): readonly Signal[] => {
  const known = judgedBy.get(rules) ?? new Map<string, readonly Signal[]>();
  judgedBy.set(rules, known);
  const weights = weightsOf(rules, track);
  const signals =
    known.get(track?.id ?? '') ??
    rules.signals
      .filter(({ id, category }) => weights[category] > 0 && !track?.without?.includes(id))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  known.set(track?.id ?? '', signals);
  return signals;
};

/** The kinds of facts that a signal names; a program is checked to name only those there are. */
export const kindsOf = (ids: readonly string[] | undefined): readonly FactKind[] =>
  (ids ?? []).filter(isFactKind).map(kindOf);
