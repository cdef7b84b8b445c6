import { millis } from '#shared/core/time.ts';
import { log } from '#shared/platform/logger.ts';

/** What machines do by themselves takes minutes, and is set going again twice a day when it was lost. */
const longestMs = 24 * 3_600_000;

export const isLate = (since: string, now: string): boolean => millis(now) - millis(since) > longestMs;

/** So many are named of each kind. */
const named = 100;

/** What waits and will hardly move by itself any more. An alarm counts this line, of which each tells of one thing. */
export const tellLate = (ids: readonly string[]): void => {
  for (const id of ids.slice(0, named)) log.error('waits too long', { id, inAll: ids.length });
};
