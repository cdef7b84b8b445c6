import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { reaches, reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { DealView } from '#shared/deals/deal-contract.ts';
import { DocumentView } from '#shared/documents/document-contract.ts';
import { isShownToPartner } from '#shared/earnings/earning.ts';
import { EarningView } from '#shared/earnings/earning-contract.ts';
import { getEarning } from '#shared/earnings/earning-store.ts';
import { auditTrail, type Reader } from '#shared/events/audit-trail.ts';
import * as contracts from '#shared/events/event-contract.ts';
import { isOfPartner } from '#shared/ledger/chart.ts';
import { BudgetView, ClaimView, FundRequestView } from '#shared/mdf/mdf-contract.ts';
import { listEvents as readEvents } from '#shared/platform/history-store.ts';

/**
 * What partners see of their own things: the fields they see when they read them. What is not here, such as approvals with their
 * checks, or accounts that direct sales knows, has no trail for them.
 */
const shownToPartners: Readonly<Record<string, readonly string[]>> = {
  // Its history has the currency beside the amounts, which in its view carry it.
  bud: [...Object.keys(BudgetView.shape), 'currency'],
  clm: Object.keys(ClaimView.shape),
  // Other partners' parts in a deal are for staff only, there as here.
  deal: Object.keys(DealView.shape).filter((field) => field !== 'attributions'),
  doc: Object.keys(DocumentView.shape),
  ern: Object.keys(EarningView.shape),
  mdr: Object.keys(FundRequestView.shape),
  ptr: [
    'status',
    'company',
    'types',
    'region',
    'tier',
    'tierReason',
    'contacts',
    'answers',
    'customersServed',
    'why',
    'ownerId',
    'programVersion',
    'submittedAt',
    'returnedUntil',
    'approvedAt',
    'agreement',
    'signer',
    'activeAt',
    'firstDealApprovedAt',
    'suspendedAt',
    'terminatedAt',
    'reason',
  ],
};

/**
 * What the caller may see of a thing's history. Of its money, partners see the accounts that are theirs; a bonus that waits for its
 * approval, or did not get it, is staff's own affair. Throws `not_found`.
 */
const readerOf = async (caller: Caller, subject: string): Promise<Reader> => {
  if (reachOf('list-events', caller) === 'any') return { showsField: () => true, showsAccount: () => true };
  const prefix = subject.slice(0, subject.indexOf('_'));
  const fields = shownToPartners[prefix];
  if (!fields || caller.kind === 'anonymous' || !caller.partnerId) throw notFound();
  if (prefix === 'ern' && !isShownToPartner(await getEarning(subject))) throw notFound();
  const { partnerId } = caller;
  return {
    showsField: (field) => field === 'createdAt' || fields.includes(field),
    showsAccount: (account) => isOfPartner(account, partnerId),
  };
};

const eventsPerQuery = 100;

/** The first `count` events of a thing; a query may bring fewer than it was asked for when they are long. */
const readFirst = async (subject: string, count: number): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  while (events.length < count) {
    const page = await readEvents(subject, events.length + 1, Math.min(eventsPerQuery, count - events.length));
    if (page.length === 0) break;
    events.push(...page);
  }
  return events;
};

/** GET /v1/events?subject=. The events before the page are read too: old values are found by folding them. */
export const listEvents = operation(contracts.listEvents, async ({ caller, query }) => {
  const { subject } = query;
  const reader = await readerOf(caller, subject);
  const { limit, nextCursor, ...page } = pageAsked('list-events', caller, query);
  const after = Number(page.after ?? 0);
  const events = await readFirst(subject, after + limit + 1);
  const own = auditTrail(events, reader).filter((event) => reaches('list-events', caller, event.partnerId ?? subject));
  if (own.length === 0) throw notFound();
  const last = after + limit;
  const data = own.filter((event) => event.seq > after && event.seq <= last);
  const more = events.length > last ? String(last) : undefined;
  return { status: 200, body: { data, nextCursor: nextCursor(more) } };
});
