import { DomainError } from '#shared/core/errors.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import type { Measured, Score } from './score.ts';
import { type ScoringRules, signalsOf } from './scoring-rules.ts';
import { settleScore } from './settle-score.ts';
import { unitStep } from './weigh-signals.ts';

/** Marks have at most four decimals; so may what is tried. */
const decimals = 10_000;

/** A value in the unit of the signal's marks, as a measured one; money is in minor units. */
export const asMeasured = (signal: Signal, value: number): Measured => {
  const { times, by } = unitStep(signal);
  const top = Number.isInteger(value) ? value : Math.round(value * decimals);
  return [top * Number(by), (Number.isInteger(value) ? 1 : decimals) * Number(times), 0];
};

const refuse = (message: string): never => {
  throw new DomainError('invalid', 'request.invalid', message);
};

const inOrder = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The score as it would be if signals had other values, each in the unit of its marks (money in minor units, a rating from 1 to 5),
 * by the rules that it was made with. Throws `request.invalid` for a signal that is not judged, or a value that it cannot have.
 */
export const whatIf = (score: Score, rules: ScoringRules, values: Readonly<Record<string, number>>): Score => {
  const track = rules.tracks.find(({ id }) => id === score.track);
  const signals = signalsOf(rules, track);
  const [measured, judged] = [{ ...score.measured }, { ...score.judged }];
  for (const [id, value] of Object.entries(values)) {
    const signal = signals.find((other) => other.id === id);
    if (!signal) return refuse(`"${id}" is no signal that this partner is judged by.`);
    if (!Number.isFinite(value) || Math.abs(value) > 1_000_000_000_000)
      return refuse(`${signal.name} cannot be ${value}.`);
    if (!signal.assessed) measured[id] = asMeasured(signal, value);
    else if ([1, 2, 3, 4, 5].includes(value)) judged[id] = [value];
    else return refuse(`${signal.name} is rated from 1 to 5, in whole numbers.`);
  }
  return settleScore({ judged: inOrder(judged), measured: inOrder(measured) }, rules, track);
};
