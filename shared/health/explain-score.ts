import { type Quarter, quartersBefore } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { type Category, categories, categoryNames, type Signal } from '#shared/program/health-rules.ts';
import type { Judged } from './levers.ts';
import { factsBehind } from './measure-signals.ts';
import { isAtLeast, type Ratio, ratioOf } from './ratio.ts';
import type { Band, Score } from './score.ts';
import { kindsOf, weightsOf } from './scoring-rules.ts';
import { tenths } from './settle-score.ts';
import { plainMarks, type SignalUnit, tellMarks, tellValue, unitOf, valueIn } from './signal-words.ts';
import { pointsBySignal, type Standing, standingOf } from './standing.ts';

/** How much of a score is known: `high` from 80 %, `medium` from 50 %. */
export type Confidence = 'high' | 'medium' | 'low';

/** Why a signal gives other points than in the last quarter: by its own value, or by what else is known and weighs. */
export type Reason = 'value' | 'newly-known' | 'no-longer-known' | 'weights';

/** Facts behind a value: all of these kinds in these quarters, of what holds until something newer comes without quarters. */
export interface FactsBehind {
  readonly kinds: readonly string[];
  readonly of?: readonly string[];
  readonly count: number;
  readonly from?: Quarter;
  readonly to?: Quarter;
  /** Each of them, in the order in which they happened; where the explanation was given the partner's facts. */
  readonly lines?: readonly Fact[];
}

/** All points are tenths. */
export interface SignalExplanation {
  readonly id: string;
  readonly name: string;
  readonly question?: string;
  readonly unit: SignalUnit;
  readonly floor: number;
  readonly target: number;
  /** In the unit, for showing; absent where nothing is known. */
  readonly value?: number;
  /** `9 hours; no points at 120 hours, all at 24 hours`. */
  readonly told: string;
  /** 0 to 1000 of its own. */
  readonly points?: number;
  /** What it gives of the score, and what it could. */
  readonly given: number;
  readonly most: number;
  readonly change?: number;
  readonly because?: Reason;
  readonly facts?: FactsBehind;
  readonly ratings?: readonly number[];
  /** Ratings lie more than two apart. */
  readonly disagreement?: true;
  readonly secondRatingMissing?: true;
}

export interface CategoryExplanation {
  readonly category: Category;
  readonly name: string;
  /** Points that the program gives it, before those of what is not known are spread. */
  readonly weight: number;
  readonly points?: number;
  readonly given: number;
  readonly most: number;
  readonly change?: number;
  readonly signals: readonly SignalExplanation[];
}

export interface Explanation {
  readonly points: number;
  readonly band: Band;
  readonly coverage: number;
  readonly confidence: Confidence;
  readonly track?: string;
  /** Since the last quarter: `change` is `won` less `lost`; `dropped` are signals that are not judged any more. */
  readonly change?: number;
  readonly won?: number;
  readonly lost?: number;
  readonly dropped?: readonly { readonly id: string; readonly name: string; readonly change: number }[];
  readonly categories: readonly CategoryExplanation[];
}

const confidenceOf = (coverage: Ratio): Confidence => {
  if (isAtLeast(coverage, ratioOf(4n, 5n))) return 'high';
  return isAtLeast(coverage, ratioOf(1n, 2n)) ? 'medium' : 'low';
};

/** What is explained: `facts` are those that the score was made from, where every line of them is wanted. */
interface Explained extends Judged {
  readonly quarter: Quarter;
  readonly facts?: PartnerFacts;
}

/** One quarter's score, taken apart. */
interface Opened {
  readonly judged: Judged;
  readonly standing: Standing;
  readonly given: ReadonlyMap<string, number>;
}

const open = (judged: Judged): Opened => {
  const standing = standingOf(judged.score, judged.rules);
  return { judged, standing, given: pointsBySignal(standing, judged.score.points) };
};

const isKnown = ({ judged, measured }: Score, { id }: Signal): boolean =>
  judged[id] !== undefined || measured[id] !== undefined;

const sameValue = (a: Score, b: Score, id: string): boolean =>
  JSON.stringify([a.measured[id]?.slice(0, 2), a.judged[id]]) ===
  JSON.stringify([b.measured[id]?.slice(0, 2), b.judged[id]]);

const reasonFor = (now: Score, before: Score, signal: Signal): Reason => {
  if (!isKnown(before, signal)) return 'newly-known';
  if (!isKnown(now, signal)) return 'no-longer-known';
  return sameValue(now, before, signal.id) ? 'weights' : 'value';
};

const changeOf = (signal: Signal, now: Opened, before: Opened | undefined) => {
  if (!before) return {};
  const change = (now.given.get(signal.id) ?? 0) - (before.given.get(signal.id) ?? 0);
  return { change, ...(change === 0 ? {} : { because: reasonFor(now.judged.score, before.judged.score, signal) }) };
};

const factsOf = (signal: Signal, count: number, { quarter, facts: partner }: Explained): FactsBehind => {
  const { facts, of, quarters = 1 } = signal;
  const stands = kindsOf([...(facts ?? []), ...(of ?? [])]).every(({ standing }) => standing);
  return {
    kinds: facts ?? [],
    ...(of ? { of } : {}),
    count,
    ...(stands ? {} : { from: quartersBefore(quarter, quarters - 1), to: quarter }),
    ...(partner ? { lines: factsBehind(partner, signal) } : {}),
  };
};

const behind = (signal: Signal, explained: Explained) => {
  const { score, rules } = explained;
  const ratings = score.judged[signal.id];
  if (ratings)
    return {
      ratings,
      ...(Math.max(...ratings) - Math.min(...ratings) > 2 ? { disagreement: true as const } : {}),
      ...(rules.secondRater && ratings.length < 2 ? { secondRatingMissing: true as const } : {}),
    };
  const measured = score.measured[signal.id];
  return measured ? { facts: factsOf(signal, measured[2], explained) } : {};
};

const explainSignal = (
  signal: Signal,
  now: Opened,
  of: { explained: Explained; before: Opened | undefined },
): SignalExplanation => {
  const { judged, standing, given } = now;
  const part = standing.parts.find((each) => each.signal.id === signal.id)?.part;
  const value = valueIn(judged.score, signal);
  const [none, all] = tellMarks(signal, judged.currency);
  const share = standing.shares.get(signal.id);
  const [floor, target] = plainMarks(signal);
  const told = value === undefined ? 'not known' : tellValue(signal, value, judged.currency);
  return {
    id: signal.id,
    name: signal.name,
    ...(signal.question ? { question: signal.question } : {}),
    unit: unitOf(signal),
    floor,
    target,
    ...(value === undefined ? {} : { value }),
    told: `${told}; no points at ${none}, all at ${all}`,
    ...(part ? { points: tenths(part) } : {}),
    given: given.get(signal.id) ?? 0,
    most: share ? tenths(share) : 0,
    ...changeOf(signal, now, of.before),
    ...behind(signal, of.explained),
  };
};

const total = (parts: readonly { readonly change?: number }[]): number =>
  parts.reduce((sum, { change = 0 }) => sum + change, 0);

const explainCategory = (category: Category, now: Opened, of: { explained: Explained; before: Opened | undefined }) => {
  const { standing, judged } = now;
  const weighed = standing.balance.categories.find((each) => each.category === category);
  const signals = judged.rules.signals
    .filter((signal) => signal.category === category && standing.parts.some((part) => part.signal.id === signal.id))
    .map((signal) => explainSignal(signal, now, of));
  return {
    category,
    name: categoryNames[category],
    weight: weightsOf(judged.rules, standing.track)[category],
    ...(weighed ? { points: tenths(weighed.part) } : {}),
    given: signals.reduce((sum, { given }) => sum + given, 0),
    most: weighed ? tenths(ratioOf(weighed.weight, standing.balance.known)) : 0,
    ...(of.before ? { change: total(signals) } : {}),
    signals,
  };
};

const since = (before: Opened | undefined, explained: readonly CategoryExplanation[]) => {
  if (!before) return {};
  const signals = explained.flatMap((category) => category.signals);
  const dropped = before.standing.parts
    .filter(({ signal }) => !signals.some(({ id }) => id === signal.id) && before.given.get(signal.id))
    .map(({ signal: { id, name } }) => ({ id, name, change: -(before.given.get(id) ?? 0) }));
  const all = [...signals, ...dropped];
  const won = total(all.filter(({ change = 0 }) => change > 0));
  const lost = 0 - total(all.filter(({ change = 0 }) => change < 0));
  return { change: won - lost, won, lost, ...(dropped.length > 0 ? { dropped } : {}) };
};

/**
 * Every point of a score, by category, signal and facts: what is given adds up to the shown points, and the changes to the
 * difference from the last quarter, which is told by the rules it was made with.
 */
export const explainScore = (judged: Explained, last?: Judged): Explanation => {
  const now = open(judged);
  const before = last && open(last);
  const { points, band, coverage, track } = judged.score;
  const weights = weightsOf(judged.rules, now.standing.track);
  const explained = categories
    .filter((category) => weights[category] > 0)
    .map((category) => explainCategory(category, now, { explained: judged, before }));
  return {
    points,
    band,
    coverage,
    confidence: confidenceOf(now.standing.balance.coverage),
    ...(track === undefined ? {} : { track }),
    ...since(before, explained),
    categories: explained,
  };
};
