import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/users/api-key-contract.ts';
import { viewApiKey } from '#shared/users/api-key-contract.ts';
import { listApiKeys as list } from '#shared/users/api-key-store.ts';

/** GET /v1/api-keys */
export const listApiKeys = operation(contracts.listApiKeys, async ({ caller, query }) => {
  const partnerId = listedPartner('list-api-keys', caller, query.partnerId);
  const { nextCursor, ...part } = pageAsked('list-api-keys', caller, query);
  const page = await list({ partnerId, ...part });
  return { status: 200, body: { data: page.apiKeys.map(viewApiKey), nextCursor: nextCursor(page.after) } };
});
