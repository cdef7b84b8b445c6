import { awaitedBy, readSubject } from '#shared/approvals/subject-store.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { Money } from '#shared/core/money.ts';
import { now } from '#test/deals/at-the-deals-door.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { request } from '#test/support/every-door.ts';
import { finance, manager, repOf } from '#test/support/people.ts';

export const usd = (amountMinor: number): Money => ({ amountMinor, currency: 'USD' });

/** An activity in the quarter of the tests' `now`, as a partner's rep sends it, with what a test wants different. */
export const aPlan = (overrides: Readonly<Record<string, unknown>> = {}) => ({
  quarter: '2026-Q3',
  activityType: 'event',
  title: 'Harbour fair',
  description: 'A breakfast for forty plant managers.',
  startDate: '2026-08-20',
  endDate: '2026-08-21',
  expectedCost: usd(800_000),
  requestedAmount: usd(400_000),
  expectedLeads: 40,
  expectedPipeline: usd(30_000_000),
  ...overrides,
});

/** A plan that asks for so much, and costs twice that. */
export const aPlanFor = (amountMinor: number, overrides: Readonly<Record<string, unknown>> = {}) =>
  aPlan({ expectedCost: usd(amountMinor * 2), requestedAmount: usd(amountMinor), ...overrides });

type More = Partial<Omit<Call, 'operation'>>;

export const allocate = (partnerId: string, amountMinor: number, more: More = {}): Promise<Reply> =>
  request({
    operation: 'allocate-mdf-budget',
    caller: finance,
    at: now,
    body: { partnerId, quarter: '2026-Q3', kind: 'discretionary', amount: usd(amountMinor) },
    ...more,
  });

/** Budget of the quarter for a partner that is there. */
export const grant = async (partnerId: string, amountMinor: number): Promise<string> => {
  const { status, body } = await allocate(partnerId, amountMinor);
  if (status !== 201) throw new Error(`No budget was given: ${JSON.stringify(body)}`);
  return String(body.id);
};

export const submit = (partnerId: string, body: unknown = aPlan(), more: More = {}): Promise<Reply> =>
  request({ operation: 'submit-mdf-request', caller: repOf(partnerId), at: now, body, ...more });

/** Budget, and a request for it that waits for a decision. */
export const aSubmittedRequest = async (partnerId: string, plan: unknown = aPlan()): Promise<string> => {
  await grant(partnerId, 1_000_000);
  const { status, body } = await submit(partnerId, plan);
  if (status !== 201) throw new Error(`Nothing was submitted: ${JSON.stringify(body)}`);
  return String(body.id);
};

/** Opens the approval that a request waits for, unless it is open, and decides on it. */
export const decideOn = async (
  requestId: string,
  body: Readonly<Record<string, unknown>> = { outcome: 'approve' },
  more: { readonly caller?: Caller; readonly at?: string; readonly ifMatch?: number } = {},
): Promise<Reply> => {
  const approvalId =
    more.ifMatch === undefined ? await anOpenApproval(requestId, more.at ?? now) : await waitsFor(requestId);
  return decide(approvalId, { caller: manager, at: now, body, ...more });
};

export const waitsFor = async (subjectId: string): Promise<string> => {
  const subject = await readSubject(subjectId);
  return (subject && awaitedBy(subject)?.approvalId) ?? '';
};

export const aReturnedRequest = async (partnerId: string): Promise<string> => {
  const requestId = await aSubmittedRequest(partnerId);
  await decideOn(requestId, { outcome: 'return', reason: 'Who speaks?' });
  return requestId;
};

export const anApprovedRequest = async (partnerId: string, plan: unknown = aPlan()): Promise<string> => {
  const requestId = await aSubmittedRequest(partnerId, plan);
  const first = await decideOn(requestId);
  // Above the limit finance is asked too.
  const isOpen = first.body.status === 'open';
  const { body } = isOpen ? await decideOn(requestId, undefined, { caller: finance, ifMatch: 2 }) : first;
  if (body.status !== 'approved') throw new Error(`It was not approved: ${JSON.stringify(body)}`);
  return requestId;
};

export const getRequest = (requestId: string, at: string = now): Promise<Reply> =>
  request({ operation: 'get-mdf-request', caller: manager, at, params: { requestId } });

/** The budget of a partner's quarter, as it is shown. */
export const budgetOf = async (partnerId: string, at: string = now): Promise<Record<string, unknown>> => {
  const query = { partnerId, quarter: '2026-Q3' };
  const { body } = await request({ operation: 'list-mdf-budgets', caller: finance, at, query });
  // The contract answers a list.
  return (body.data as Record<string, unknown>[])[0] ?? {};
};

/** Its balances in minor units, by name. */
export const balancesOf = async (partnerId: string, at: string = now): Promise<Record<string, number>> => {
  const budget = await budgetOf(partnerId, at);
  const names = ['allocated', 'available', 'reserved', 'inReview', 'reimbursed', 'expired'];
  return Object.fromEntries(names.map((name) => [name, (budget[name] as Money | undefined)?.amountMinor ?? 0]));
};
