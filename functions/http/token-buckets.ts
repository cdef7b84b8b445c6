import { DomainError } from '#shared/core/errors.ts';
import { type RateClassName, rateClasses } from './rate-classes.ts';

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type TakeToken = (name: RateClassName, callerId: string, atMillis: number) => void;

/**
 * A bucket for each caller and class, in the memory of this instance. Nobody can fill it: of more than `mostBuckets` those that were not
 * used for longest are forgotten, which costs their callers nothing. The answer throws `rate.limited`, with the caller's standing as facts.
 */
export const createTokenBuckets = (mostBuckets: number): TakeToken => {
  const buckets = new Map<string, Bucket>();
  return (name, callerId, atMillis) => {
    const { limit, windowSeconds } = rateClasses[name];
    const perMilli = limit / (windowSeconds * 1000);
    const key = `${name}#${callerId}`;
    const before = buckets.get(key) ?? { tokens: limit, at: atMillis };
    // Requests may come a little out of order; time does not run backwards for a bucket.
    const at = Math.max(before.at, atMillis);
    const tokens = Math.min(limit, before.tokens + (at - before.at) * perMilli);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    // A map keeps the order in which keys were put in: the one used last stands last.
    buckets.delete(key);
    buckets.set(key, { tokens: left, at });
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? key);
    if (tokens >= 1) return;
    const resetSeconds = Math.max(1, Math.ceil((1 - tokens) / perMilli / 1000));
    const message = `At most ${limit} of these are answered in ${windowSeconds} seconds; go on in ${resetSeconds}.`;
    throw new DomainError('conflict', 'rate.limited', message, {
      facts: { operation: name, limit, windowSeconds, resetSeconds, remaining: 0 },
    });
  };
};
