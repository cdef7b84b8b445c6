import type { Catcher, Retrier } from './definition.ts';
import { isNamed, type StateFailure } from './state-failure.ts';

export interface PlannedRetry {
  /** How often each retrier of the state has been used, by its place in Retry; they count separately. */
  readonly used: Readonly<Record<number, number>>;
  readonly delayMs: number;
}

/**
 * Whether, and after how long, a failed state is tried again.
 * Source: Amazon States Language, "Errors": the first retrier that names the error decides alone; defaults are an interval
 * of 1 s, 3 attempts, a rate of 2; with full jitter the delay is anywhere between 0 and the computed one.
 */
export function planRetry(
  retriers: readonly Retrier[],
  used: Readonly<Record<number, number>>,
  now: { failure: StateFailure; random: () => number },
): PlannedRetry | undefined {
  const index = retriers.findIndex((retrier) => isNamed(retrier.ErrorEquals, now.failure));
  const retrier = retriers[index];
  if (!retrier) return undefined;
  const before = used[index] ?? 0;
  if (before >= (retrier.MaxAttempts ?? 3)) return undefined;
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** before;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  const share = retrier.JitterStrategy === 'FULL' ? now.random() : 1;
  return { used: { ...used, [index]: before + 1 }, delayMs: Math.round(seconds * 1000 * share) };
}

export const findCatcher = (catchers: readonly Catcher[], failure: StateFailure): Catcher | undefined =>
  catchers.find((catcher) => isNamed(catcher.ErrorEquals, failure));
