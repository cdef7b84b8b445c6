import { operation } from '#functions/http/door.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';
import * as contracts from '#shared/users/api-key-contract.ts';
import { viewApiKey } from '#shared/users/api-key-contract.ts';
import { listApiKeys as list } from '#shared/users/api-key-store.ts';
import { listedPartner } from './own-partner.ts';

/** GET /v1/api-keys */
export const listApiKeys = operation(contracts.listApiKeys, async ({ caller, query }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-api-keys', filter };
  const partnerId = listedPartner('list-api-keys', caller, query.partnerId);
  const page = await list({ partnerId, after: cursor ? readCursor(cursor, scope) : undefined, limit });
  const nextCursor = page.after ? makeCursor(page.after, scope) : null;
  return { status: 200, body: { data: page.apiKeys.map(viewApiKey), nextCursor } };
});
