import { type FactKind, isFactKind, kindOf } from '#shared/facts/fact-kinds.ts';
import type { HealthRules, Signal, Track } from '#shared/program/health-rules.ts';
import { defaultSignals } from './default-signals.ts';

/** The health rules of a program with what it leaves to Tandem filled in. */
export interface ScoringRules extends Pick<HealthRules, 'weights' | 'bands'> {
  readonly secondRater: boolean;
  readonly signals: readonly Signal[];
  readonly tracks: readonly Track[];
}

export const scoringRulesOf = ({ weights, bands, secondRater, signals, tracks }: HealthRules): ScoringRules => ({
  weights,
  bands,
  secondRater: secondRater ?? false,
  signals: signals ?? defaultSignals,
  tracks: tracks ?? [],
});

/** The track of a partner by its main type, which is the first. */
export const trackFor = (rules: ScoringRules, types: readonly string[]): Track | undefined => {
  const [main] = types;
  return main === undefined ? undefined : rules.tracks.find(({ partnerTypes }) => partnerTypes.includes(main));
};

export const weightsOf = (rules: ScoringRules, track: Track | undefined): HealthRules['weights'] =>
  track?.weights ?? rules.weights;

/** The signals that partners of a track are judged by. */
export const signalsOf = (rules: ScoringRules, track: Track | undefined): readonly Signal[] =>
  rules.signals.filter(({ id, category }) => weightsOf(rules, track)[category] > 0 && !track?.without?.includes(id));

/** The kinds of facts that a signal names; a program is checked to name only those there are. */
export const kindsOf = (ids: readonly string[] | undefined): readonly FactKind[] =>
  (ids ?? []).filter(isFactKind).map(kindOf);
