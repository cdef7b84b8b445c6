import { createHmac, timingSafeEqual } from 'node:crypto';
import { hashOf } from '#shared/core/canonical.ts';
import { DomainError } from '#shared/core/errors.ts';
import { setting } from './config.ts';

/** Where a list goes on. A cursor is good only for the caller and the filter it was made for, and cannot be made by anybody else. */
export interface ListScope {
  readonly callerId: string;
  readonly operation: string;
  readonly filter: unknown;
}

const sign = (position: string, scope: ListScope): Buffer =>
  createHmac('sha256', setting('CURSOR_SECRET'))
    .update(hashOf([position, scope]))
    .digest()
    .subarray(0, 16);

export const makeCursor = (position: string, scope: ListScope): string =>
  Buffer.concat([sign(position, scope), Buffer.from(position)]).toString('base64url');

/** The position in a cursor. Throws `request.invalid` at `#/query/cursor` when it is not one of ours for this list. */
export const readCursor = (cursor: string, scope: ListScope): string => {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(16).toString();
  if (bytes.length > 16 && timingSafeEqual(bytes.subarray(0, 16), sign(position, scope))) return position;
  const detail = 'must be the nextCursor of the page before, with the same filters';
  throw new DomainError('invalid', 'request.invalid', 'The cursor does not fit this list.', {
    errors: [{ pointer: '#/query/cursor', code: 'invalid', detail }],
  });
};

/** A secret that only this deployment can derive again, such as an application's status token. */
export const deriveSecret = (...parts: readonly string[]): string =>
  createHmac('sha256', setting('CURSOR_SECRET'))
    .update(hashOf(['secret', ...parts]))
    .digest('base64url');
