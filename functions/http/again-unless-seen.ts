import { isCode } from '#shared/core/errors.ts';

const tries = 5;

/**
 * Loads, decides and saves again when something else changed the thing in between: the system follows up its own events, and a
 * caller who did not say with If-Match what it has seen has no part in that. One who did is told `version.stale`.
 */
export const againUnlessSeen = async <Result>(
  seen: { readonly version: number | undefined },
  work: () => Promise<Result>,
): Promise<Result> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!isCode(error, 'version.stale') || seen.version !== undefined || left === 1) throw error;
    }
  }
};
