import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { listDeals as listAll, listDealsOfPartner } from '#shared/deals/deal-store.ts';

/** GET /v1/deals */
export const listDeals = operation(contracts.listDeals, async ({ caller, query, now }) => {
  const { nextCursor, ...part } = pageAsked('list-deals', caller, query);
  const list = { status: query.status, ...part };
  const partnerId = listedPartner('list-deals', caller, query.partnerId);
  const page = await (partnerId ? listDealsOfPartner({ ...list, partnerId }) : listAll(list));
  const shown = page.deals.map((deal) => viewDeal(deal, { caller, now }));
  // What has ended by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter((deal) => query.status === undefined || deal.status === query.status);
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
