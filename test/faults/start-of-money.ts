import { createHash } from 'node:crypto';
import { handler as approvals } from '#functions/approvals/door.ts';
import { handler as deals } from '#functions/deals/door.ts';
import { handler as mdf } from '#functions/mdf/door.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Document } from '#shared/documents/document.ts';
import { insertDocument, saveFinding } from '#shared/documents/document-store.ts';
import { send } from '#test/support/call.ts';
import { finance, manager } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { applicant, type Mark, marks, partnerOf, repsOf } from './people-of-a-history.ts';
import { beginning } from './start-of-a-history.ts';

/**
 * Where histories of money begin, besides what all begin with: each partner has the quarter's budget, documents, a fund request that
 * is approved, a claim for it that was decided on, and a deal that is won. The real doors bring it about, one phase after another, each followed up before the next.
 */
const minuteMs = 60_000;
const at = (minute: number): string => new Date(beginning - 50 * minuteMs + minute * minuteMs).toISOString();
export const today = new Date(beginning).toISOString().slice(0, 10);

export const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

export const aPlan = (
  title: string,
  days: { readonly from: string; readonly to: string; readonly quarter: string },
) => ({
  quarter: days.quarter,
  activityType: 'webinar',
  title,
  description: `A webinar of ${title}.`,
  startDate: days.from,
  endDate: days.to,
  expectedLeads: 40,
  expectedPipeline: usd(30_000_000),
});

const documentsOfEach = 8;

/** Two partners have shown the first of each, the same bytes. */
const documentIdOf = (mark: Mark, number: number): string => derivedId('doc', 'history', mark, String(number));

export const documentIdsOf = (mark: Mark): readonly string[] =>
  Array.from({ length: documentsOfEach }, (_, number) => documentIdOf(mark, number));

const contentOf = (mark: Mark, number: number): string =>
  createHash('sha256')
    .update(number < 2 ? `common ${number}` : `${mark} ${number}`)
    .digest('hex');

/** As the worker leaves it that has read the bytes. */
const showDocument = async (mark: Mark, number: number): Promise<void> => {
  const document: Document = {
    id: documentIdOf(mark, number),
    status: 'expected',
    version: 0,
    head: '',
    createdAt: at(2),
    updatedAt: at(2),
    partnerId: partnerOf(mark),
    purpose: 'invoice',
    fileName: `${mark}.pdf`,
    contentType: 'application/pdf',
    sizeBytes: 1234,
    sha256: contentOf(mark, number),
  };
  const intent = (step: string) => systemIntent(step, document.id, at(2));
  const { entity } = await insertDocument(document, intent('announce'));
  const verified = { ...entity, status: 'verified', versionId: 'v1', checkedAt: at(2) } as const;
  await saveFinding(entity, verified, intent('verify'));
};

interface Asked {
  readonly door: unknown;
  readonly operation: Operation;
  readonly caller: Caller;
  readonly minute: number;
}

export const ask = async (
  { door, operation, caller, minute }: Asked,
  more: object,
): Promise<Record<string, unknown>> => {
  const reply = await send(door, { operation, caller, at: at(minute), ...more });
  if (reply.status >= 300) throw new Error(`${operation}: ${JSON.stringify(reply.body)}`);
  return reply.body;
};

const repOf = (mark: Mark): Caller => repsOf(mark)[0] ?? applicant;

/** The key under which each partner's first request was sent makes its id. */
export const firstRequests: Map<Mark, string> = new Map();
export const firstDeals: Map<Mark, string> = new Map();

const askForFunds = async (mark: Mark): Promise<void> => {
  const plan = aPlan(`First of ${mark}`, { from: today, to: today, quarter: '2026-Q1' });
  const body = { ...plan, expectedCost: usd(1_200_000), requestedAmount: usd(600_000) };
  const asked = { door: mdf, operation: 'submit-mdf-request', caller: repOf(mark), minute: 3 } as const;
  firstRequests.set(mark, String((await ask(asked, { body, key: `first-request-${mark}` })).id));
};

const winADeal = async (mark: Mark): Promise<void> => {
  const registered = { door: deals, operation: 'register-deal', caller: repOf(mark), minute: 4 } as const;
  const body = aSmallDeal(mark, `first-of-${mark}.example`);
  const dealId = String((await ask(registered, { body, key: `first-deal-${mark}` })).id);
  firstDeals.set(mark, dealId);
  const closed = { door: deals, operation: 'close-deal', caller: manager, minute: 5 } as const;
  await ask(closed, { params: { dealId }, body: { outcome: 'won', closedOn: today }, key: `first-win-${mark}` });
};

/** So small that nobody needs to look at it. */
export const aSmallDeal = (mark: Mark, domain: string) => ({
  customer: { companyName: `Customer ${mark}`, websiteUrl: `https://${domain}`, countryCode: 'DE' },
  productLine: 'platform',
  dealType: 'new',
  value: usd(1_000_000),
  expectedCloseDate: new Date(beginning + 90 * 86_400_000).toISOString().slice(0, 10),
  contacts: [{ firstName: 'Carl', lastName: mark, email: `carl@${mark}.example` }],
  sourceNotes: `Notes ${mark}`,
});

const approveFunds = async (mark: Mark): Promise<void> => {
  const params = { approvalId: `apr_${firstRequests.get(mark)}_1` };
  const decision = { door: approvals, operation: 'decide-approval', minute: 10 } as const;
  const body = { outcome: 'approve' };
  await ask({ ...decision, caller: manager }, { params, body, ifMatch: 1, key: `first-approval-${mark}` });
  // It is so large that finance is asked as well.
  await ask({ ...decision, caller: finance }, { params, body, ifMatch: 2, key: `second-approval-${mark}` });
};

export const aClaimOf = (
  amountMinor: number,
  about: { readonly number: string; readonly day: string; readonly documents: readonly [string, string] },
) => {
  const { number, day, documents } = about;
  const [invoice, proof] = documents;
  return {
    claimedAmount: usd(amountMinor),
    invoices: [{ number, supplier: 'Hall', issuedOn: day, amount: usd(amountMinor * 2), documentId: invoice }],
    proofs: [{ kind: 'attendee-list', documentId: proof }],
    outcome: { leads: 20, pipeline: usd(1_000_000) },
  };
};

/** The first claim of each partner, and what finance said of it. */
export const firstClaims: Map<Mark, { readonly id: string; readonly status: string }> = new Map();

const verdicts = {
  'mark-aleph': { status: 'partially_approved', body: { outcome: 'approve', approvedAmount: usd(50_000) } },
  'mark-bet': { status: 'rejected', body: { outcome: 'reject', reason: 'Because.' } },
  'mark-gimel': { status: 'returned', body: { outcome: 'return', reason: 'Because.' } },
} as const;

const claim = async (mark: Mark): Promise<void> => {
  const documents = [documentIdOf(mark, 2), documentIdOf(mark, 3)] as const;
  const body = aClaimOf(150_000, { number: `First of ${mark}`, day: today, documents });
  const params = { requestId: firstRequests.get(mark) ?? '' };
  const asked = { door: mdf, operation: 'submit-mdf-claim', caller: repOf(mark), minute: 20 } as const;
  const { id } = await ask(asked, { params, body, key: `first-claim-${mark}` });
  firstClaims.set(mark, { id: String(id), status: verdicts[mark].status });
};

const decideClaim = async (mark: Mark): Promise<void> => {
  const params = { approvalId: `apr_${firstClaims.get(mark)?.id}_1` };
  const asked = { door: approvals, operation: 'decide-approval', caller: finance, minute: 30 } as const;
  await ask(asked, { params, body: verdicts[mark].body, ifMatch: 1, key: `first-verdict-${mark}` });
};

export const forEachMark = (work: (mark: Mark) => Promise<void>) => async (): Promise<void> => {
  for (const mark of marks) await work(mark);
};

/** One phase after another. */
export const phasesOfMoney: readonly (() => Promise<void>)[] = [
  () => sweep({ schedule: 'open-quarter', time: at(1) }),
  forEachMark(async (mark) => {
    for (let number = 0; number < documentsOfEach; number += 1) await showDocument(mark, number);
    await askForFunds(mark);
    await winADeal(mark);
  }),
  forEachMark(approveFunds),
  forEachMark(claim),
  forEachMark(decideClaim),
];
