import type { Turn } from '#shared/platform/rate-limit.ts';

/** How many calls are left, as the IETF's draft *RateLimit header fields for HTTP* writes it. */
export const rateHeaders = (turn: Turn): Readonly<Record<string, string>> => ({
  'ratelimit-policy': `"${turn.operation}";q=${turn.limit};w=${turn.windowSeconds}`,
  ratelimit: `"${turn.operation}";r=${turn.remaining};t=${turn.resetSeconds}`,
});
