import { type ItemPage, listByStatus } from '#shared/platform/lists.ts';
import type { Item } from '#shared/platform/table.ts';
import type { FundRequestStatus } from './fund-request.ts';
import { listOfPartner } from './partner-list-store.ts';
import { requestKey } from './request-deal-store.ts';
import { type FundedRequest, requestFrom } from './request-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | list fund requests by status, newest first | byStatus | `mdf-requests#<shard>`, `<status>#<createdAt>#<request id>` |
 */
export interface RequestPage {
  readonly requests: readonly FundedRequest[];
  readonly after: string | undefined;
}

const toPage = ({ items, after }: ItemPage): RequestPage => ({
  requests: items.flatMap((item) => requestFrom(item) ?? []),
  after,
});

/** What a list of requests is narrowed by; `waiting` keeps those that wait for a decision. */
export interface RequestFilter {
  readonly partnerId?: string | undefined;
  readonly status?: FundRequestStatus | undefined;
  readonly quarter?: string | undefined;
  readonly waiting?: true;
}

/** Requests of one partner, newest first. */
export const listRequestsOfPartner = async (
  partnerId: string,
  { status, quarter }: Pick<RequestFilter, 'status' | 'quarter'>,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<RequestPage> => {
  const keep = (item: Item): boolean =>
    (status === undefined || item.status === status) && (quarter === undefined || item.quarter === quarter);
  return toPage(await listOfPartner({ listed: 'mdf-request', partnerId, keyOf: requestKey, keep, ...page }));
};

/** Requests of one partner or of all, newest first (those of all partners: within a status). */
export const listRequests = async (
  filter: RequestFilter,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<RequestPage> => {
  const { partnerId, status, quarter, waiting } = filter;
  if (partnerId !== undefined) return listRequestsOfPartner(partnerId, filter, page);
  const keep = (summary: Readonly<Record<string, unknown>>): boolean =>
    (!waiting || summary.awaits !== undefined) && (quarter === undefined || summary.quarter === quarter);
  const prefix = status ? `${status}#` : '';
  return toPage(await listByStatus({ noun: 'mdf-requests', prefix, keep, descending: true, ...page }));
};

const mostPerPartner = 100;

/** Every approved or completed request of a partner in some quarters, for what they make of its budgets. */
export const listFundedRequests = async (
  partnerId: string,
  quarters: readonly string[],
): Promise<readonly FundedRequest[]> => {
  const found: FundedRequest[] = [];
  let after: string | undefined;
  do {
    const keep = (item: Item): boolean => quarters.includes(String(item.quarter)) && item.reservedLeft !== undefined;
    const list = { listed: 'mdf-request', partnerId, keyOf: requestKey, keep, after, limit: mostPerPartner } as const;
    const page = toPage(await listOfPartner(list));
    found.push(...page.requests);
    after = page.after;
  } while (after !== undefined);
  return found;
};
