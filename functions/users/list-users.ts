import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/users/user-contract.ts';
import { viewUser } from '#shared/users/user-contract.ts';
import { listUsers as list } from '#shared/users/user-store.ts';

/** GET /v1/users */
export const listUsers = operation(contracts.listUsers, async ({ caller, query }) => {
  const partnerId = listedPartner('list-users', caller, query.partnerId);
  const { nextCursor, ...part } = pageAsked('list-users', caller, query);
  const page = await list({ partnerId, ...part });
  return { status: 200, body: { data: page.users.map(viewUser), nextCursor: nextCursor(page.after) } };
});
