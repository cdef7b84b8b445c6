import { formatMoney } from '#shared/core/money.ts';
import type { FactUnit } from '#shared/facts/fact-kinds.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import type { Score } from './score.ts';
import { kindsOf } from './scoring-rules.ts';
import { unitStep } from './weigh-signals.ts';

/** What the value of a signal is told in. */
export type SignalUnit = Exclude<FactUnit, 'basis-points'> | 'percent' | 'rating';

export const unitOf = ({ assessed, how, facts }: Signal): SignalUnit => {
  if (assessed) return 'rating';
  if (how === 'count') return 'count';
  const [kind] = kindsOf(facts);
  if (how === 'ratio' || kind?.unit === 'basis-points') return 'percent';
  return kind?.unit ?? 'count';
};

const decimal = (value: number): string => new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(value);

const counted = (value: number, unit: string): string => `${decimal(value)} ${unit}${value === 1 ? '' : 's'}`;

/** A value in words and to one decimal at most; `value` is in the unit of the signal's marks, money in minor units. */
export const tellValue = (signal: Signal, value: number, currency: string): string => {
  const unit = unitOf(signal);
  switch (unit) {
    case 'money':
      return formatMoney({ amountMinor: Math.round(value), currency });
    case 'percent':
      return `${decimal(value)} %`;
    case 'hours':
      return counted(value, 'hour');
    case 'days':
      return counted(value, 'day');
    case 'yes':
      if (value === 0) return 'no';
      return value === 1 ? 'yes' : decimal(value);
    case 'count':
    case 'points':
    case 'rating':
      return decimal(value);
    default:
      return unit satisfies never;
  }
};

/** Tenths of points: `3.1 points`. */
export const tellPoints = (tenths: number): string => counted(tenths / 10, 'point');

/** The value of a signal in the unit of its marks, undefined where nothing is known; of several raters the mean. For showing only. */
export const valueIn = ({ judged, measured }: Score, signal: Signal): number | undefined => {
  const [ratings, value] = [judged[signal.id], measured[signal.id]];
  if (signal.assessed) return ratings && ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  const { times, by } = unitStep(signal);
  return value && (value[0] * Number(times)) / (value[1] * Number(by));
};

const plain = (mark: Signal['target']): number => (typeof mark === 'object' ? mark.amountMinor : (mark ?? 0));

/** Where a signal has no points and where all, in the unit of the signal. */
export const plainMarks = ({ assessed, floor, target }: Signal): readonly [floor: number, target: number] =>
  assessed ? [1, 5] : [plain(floor), plain(target)];

export const tellMarks = (signal: Signal, currency: string): readonly [none: string, all: string] => {
  const [floor, target] = plainMarks(signal);
  return [tellValue(signal, floor, currency), tellValue(signal, target, currency)];
};

/** `in the quarter`, `in 4 quarters`; nothing for what holds until something newer takes its place. */
export const tellWindow = ({ assessed, facts, of, quarters = 1 }: Signal): string => {
  if (assessed || kindsOf([...(facts ?? []), ...(of ?? [])]).every(({ standing }) => standing)) return '';
  return quarters === 1 ? 'in the quarter' : `in ${quarters} quarters`;
};
