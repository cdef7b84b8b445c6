import { type Operation, reachOf } from '#shared/core/access.ts';
import { type Caller, partnerOf } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';

/** Whose things a list shows: the caller's own partner's, or whichever staff names. Another partner's id answers `not_found`. */
export const listedPartner = (operation: Operation, caller: Caller, named: string | undefined): string | undefined => {
  if (reachOf(operation, caller) === 'any') return named;
  const own = partnerOf(caller);
  if (own === undefined || (named !== undefined && named !== own)) throw notFound();
  return own;
};
