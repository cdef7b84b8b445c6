import { type Operation, reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';

/** Whose things a list shows: the caller's own partner's, or whichever staff names. Another partner's id answers `not_found`. */
export const listedPartner = (operation: Operation, caller: Caller, named: string | undefined): string | undefined => {
  if (reachOf(operation, caller) === 'any') return named;
  const own = caller.kind === 'anonymous' ? undefined : caller.partnerId;
  if (own === undefined || (named !== undefined && named !== own)) throw notFound();
  return own;
};

/** Throws `not_found` for what is of another partner, or of no partner. */
export const mustBeReached = (
  operation: Operation,
  caller: Caller,
  thing: { readonly partnerId?: string | undefined },
) => {
  if (reachOf(operation, caller) === 'any') return;
  if (caller.kind === 'anonymous' || caller.partnerId === undefined || thing.partnerId !== caller.partnerId) {
    throw notFound();
  }
};
