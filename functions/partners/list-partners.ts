import { operation } from '#functions/http/door.ts';
import { reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { listMatrix } from '#shared/partners/partner-matrix-store.ts';
import {
  getPartner,
  listPartners as listAll,
  type PartnerFilter,
  type PartnerPage,
  passes,
} from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';
import { byStaff } from './change-own-partner.ts';

/** A partner's own people see a list of one, or of none where it does not pass the filter. */
const listOwn = async (caller: Caller, filter: PartnerFilter): Promise<PartnerPage> => {
  if (caller.kind === 'anonymous' || caller.partnerId === undefined) throw notFound();
  const partner = await getPartner(caller.partnerId);
  const fits = passes(filter, partner) && (filter.status ?? partner.status) === partner.status;
  return { partners: fits ? [partner] : [], after: undefined };
};

/** GET /v1/partners */
export const listPartners = operation(contracts.listPartners, async ({ caller, query, now }) => {
  const { limit, cursor, sort, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-partners', filter: { ...filter, sort } };
  const list = { filter, after: cursor ? readCursor(cursor, scope) : undefined, limit };
  const ofAll = sort ? listMatrix : listAll;
  const page = await (reachOf('list-partners', caller) === 'own' ? listOwn(caller, filter) : ofAll(list));
  const data = page.partners.map((partner) => viewPartner(partner, { now, byStaff: byStaff(caller) }));
  return { status: 200, body: { data, nextCursor: page.after ? makeCursor(page.after, scope) : null } };
});
