import type * as z from 'zod';
import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { reachOf } from '#shared/core/access.ts';
import { type Earning, statusAt } from '#shared/earnings/earning.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { readingPaid } from '#shared/payouts/paid-store.ts';
import { listEarningsOfAll } from './list-earnings-of-all.ts';
import { isShownTo } from './visible-earning.ts';

type Filter = z.infer<typeof contracts.listEarnings.query>;

/** Every filter that is given must fit. */
const keeper =
  ({ status, kind, dealId, period }: Filter, now: string) =>
  (earning: Earning, isPaid: boolean): boolean =>
    (status === undefined || (isPaid ? 'paid' : statusAt(earning, now)) === status) &&
    (kind === undefined || earning.kind === kind) &&
    (dealId === undefined || earning.dealId === dealId) &&
    (period === undefined || earning.period === period || earning.statement === period);

/** GET /v1/earnings */
export const listEarnings = operation(contracts.listEarnings, async ({ caller, query, now }) => {
  const partnerId = listedPartner('list-earnings', caller, query.partnerId);
  const { nextCursor, ...part } = pageAsked('list-earnings', caller, query);
  const fits = keeper(query, now);
  const reach = reachOf('list-earnings', caller);
  const isPaid = readingPaid(now);
  const keep = async (earning: Earning): Promise<boolean> =>
    isShownTo(reach, earning) && fits(earning, await isPaid(earning));
  const list = { keep, ...part };
  const page = await (partnerId === undefined
    ? listEarningsOfAll(list)
    : listEarningsOfPartner({ ...list, partnerId }));
  const data = await Promise.all(
    page.earnings.map(async (earning) => viewEarning(earning, now, await isPaid(earning))),
  );
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
