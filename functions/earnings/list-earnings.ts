import type * as z from 'zod';
import { operation } from '#functions/http/door.ts';
import { reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { type Earning, statusAt } from '#shared/earnings/earning.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';
import { listEarningsOfAll } from './list-earnings-of-all.ts';
import { isShownTo } from './visible-earning.ts';

type Filter = Omit<z.infer<typeof contracts.listEarnings.query>, 'limit' | 'cursor'>;

/** Every filter that is given must fit. */
const keeper =
  ({ status, kind, dealId, period }: Filter, now: string) =>
  (earning: Earning): boolean =>
    (status === undefined || statusAt(earning, now) === status) &&
    (kind === undefined || earning.kind === kind) &&
    (dealId === undefined || earning.dealId === dealId) &&
    (period === undefined || earning.period === period || earning.statement === period);

/** A partner's people see their own whatever they ask for; another partner's id answers as one that is not there. */
const partnerAskedFor = (caller: Caller, named: string | undefined): string | undefined => {
  if (reachOf('list-earnings', caller) === 'any') return named;
  if (caller.kind === 'anonymous' || (named !== undefined && named !== caller.partnerId)) throw notFound();
  return caller.partnerId;
};

/** GET /v1/earnings */
export const listEarnings = operation(contracts.listEarnings, async ({ caller, query, now }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-earnings', filter };
  const partnerId = partnerAskedFor(caller, query.partnerId);
  const fits = keeper(filter, now);
  const reach = reachOf('list-earnings', caller);
  const keep = (earning: Earning): boolean => isShownTo(reach, earning) && fits(earning);
  const list = { keep, after: cursor ? readCursor(cursor, scope) : undefined, limit };
  const page = await (partnerId === undefined
    ? listEarningsOfAll(list)
    : listEarningsOfPartner({ ...list, partnerId }));
  const data = page.earnings.map((earning) => viewEarning(earning, now));
  return { status: 200, body: { data, nextCursor: page.after ? makeCursor(page.after, scope) : null } };
});
