import { operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { reachOf } from '#shared/core/access.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { listDeals as listAll, listDealsOfPartner } from '#shared/deals/deal-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

/** GET /v1/deals */
export const listDeals = operation(contracts.listDeals, async ({ caller, query, now }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-deals', filter };
  const list = { status: query.status, after: cursor ? readCursor(cursor, scope) : undefined, limit };
  const named = reachOf('list-deals', caller) === 'own' ? partnerFor(caller, query.partnerId) : query.partnerId;
  const page = await (named ? listDealsOfPartner({ ...list, partnerId: named }) : listAll(list));
  const nextCursor = page.after ? makeCursor(page.after, scope) : null;
  const shown = page.deals.map((deal) => viewDeal(deal, { caller, now }));
  // What has ended by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter((deal) => query.status === undefined || deal.status === query.status);
  return { status: 200, body: { data, nextCursor } };
});
