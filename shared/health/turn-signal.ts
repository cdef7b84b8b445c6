import type { Signal } from '#shared/program/health-rules.ts';
import { type Ratio, ratioOf } from './ratio.ts';
import type { Score } from './score.ts';
import { unitOf } from './signal-words.ts';
import { inParts, parts, unitStep } from './weigh-signals.ts';

/** Floor and target in ten-thousandths; assessed signals go from 1 to 5. */
const marksOf = (signal: Signal): readonly [floor: bigint, target: bigint] =>
  signal.assessed ? [parts, 5n * parts] : [inParts(signal.floor), inParts(signal.target)];

/** People change things by whole ones; percentages, points and means of things by tenths. */
const stepOf = (signal: Signal): bigint => {
  const unit = unitOf(signal);
  return unit === 'percent' || unit === 'points' || (unit === 'count' && signal.how === 'mean') ? parts / 10n : parts;
};

const ceil = (value: bigint, step: bigint): bigint => {
  const rest = ((value % step) + step) % step;
  return rest === 0n ? value : value - rest + step;
};

/** The value, in the unit of the marks, at which a signal has at least this part of its points; in whole steps, and not beyond the target. */
export const settingFor = (signal: Signal, { n, d }: Ratio): number => {
  const [floor, target] = marksOf(signal);
  const up = target > floor;
  // Measured as a way from the floor, rounded away from it, whichever way the target lies.
  const [way, length] = up ? [floor * d + n * (target - floor), target] : [-floor * d + n * (floor - target), -target];
  const exact = ceil(way, d) / d;
  const stepped = ceil(exact, stepOf(signal));
  const kept = stepped > length ? length : stepped;
  return Number(up ? kept : -kept) / Number(parts);
};

/** Where a signal stands, in ten-thousandths; at its floor where nothing is known. */
const standsAt = (signal: Signal, { judged, measured }: Score): Ratio => {
  const ratings = judged[signal.id];
  if (signal.assessed && ratings)
    return ratioOf(BigInt(ratings.reduce((sum, rating) => sum + rating, 0)) * parts, BigInt(ratings.length));
  const value = measured[signal.id];
  if (signal.assessed || !value) return ratioOf(marksOf(signal)[0], 1n);
  const { times, by } = unitStep(signal);
  return ratioOf(BigInt(value[0]) * times * parts, BigInt(value[1]) * by);
};

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** How far a change goes, as a part of the way from floor to target. */
export const costTo = (signal: Signal, score: Score, to: number): Ratio => {
  const { n, d } = standsAt(signal, score);
  const [floor, target] = marksOf(signal);
  const there = BigInt(Math.round(to * Number(parts)));
  return ratioOf(absolute(there * d - n), absolute(target - floor) * d);
};
