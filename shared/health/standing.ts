import type { Signal, Track } from '#shared/program/health-rules.ts';
import { minus, type Ratio, times, zero } from './ratio.ts';
import type { Score } from './score.ts';
import { type ScoringRules, signalsOf, weightsOf } from './scoring-rules.ts';
import { partsOf } from './settle-score.ts';
import { type Balance, type Part, weigh } from './weigh-signals.ts';

/** A kept score taken apart again, exactly. */
export interface Standing {
  readonly track: Track | undefined;
  readonly parts: readonly Part[];
  readonly balance: Balance;
  /** By id, the part of the whole score that a signal gives at most; only those with data. */
  readonly shares: ReadonlyMap<string, Ratio>;
}

const sharesOf = (parts: readonly Part[], { categories, known }: Balance): Standing['shares'] =>
  new Map(
    parts.flatMap(({ signal, part }) => {
      const category = categories.find(({ category: name }) => name === signal.category);
      if (!part || !category) return [];
      const n = category.weight * BigInt(signal.weight ?? 1);
      return [[signal.id, { n, d: known * category.known }] as const];
    }),
  );

/** By the rules that the score was made with. */
export const standingOf = (score: Score, rules: ScoringRules): Standing => {
  const track = rules.tracks.find(({ id }) => id === score.track);
  const parts = partsOf(signalsOf(rules, track), score);
  const balance = weigh(parts, weightsOf(rules, track));
  return { track, parts, balance, shares: sharesOf(parts, balance) };
};

/** What a signal gives of the score, from 0 to 1. */
const givenBy = ({ parts, shares }: Standing, { id }: Signal): Ratio => {
  const part = parts.find(({ signal }) => signal.id === id)?.part;
  const share = shares.get(id);
  return part && share ? times(part, share.n, share.d) : zero;
};

/**
 * What each signal gives, in tenths that add up to the shown points: what rounding leaves over goes to those who were rounded down
 * by most.
 */
export const pointsBySignal = (standing: Standing, points: number): ReadonlyMap<string, number> => {
  const exact = standing.parts.map(({ signal }) => {
    const given = times(givenBy(standing, signal), 1000n);
    const whole = given.n / given.d;
    return { id: signal.id, whole: Number(whole), rest: minus(given, { n: whole, d: 1n }) };
  });
  const left = points - exact.reduce((sum, { whole }) => sum + whole, 0);
  const byRest = exact.toSorted((a, b) => Number(b.rest.n * a.rest.d - a.rest.n * b.rest.d) || (a.id < b.id ? -1 : 1));
  const raised = new Set(byRest.slice(0, left).map(({ id }) => id));
  return new Map(exact.map(({ id, whole }) => [id, whole + (raised.has(id) ? 1 : 0)]));
};
