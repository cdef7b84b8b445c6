import { operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { reachOf } from '#shared/core/access.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import { listRequests } from '#shared/mdf/request-list-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

/** GET /v1/mdf/requests */
export const listMdfRequests = operation(contracts.listMdfRequests, async ({ caller, query, now }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-mdf-requests', filter };
  const isOwn = reachOf('list-mdf-requests', caller) === 'own';
  const partnerId = isOwn ? partnerFor(caller, query.partnerId) : query.partnerId;
  const after = cursor ? readCursor(cursor, scope) : undefined;
  const page = await listRequests({ ...filter, partnerId }, { after, limit });
  const shown = page.requests.map((each) => viewRequest(each, now));
  // What has ended by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter(({ status }) => query.status === undefined || status === query.status);
  return { status: 200, body: { data, nextCursor: page.after ? makeCursor(page.after, scope) : null } };
});
