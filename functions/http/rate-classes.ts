import type { Method } from '#functions/routes.ts';
import type { Caller } from '#shared/core/caller.ts';

/** How many requests may come; what was not used comes back evenly over the window. */
export interface RateClass {
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * Generous for people and for machines that do their work; a flood meets them at once. `checks` are counted exactly, in the table
 * (shared/platform/rate-limit.ts), since they could tell who holds a customer. The others are kept by each instance of a function by itself,
 * so that no request pays for them with a write. In front of them stand the firewall's limits and the gateway's (record 0026).
 */
export const rateClasses = {
  reads: { limit: 1200, windowSeconds: 60 },
  writes: { limit: 600, windowSeconds: 60 },
  /** What all people and machines of one partner may send together, so that more keys are no more than two callers. */
  'partner-reads': { limit: 2400, windowSeconds: 60 },
  'partner-writes': { limit: 1200, windowSeconds: 60 },
  /** What strangers send, by their address. */
  applications: { limit: 20, windowSeconds: 60 },
  checks: { limit: 60, windowSeconds: 60 },
} as const satisfies Readonly<Record<string, RateClass>>;

export type RateClassName = keyof typeof rateClasses;

export const rateClassOf = (method: Method, caller: Caller): 'reads' | 'writes' | 'applications' => {
  if (method === 'GET') return 'reads';
  return caller.kind === 'anonymous' ? 'applications' : 'writes';
};
