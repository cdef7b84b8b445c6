import { type Day, daysBetween } from '#shared/core/time.ts';
import type { KpiDefinition } from './kpi-definition.ts';
import type { KpiTarget } from './kpi-rules.ts';

export const targetStates = ['reached', 'on course', 'behind', 'missed', 'unknown'] as const;
export type TargetState = (typeof targetStates)[number];

/** How a target stands. */
export interface TargetStanding {
  readonly state: TargetState;
  readonly actual?: number;
  /** On the straight line from the baseline to the target, on the day that is looked at. */
  readonly expected?: number;
  /** Why nobody knows how it stands. */
  readonly reason?: string;
}

/** Figures have at most a few decimals, so this many times a figure is whole. */
const scaled = (figure: number): bigint => BigInt(Math.round(figure * 10_000));

const isAsGood = (a: bigint, b: bigint, better: KpiDefinition['better']): boolean =>
  better === 'more' ? a >= b : a <= b;

const rounded = (figure: number): number => Math.round(figure * 100) / 100;

/**
 * A target is reached by whoever is there, and missed when its day has come without that. Before, whoever is at least as far as the
 * straight line from the baseline to the target is on course.
 */
export const standingOf = (
  target: KpiTarget,
  { better }: Pick<KpiDefinition, 'better'>,
  now: { readonly day: Day; readonly actual: number },
): TargetStanding => {
  const { baseline, value, due } = target;
  const { actual, day } = now;
  const span = Math.max(1, daysBetween(baseline.on, due));
  const passed = Math.min(span, Math.max(0, daysBetween(baseline.on, day)));
  const expected = rounded(baseline.value + ((value - baseline.value) * passed) / span);
  if (isAsGood(scaled(actual), scaled(value), better)) return { state: 'reached', actual, expected };
  if (day >= due) return { state: 'missed', actual, expected };
  const gone = (scaled(actual) - scaled(baseline.value)) * BigInt(span);
  const asked = (scaled(value) - scaled(baseline.value)) * BigInt(passed);
  return { state: isAsGood(gone, asked, better) ? 'on course' : 'behind', actual, expected };
};
