import { operation } from '#functions/http/door.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';
import * as contracts from '#shared/users/user-contract.ts';
import { viewUser } from '#shared/users/user-contract.ts';
import { listUsers as list } from '#shared/users/user-store.ts';
import { listedPartner } from './own-partner.ts';

/** GET /v1/users */
export const listUsers = operation(contracts.listUsers, async ({ caller, query }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-users', filter };
  const partnerId = listedPartner('list-users', caller, query.partnerId);
  const page = await list({ partnerId, after: cursor ? readCursor(cursor, scope) : undefined, limit });
  const nextCursor = page.after ? makeCursor(page.after, scope) : null;
  return { status: 200, body: { data: page.users.map(viewUser), nextCursor } };
});
