import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

/** What a list is asked for: how much of it, from where, and, in all the rest, which of it. */
interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly [filter: string]: unknown;
}

interface PageAsked {
  readonly limit: number;
  /** The position that the page before ended at; undefined for the first. */
  readonly after: string | undefined;
  /** The cursor to the page after this one, which ends at this position; null where none follows. */
  readonly nextCursor: (after: string | undefined) => string | null;
}

/** Throws `request.invalid` for a cursor that was not made for this caller and this filter. */
export const pageAsked = (operation: Operation, caller: Caller, { limit, cursor, ...filter }: ListQuery): PageAsked => {
  const scope = { callerId: caller.id, operation, filter };
  return {
    limit,
    after: cursor ? readCursor(cursor, scope) : undefined,
    nextCursor: (after) => (after ? makeCursor(after, scope) : null),
  };
};
