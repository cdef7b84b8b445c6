import { DomainError, isCode, notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { nameDealOfRequest } from '#shared/mdf/request-deal-store.ts';
import { leaveGate, type Passage, passGate } from '#shared/partners/partner-gate-store.ts';
import { all, begins, is } from '#shared/platform/condition.ts';
import {
  commitChange,
  firstTryOr,
  insertNew,
  type NextState,
  replaceAsRead,
  type Saved,
} from '#shared/platform/history-store.ts';
import { type ItemPage, listByStatus } from '#shared/platform/lists.ts';
import { type Item, query, read } from '#shared/platform/table.ts';
import { holdCustomer, takeCustomer } from './customer-store.ts';
import { Deal, type DealStatus, personalDealFields } from './deal.ts';
import { approveAtOnce, needsNobody, type Terms } from './deal-registration.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a deal | table | pk = deal id, sk = `deal` |
 * | list a partner's deals, newest first | table | pk = partner id, sk = `deal#<createdAt>#<deal id>` |
 * | list deals by status, newest first | byStatus | `deals#<shard>`, `<status>#<createdAt>#<deal id>` |
 * | deals with something due | byDue | `due#<shard>`, `<instant>#<deal id>` |
 */
const keyOf = (dealId: string) => ({ pk: dealId, sk: 'deal' });

const parse = (item: Item): Deal => Deal.parse({ ...item, id: item.pk });

/** The id is the key and stands there alone: every started kilobyte of an item is paid for at each write of it. */
const toItem = ({ id, ...deal }: Deal): Item => ({
  ...keyOf(id),
  kind: 'deal',
  ...deal,
  statusKey: `deals#${shardOf(id)}`,
  statusSort: `${deal.status}#${deal.createdAt}#${id}`,
  summary: deal.awaits ? { awaits: deal.awaits.kind } : {},
  ...(deal.due ? { dueKey: `due#${shardOf(id)}`, dueAt: `${deal.due.at}#${id}` } : {}),
});

/** Throws `not_found`. */
export const getDeal = async (dealId: string): Promise<Deal> => {
  const [item] = await read([keyOf(dealId)]);
  if (!item) throw notFound();
  return parse(item);
};

/** Deals by their ids; what is not there is left out. */
export const listDealsById = async (dealIds: readonly string[]): Promise<readonly Deal[]> =>
  (await read(dealIds.map(keyOf))).flatMap((item) => (item ? [parse(item)] : []));

/** Parses a deal that was read together with other things; undefined when it is none. */
export const dealFrom = (item: Item | undefined): Deal | undefined => (item ? parse(item) : undefined);
export const dealKey = keyOf;

export interface DealPage {
  readonly deals: readonly Deal[];
  readonly after: string | undefined;
}

const page = ({ items, after }: ItemPage): DealPage => ({ deals: items.map(parse), after });

/** Deals of all partners, of one status or of all, newest first within a status; `waiting` keeps those that wait for a decision. */
export const listDeals = async (list: {
  readonly status: DealStatus | undefined;
  readonly waiting?: true;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<DealPage> =>
  page(
    await listByStatus({
      noun: 'deals',
      prefix: list.status ? `${list.status}#` : '',
      keep: list.waiting ? (summary) => summary.awaits !== undefined : undefined,
      after: list.after,
      descending: true,
      limit: list.limit,
    }),
  );

const mostReferences = 100;

/** A partner's own deals, newest first; `status` is looked at in the deals themselves. */
export const listDealsOfPartner = async (list: {
  readonly partnerId: string;
  readonly status: DealStatus | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<DealPage> => {
  const deals: Deal[] = [];
  // Without a filter every reference is a deal of the page: one more tells whether it is the last, and one is that of the page before.
  const referencesPerQuery = list.status ? mostReferences : Math.min(mostReferences, list.limit + 2);
  let after = list.after;
  for (;;) {
    const references = await query({
      key: all(
        is('pk', '=', list.partnerId),
        after ? { test: 'between', name: 'sk', from: 'deal#', to: after } : begins('sk', 'deal#'),
      ),
      descending: true,
      limit: referencesPerQuery,
    });
    const seen = after;
    const fresh = references.filter((reference) => reference.sk !== seen);
    const items = await read(fresh.map((reference) => keyOf(String(reference.dealId))));
    for (const [index, item] of items.entries()) {
      if (item && (list.status === undefined || item.status === list.status)) deals.push(parse(item));
      after = fresh[index]?.sk;
      const isLast = index === fresh.length - 1 && references.length < referencesPerQuery;
      if (deals.length === list.limit) return { deals, after: isLast ? undefined : after };
    }
    if (references.length < referencesPerQuery) return { deals, after: undefined };
  }
};

const referenceOf = (deal: Deal): Item => ({
  pk: deal.partnerId,
  sk: `deal#${deal.createdAt}#${deal.id}`,
  kind: 'deal-reference',
  dealId: deal.id,
});

/** Told twice, they would earn or be taken back twice; how many of them a deal holds is limited. */
const movesMoney = new Set(['deal.paid', 'deal.refunded', 'deal.usage_reported', 'deal.milestone_reached']);

const happening = (deal: Deal, type: string, intent: Intent) => ({
  type,
  intent,
  keepsKey: movesMoney.has(type),
  personalFields: personalDealFields,
  partnerId: deal.partnerId,
});

/** A registration that is ready to be written, and what it must pass. */
export interface Entry {
  readonly deal: Deal;
  readonly intent: Intent;
  readonly terms: Terms;
  readonly passage: Passage;
}

const insert = async (entry: Entry, deal: Deal): Promise<Saved<Deal>> => {
  const { intent, terms } = entry;
  const type = deal.status === 'approved' ? 'deal.approved' : 'deal.submitted';
  const { entity, event } = record(undefined, deal, happening(deal, type, intent));
  return commitChange(undefined, {
    entity,
    event,
    writes: [
      passGate(entry.passage),
      takeCustomer(entity, terms, intent.at),
      insertNew(toItem(entity)),
      insertNew(referenceOf(entity)),
      ...(entity.mdfRequestId ? [nameDealOfRequest(entity.mdfRequestId, entity)] : []),
    ],
  });
};

/**
 * Of several conditions that fail the engine may name one only. Behind these may stand my own first try: it holds the customer, it
 * filled the limit, or it came before the suspension. Elsewhere being sure would cost a read on every refusal.
 */
const mayBeMine = (error: unknown, deal: Deal): boolean =>
  error instanceof DomainError &&
  (error.details.facts?.dealId === deal.id || ['deal.limit_reached', 'partner.not_active'].includes(error.code));

/**
 * Registers a deal: approved at once where it needs nobody, else submitted. One request whatever comes out, and a second one only
 * for a deal that would need nobody if direct sales did not know the account, and where a refusal may hide my own first try. Throws `partner.not_active`, `deal.territory_not_allowed`,
 * `deal.already_registered`, `deal.cooling_off`, `deal.conflict`, `deal.known_to_direct_sales`, `deal.limit_reached`, `idempotency.*`.
 */
export const insertDeal = async (entry: Entry): Promise<Saved<Deal>> => {
  const { deal, terms, intent } = entry;
  try {
    if (!needsNobody(deal, terms)) return await insert(entry, deal);
    return await insert(entry, approveAtOnce(deal, terms, intent.at)).catch((error: unknown) => {
      if (isCode(error, 'deal.needs_review')) return insert(entry, deal);
      throw error;
    });
  } catch (error) {
    if (mayBeMine(error, deal)) return firstTryOr(error, deal, intent);
    throw error;
  }
};

const open: readonly DealStatus[] = ['submitted', 'returned', 'approved'];

/**
 * The writes of a change: the deal at its version, the customer's lock where the hold changes (never on expiry: a lock ends by its
 * own time, and somebody else may hold it by then), and the partner's count where the deal stops being open. Committing it throws
 * `version.stale` when somebody was faster, `deal.hold_lost` when the customer was taken over.
 */
export const changeDeal = (
  before: Deal,
  after: Deal,
  about: { readonly type: string; readonly intent: Intent; readonly terms: Terms },
): NextState<Deal> => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  const holdOf = ({ status, protectedUntil, closing }: Deal) =>
    JSON.stringify([status, protectedUntil, closing !== undefined]);
  const holds = holdOf(before) !== holdOf(after);
  const writes = [replaceAsRead(before, toItem(entity))];
  if (holds && after.status !== 'expired') writes.push(holdCustomer(entity, about.terms, about.intent.at));
  if (open.includes(before.status) && !open.includes(after.status)) writes.push(leaveGate(before.partnerId));
  return { entity, event, writes };
};
