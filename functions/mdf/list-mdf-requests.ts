import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import { listRequests } from '#shared/mdf/request-list-store.ts';

/** GET /v1/mdf/requests */
export const listMdfRequests = operation(contracts.listMdfRequests, async ({ caller, query, now }) => {
  const partnerId = listedPartner('list-mdf-requests', caller, query.partnerId);
  const { nextCursor, ...part } = pageAsked('list-mdf-requests', caller, query);
  const page = await listRequests({ status: query.status, quarter: query.quarter, partnerId }, part);
  const shown = page.requests.map((each) => viewRequest(each, now));
  // What has ended by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter(({ status }) => query.status === undefined || status === query.status);
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
