import * as z from 'zod';
import { notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Journal } from '#shared/core/journal.ts';
import { budgetAccount, journalOf, move } from '#shared/ledger/chart.ts';
import { mustBeActive } from '#shared/partners/partner-gate-store.ts';
import { all, type Condition, is } from '#shared/platform/condition.ts';
import { commitChange, insertNew, type NextState, type Saved, stale } from '#shared/platform/history-store.ts';
import { type Change, type Item, read, type Write } from '#shared/platform/table.ts';
import { budgetIdOf } from './allocate-budget.ts';
import { mustBeAvailable, takeFromBudget } from './budget-store.ts';
import { FundRequest, nothingReserved, personalFundRequestFields, RequestBalances } from './fund-request.ts';
import { listUnder } from './partner-list-store.ts';
import { requestKey } from './request-deal-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a fund request and its balances | table | pk = request id, sk = `request` |
 * | fund requests with something due | byDue | `due#<shard>`, `<instant>#<request id>` |
 *
 * Balances stand beside the request's own fields: claims move them without its version, so a change of the request sets its own
 * fields and leaves them alone.
 */
/** A fund request as it is stored, with where its money is. */
export interface FundedRequest {
  readonly request: FundRequest;
  readonly balances: RequestBalances;
  /** Its claims: id → when it was made. */
  readonly claims: Readonly<Record<string, string>>;
  /** The deals that came from its activity: id → when each was registered. */
  readonly deals: Readonly<Record<string, string>>;
}

const Named = z.record(z.string(), z.string());

/** Undefined when it is none. */
export const requestFrom = (item: Item | undefined): FundedRequest | undefined =>
  item && {
    request: FundRequest.parse(item),
    balances: item.reservedLeft === undefined ? nothingReserved : RequestBalances.parse(item),
    claims: Named.parse(item.claims ?? {}),
    deals: Named.parse(item.deals ?? {}),
  };

const dueOf = ({ status, returnedUntil, claimUntil }: FundRequest): string | undefined => {
  if (status === 'returned') return returnedUntil;
  return status === 'approved' ? claimUntil : undefined;
};

/** When the sweep looks at a request again. */
export const dueFields = (requestId: string, at: string): { readonly dueKey: string; readonly dueAt: string } => ({
  dueKey: `due#${shardOf(requestId)}`,
  dueAt: `${at}#${requestId}`,
});

const toItem = (request: FundRequest): Item => {
  const due = dueOf(request);
  return {
    ...requestKey(request.id),
    kind: 'mdf-request',
    ...request,
    statusKey: `mdf-requests#${shardOf(request.id)}`,
    statusSort: `${request.status}#${request.createdAt}#${request.id}`,
    summary: {
      partnerId: request.partnerId,
      quarter: request.quarter,
      ...(request.awaits ? { awaits: request.awaits.kind } : {}),
    },
    ...(due ? dueFields(request.id, due) : {}),
  };
};

/** Throws `not_found`. */
export const getRequest = async (requestId: string): Promise<FundedRequest> => {
  const [item] = await read([requestKey(requestId)]);
  const found = requestFrom(item);
  if (!found) throw notFound();
  return found;
};

const happening = (request: FundRequest, type: string, intent: Intent, journals: readonly Journal[] = []) => ({
  type,
  intent,
  personalFields: personalFundRequestFields,
  partnerId: request.partnerId,
  journals,
});

const available = (request: FundRequest, now: string) =>
  ({
    budgetId: budgetIdOf(request.partnerId, request.quarter),
    quarter: request.quarter,
    amount: request.approvedAmount ?? request.requestedAmount,
    now,
  }) as const;

/**
 * Submits a request in one write, whatever comes out. Throws `partner.not_active`, `mdf.budget_exceeded` when less is available now,
 * `idempotency.*`.
 */
export const insertRequest = async (request: FundRequest, intent: Intent): Promise<Saved<FundRequest>> => {
  const { entity, event } = record(undefined, request, happening(request, 'mdf_request.submitted', intent));
  return commitChange(undefined, {
    entity,
    event,
    writes: [
      mustBeActive(request.partnerId),
      mustBeAvailable(available(request, intent.at)),
      insertNew(toItem(entity)),
      listUnder(request.partnerId, 'mdf-request', { id: request.id, order: request.createdAt }),
    ],
  });
};

/** What a change does to the balances, and what must hold of them. */
interface BalanceMove {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly when?: readonly Condition[];
}

const ownChange = (before: FundRequest, after: FundRequest, balances: BalanceMove): Change => {
  const { pk: _pk, sk: _sk, ...set } = toItem(after);
  const remove = Object.keys(toItem(before)).filter((name) => toItem(after)[name] === undefined);
  return { set: { ...set, ...balances.set }, ...(balances.add ? { add: balances.add } : {}), remove };
};

/** The writes of a change: the request at its version, and what moves with it. */
export const changeRequest = (
  before: FundRequest,
  after: FundRequest,
  about: {
    readonly type: string;
    readonly intent: Intent;
    readonly journals?: readonly Journal[];
    readonly balances?: BalanceMove;
  },
): NextState<FundRequest> => {
  const { type, intent, journals, balances = {} } = about;
  const { entity, event } = record(before, after, happening(before, type, intent, journals));
  const write: Write = {
    write: 'change',
    key: requestKey(before.id),
    change: ownChange(before, entity, balances),
    when: all(is('version', '=', before.version), ...(balances.when ?? [])),
    refuse: (image) => stale(Number(image?.version)),
  };
  return { entity, event, writes: [write] };
};

/**
 * An approved request reserves its amount in the same transaction: what does not fit is refused then and there with
 * `mdf.budget_exceeded`, and nothing is decided.
 */
export const reserveForRequest = (before: FundRequest, after: FundRequest, intent: Intent): NextState<FundRequest> => {
  const { partnerId, quarter, approvedAmount } = after;
  if (!approvedAmount) throw new Error('An approved request has an amount.');
  const { amountMinor, currency } = approvedAmount;
  const account = (state: 'available' | 'reserved') => budgetAccount(partnerId, quarter, state);
  const lines = move(amountMinor, account('reserved'), account('available'));
  const change = changeRequest(before, after, {
    type: 'mdf_request.approved',
    intent,
    journals: [journalOf(['mdf-reserve', before.id], { at: intent.at, currency, lines })],
    balances: { set: { reservedLeft: amountMinor, inReview: 0, reimbursed: 0, claims: {}, deals: {} } },
  });
  return { ...change, writes: [...change.writes, takeFromBudget(available(after, intent.at))] };
};

/** For a request sent again: its partner may ask, and there is enough. */
export const mayBeAsked = (request: FundRequest, now: string): readonly Write[] => [
  mustBeActive(request.partnerId),
  mustBeAvailable(available(request, now)),
];
