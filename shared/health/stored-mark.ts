import { factsByQuarter } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';

/**
 * The fact `health.score` of a quarter says, beside the points, what is stored and which run wrote it: so a run sees that nothing has
 * changed without reading it.
 */
const digestLength = 16;

/** Enough of a run's id to know its own work again. */
const tagOf = (runId: string): string => runId.slice(-6);

export const markOf = (digest: string, runId: string): string => `${digest}${tagOf(runId)}`;

/** What is known of a partner's stored health; undefined when no fact of it is there, or not yet. */
export const storedMark = (
  of: PartnerFacts,
): { readonly digest: string; readonly atSeconds: number; readonly isBy: (runId: string) => boolean } | undefined => {
  const { about, at } = factsByQuarter(of).of('health.score', 0)[0] ?? {};
  if (about === undefined || at === undefined) return undefined;
  const tag = about.slice(digestLength);
  return { digest: about.slice(0, digestLength), atSeconds: at, isBy: (runId) => tag === tagOf(runId) };
};
