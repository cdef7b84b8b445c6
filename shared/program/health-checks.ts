import { type FactKind, factKinds, isFactKind, kindOf } from '#shared/facts/fact-kinds.ts';
import { kindsOf, type ScoringRules, scoringRulesOf, signalsOf } from '#shared/health/scoring-rules.ts';
import { categories, categoryNames, type HealthRules, type Signal, type Track } from '#shared/program/health-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';

type Path = readonly (string | number)[];

const fault = (path: Path, message: string): ProgramFault => ({ path, message });

const quoted = (ids: readonly string[]): string => ids.map((id) => `"${id}"`).join(', ');

/** Those that begin alike; all first words where none does. */
const alike = (id: string): readonly string[] => {
  const first = (name: string): string => name.split('.', 1).join();
  const ids = Object.keys(factKinds);
  const same = ids.filter((other) => first(other) === first(id));
  return same.length > 0 ? same : [...new Set(ids.map((other) => (other.includes('.') ? `${first(other)}.…` : other)))];
};

const whyNot = ({ company, source }: FactKind): string | undefined => {
  if (company) return 'is about the company and no single partner';
  return source === 'health' ? 'is itself made by scoring' : undefined;
};

export const kindFaults = (ids: readonly string[], path: Path): ProgramFault[] =>
  ids.flatMap((id, index) => {
    if (!isFactKind(id))
      return [fault([...path, index], `names the unknown kind of fact "${id}": there are ${quoted(alike(id))}`)];
    const why = whyNot(kindOf(id));
    return why ? [fault([...path, index], `names the kind of fact "${id}", which ${why}`)] : [];
  });

const ofMeasuring = ['facts', 'how', 'of', 'quarters', 'floor', 'target'] as const;

const assessedFaults = (signal: Signal, path: Path): ProgramFault[] =>
  ofMeasuring
    .filter((name) => signal[name] !== undefined)
    .map((name) => fault([...path, name], 'cannot be said of a signal that people assess'));

type Measuring = Pick<Signal, 'facts' | 'of' | 'how'>;

/** Facts that are put together must be of one unit; where only their number counts, whatever they carry. */
export const unitFaults = ({ facts, of, how }: Measuring, path: Path): ProgramFault[] => {
  if (how === 'count') return [];
  const kinds = kindsOf([...(facts ?? []), ...(how === 'ratio' ? (of ?? []) : [])]);
  const units = new Set(kinds.map(({ unit }) => (how === 'ratio' && unit !== 'money' ? 'count' : unit)));
  if (units.size < 2) return [];
  return [fault([...path, 'facts'], `puts together what is not of one unit: ${[...units].join(' and ')}`)];
};

const isMoney = ({ facts, how }: Measuring): boolean =>
  how !== 'count' && how !== 'ratio' && kindsOf(facts).some(({ unit }) => unit === 'money');

/** A mark is an amount where the facts are money, and a plain number elsewhere. */
export const markFault = (mark: Signal['target'], measuring: Measuring, path: Path): ProgramFault[] => {
  const money = isMoney(measuring);
  if (mark === undefined || (typeof mark === 'object') === money) return [];
  return [
    fault(
      path,
      money
        ? 'must be an amount with its currency, because the facts are money'
        : 'must be a plain number, because what is measured is no money',
    ),
  ];
};

const markFaults = (signal: Signal, path: Path): ProgramFault[] => {
  const { floor, target } = signal;
  const faults = (['floor', 'target'] as const).flatMap((name) => markFault(signal[name], signal, [...path, name]));
  if (target === undefined) return [...faults, fault(path, 'is measured and must have "target"')];
  const plain = (mark: Signal['target']): number => (typeof mark === 'object' ? mark.amountMinor : (mark ?? 0));
  if (faults.length === 0 && plain(target) === plain(floor))
    faults.push(fault([...path, 'target'], 'must not be the same as "floor" (which is 0 if it is not said)'));
  return faults;
};

const measuredFaults = (signal: Signal, path: Path): ProgramFault[] => {
  const { facts, how, of, quarters, question } = signal;
  if (!facts) return [fault(path, 'must have either "facts" or "assessed: true"')];
  const faults = [...kindFaults(facts, [...path, 'facts']), ...kindFaults(of ?? [], [...path, 'of'])];
  if (!how) faults.push(fault(path, 'is measured and must have "how"'));
  if (how === 'ratio' && !of) faults.push(fault(path, 'is a ratio and must say what it is a part of in "of"'));
  if (how !== 'ratio' && of) faults.push(fault([...path, 'of'], 'is for ratios only'));
  if (question) faults.push(fault([...path, 'question'], 'is for signals that people assess'));
  const kinds = kindsOf([...facts, ...(of ?? [])]);
  if (quarters !== undefined && kinds.length > 0 && kinds.every(({ standing }) => standing))
    faults.push(fault([...path, 'quarters'], 'cannot be said of what holds until something newer takes its place'));
  return [...faults, ...unitFaults(signal, path), ...markFaults(signal, path)];
};

const signalFaults = (signals: readonly Signal[]): ProgramFault[] =>
  signals.flatMap((signal, index) => {
    const path = ['health', 'signals', index];
    const faults = signal.assessed ? assessedFaults(signal, path) : measuredFaults(signal, path);
    if (signals.findIndex(({ id }) => id === signal.id) < index)
      faults.push(fault([...path, 'id'], `repeats "${signal.id}", which is already there`));
    // Scores keep values by these names and are compared byte by byte: JavaScript puts numbers in an order of its own, and every
    // object of it has a constructor.
    if (/^(\d.*|constructor)$/.test(signal.id))
      faults.push(fault([...path, 'id'], 'must begin with a letter, and not be "constructor"'));
    return faults;
  });

const sumFaults = (weights: HealthRules['weights'], path: Path): ProgramFault[] => {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return sum === 100 ? [] : [fault(path, `must have weights that sum to 100, but they sum to ${sum}`)];
};

/** A category that weighs something has signals to judge it by. */
const emptyCategories = (rules: ScoringRules, track: Track | undefined, path: Path): ProgramFault[] => {
  const weights = track?.weights ?? rules.weights;
  const judged = new Set(signalsOf(rules, track).map(({ category }) => category));
  return categories
    .filter((category) => weights[category] > 0 && !judged.has(category))
    .map((category) =>
      fault([...path, category], `gives points to "${categoryNames[category]}", of which there is no signal`),
    );
};

const trackFaults = (rules: ScoringRules, types: readonly string[]): ProgramFault[] => {
  const owners = new Map<string, string>();
  const signals = rules.signals.map(({ id }) => id);
  return rules.tracks.flatMap((track, index) => {
    const path = ['health', 'tracks', index];
    const faults = [
      ...sumFaults(track.weights, [...path, 'weights']),
      ...emptyCategories(rules, track, [...path, 'weights']),
    ];
    if (rules.tracks.findIndex(({ id }) => id === track.id) < index)
      faults.push(fault([...path, 'id'], `repeats "${track.id}", which is already there`));
    for (const [place, type] of track.partnerTypes.entries()) {
      const owner = owners.get(type);
      owners.set(type, track.id);
      if (owner) faults.push(fault([...path, 'partnerTypes', place], `names "${type}", which "${owner}" has already`));
      if (!types.includes(type))
        faults.push(
          fault(
            [...path, 'partnerTypes', place],
            `names the unknown partner type "${type}": it must be one of ${quoted(types)}`,
          ),
        );
    }
    for (const [place, id] of (track.without ?? []).entries())
      if (!signals.includes(id))
        faults.push(
          fault([...path, 'without', place], `names the unknown signal "${id}": it must be one of ${quoted(signals)}`),
        );
    return faults;
  });
};

/** What the fields of the health rules must have to do with each other, and with the facts there are. */
export const healthFaults = ({ health, partnerTypes }: Program): ProgramFault[] => {
  const rules = scoringRulesOf(health);
  const { strong, stable } = health.bands;
  return [
    ...sumFaults(health.weights, ['health', 'weights']),
    ...emptyCategories(rules, undefined, ['health', 'weights']),
    ...(stable >= strong
      ? [fault(['health', 'bands', 'stable'], `must be less than "strong", which is ${strong}`)]
      : []),
    ...signalFaults(health.signals ?? []),
    ...trackFaults(
      rules,
      partnerTypes.map(({ id }) => id),
    ),
  ];
};
