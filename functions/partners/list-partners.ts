import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { reachOf } from '#shared/core/access.ts';
import { byStaff, type Caller, partnerOf } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { statusAt } from '#shared/partners/partner.ts';
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

/** A partner's own people see a list of one, or of none where it does not pass the filter. */
const listOwn = async (caller: Caller, filter: PartnerFilter, now: string): Promise<PartnerPage> => {
  const own = partnerOf(caller);
  if (own === undefined) throw notFound();
  const partner = await getPartner(own);
  const fits = passes(filter, partner) && (filter.status ?? statusAt(partner, now)) === statusAt(partner, now);
  return { partners: fits ? [partner] : [], after: undefined };
};

/** GET /v1/partners */
export const listPartners = operation(contracts.listPartners, async ({ caller, query, now }) => {
  const { limit: _limit, cursor: _cursor, sort, ...filter } = query;
  const { nextCursor, ...part } = pageAsked('list-partners', caller, query);
  const list = { filter, ...part };
  const ofAll = sort ? listMatrix : listAll;
  const page = await (reachOf('list-partners', caller) === 'own' ? listOwn(caller, filter, now) : ofAll(list));
  const shown = page.partners.map((partner) => viewPartner(partner, { now, byStaff: byStaff(caller) }));
  // What has lapsed by its time is no longer what the filter asks for; such a page is a little shorter until the sweep comes by.
  const data = shown.filter((partner) => query.status === undefined || partner.status === query.status);
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
