import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { imbalance } from '#shared/core/journal.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { listDue } from '#shared/platform/due.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { freshPartner } from '#test/deals/at-the-deals-door.ts';
import { aRejectedDocument, aVerifiedDocument } from '#test/documents/a-document.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { commitGate } from '#test/support/gates.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import {
  aClaimFor,
  aContent,
  aContentOf,
  aFullClaim,
  afterEvent,
  aReturnedClaim,
  aSubmittedClaim,
  claim,
  decideClaim,
  getClaim,
} from './a-claim.ts';
import { anApprovedRequest, aPlanFor, balancesOf, getRequest, usd, waitsFor } from './a-fund-request.ts';

const otherFinance = { ...finance, id: 'usr_finance2' };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const eventsOf = async (subject: string) => {
  const events = await listEvents(subject, 1, 50);
  expect(brokenLink(events)).toBeUndefined();
  for (const { journals = [] } of events) expect(journals.map(imbalance)).toEqual(journals.map(() => undefined));
  return events;
};

const earningsOf = async (partnerId: string) =>
  (await listEarningsOfPartner({ partnerId, keep: () => true, after: undefined, limit: 10 })).earnings;

describe('when an activity is claimed', () => {
  test('then its amount goes from the reservation to review, and finance is asked', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const body = await aClaimFor(partnerId, 300_000);
    const reply = await claim(partnerId, requestId, body);
    expect(reply).toMatchObject({
      status: 201,
      body: { ...body, status: 'submitted', requestId, partnerId, awaits: { kind: 'mdf_claim' } },
    });
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({
      reserved: usd(100_000),
      inReview: usd(300_000),
    });
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 100_000, inReview: 300_000 });
    const [event] = await eventsOf(String(reply.body.id));
    expect(event?.personal).toEqual(['documents', 'invoices', 'outcome', 'proofs']);
    expect(event?.journals?.[0]?.lines).toEqual([
      { account: `mdf:${partnerId}:2026-Q3:in-review`, amountMinor: 300_000 },
      { account: `mdf:${partnerId}:2026-Q3:reserved`, amountMinor: -300_000 },
    ]);
  });

  test('then several may be claimed up to the reservation, and not a cent more', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    expect((await claim(partnerId, requestId, await aClaimFor(partnerId, 300_000))).status).toBe(201);
    expect(await claim(partnerId, requestId, await aClaimFor(partnerId, 100_001))).toMatchObject({
      status: 409,
      body: { code: 'mdf.budget_exceeded', available: usd(100_000), errors: [{ pointer: '#/claimedAmount' }] },
    });
    expect((await claim(partnerId, requestId, await aClaimFor(partnerId, 100_000))).status).toBe(201);
    const query = { partnerId };
    const { body } = await request({ operation: 'list-mdf-claims', caller: repOf(partnerId), at: afterEvent, query });
    expect(body.data).toHaveLength(2);
  });

  test('then a repeat gives the first answer even after the window, and another body is refused', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const body = await aFullClaim(partnerId);
    const first = await claim(partnerId, requestId, body, { key: 'k' });
    const again = await claim(partnerId, requestId, body, { key: 'k', at: '2026-12-01T00:00:00.000Z' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await claim(partnerId, requestId, { ...body, claimedAmount: usd(1) }, { key: 'k' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then documents that are not its own, not there, or not verified are all named, and nothing is taken', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const theirs = await aVerifiedDocument({ partnerId: await freshPartner() });
    const rejected = await aRejectedDocument({ partnerId });
    const full = await aFullClaim(partnerId);
    const proofs = [
      { kind: 'attendee-list', documentId: theirs.id },
      { kind: 'photo', documentId: rejected.id },
    ];
    const reply = await claim(partnerId, requestId, { ...full, proofs });
    expect(reply).toMatchObject({
      status: 404,
      body: {
        errors: [
          { pointer: '#/proofs/0/documentId', code: 'not_found' },
          { pointer: '#/proofs/1/documentId', code: 'document.not_verified' },
        ],
      },
    });
    const twice = await claim(partnerId, requestId, aContentOf(full.proofs[0]?.documentId ?? ''));
    expect(twice).toMatchObject({ status: 422, body: { code: 'mdf.listed_twice' } });
    expect(twice.body.errors).toMatchObject([
      { pointer: '#/proofs/0/documentId' },
      { pointer: '#/proofs/1/documentId' },
    ]);
    const missing = await claim(partnerId, requestId, aContent());
    expect(missing.body.errors).toHaveLength(3);
    expect((await claim(partnerId, requestId, full)).status).toBe(201);
  });

  test('then a document or an invoice that stands in another claim is refused, without saying whose', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    const first = await aFullClaim(theirs);
    expect((await claim(theirs, await anApprovedRequest(theirs), first)).status).toBe(201);
    const requestId = await anApprovedRequest(mine);
    const full = await aFullClaim(mine);
    const sameInvoice = {
      ...full.invoices[0],
      number: ` ${first.invoices[0]?.number.toLowerCase()}`,
      supplier: 'HARBOUR-HALL',
    };
    const invoice = await claim(mine, requestId, { ...full, invoices: [sameInvoice] });
    expect(invoice).toMatchObject({ status: 409, body: { code: 'mdf.invoice_already_claimed' } });
    expect(JSON.stringify(invoice.body)).not.toContain(theirs);
    const again = await aVerifiedDocument({ partnerId: mine });
    const taken = await aFullClaim(mine, { proofs: full.proofs });
    expect((await claim(mine, requestId, { ...taken, claimedAmount: usd(1) })).status).toBe(201);
    const sameDocument = {
      ...full,
      claimedAmount: usd(1),
      invoices: full.invoices.map((each) => ({ ...each, documentId: again.id })),
    };
    expect((await claim(mine, requestId, sameDocument)).body).toMatchObject({ code: 'mdf.document_already_claimed' });
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({ inReview: usd(1) });
  });

  test('then every broken rule is named, and every faulty field', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const full = await aFullClaim(partnerId);
    const rules = await claim(partnerId, requestId, {
      ...full,
      claimedAmount: usd(400_001),
      proofs: full.proofs.slice(1),
      invoices: full.invoices.map((each) => ({ ...each, issuedOn: '2027-01-01' })),
    });
    expect(rules).toMatchObject({
      status: 422,
      body: {
        code: 'mdf.share_too_high',
        errors: [{ pointer: '#/claimedAmount' }, { pointer: '#/proofs' }, { pointer: '#/invoices/0/issuedOn' }],
      },
    });
    const fields = await claim(partnerId, requestId, { ...full, claimedAmount: usd(-1), invoices: [], extra: 1 });
    expect(fields.body.errors).toMatchObject([
      { pointer: '#/claimedAmount/amountMinor' },
      { pointer: '#/invoices' },
      { pointer: '#/extra' },
    ]);
  });

  test('then one that is not approved, that is over, or another’s, and a suspended partner are refused', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const body = await aFullClaim(partnerId);
    const late = await claim(partnerId, requestId, body, { at: '2026-10-21T00:00:00.000Z' });
    expect(late).toMatchObject({ status: 422, body: { code: 'mdf.claim_window_closed' } });
    expect((await claim(await freshPartner(), requestId, body)).status).toBe(404);
    await commitGate(partnerId, { status: 'suspended' });
    expect((await claim(partnerId, requestId, body)).body).toMatchObject({ code: 'partner.not_active' });
    expect((await claim(partnerId, requestId, body, { caller: manager })).body).toMatchObject({ status: 409 });
  });
});

describe('when the same claim is submitted 200 times at once', () => {
  test.each([
    ['with one key', () => 'same'],
    ['with a key each', (index: number) => `k${index}`],
  ])('then %s it is one', async (_, keyOf) => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const body = await aClaimFor(partnerId, 1_000);
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_each, index) => claim(partnerId, requestId, body, { key: keyOf(index) })),
    );
    const made = new Set(replies.filter(({ status }) => status === 201).map(({ body: { id } }) => id));
    expect(made.size).toBe(1);
    const codes = new Set(replies.filter(({ status }) => status !== 201).map(({ body: { code } }) => code));
    expect([...codes].filter((code) => !/^mdf\.(document|invoice)_already_claimed$/.test(String(code)))).toEqual([]);
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({ inReview: usd(1_000) });
  });
});

describe('when finance approves a claim', () => {
  test('then it is reimbursed as an earning in the same transaction, on hold, with its explanation', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aSubmittedClaim(partnerId);
    const { body } = await decideClaim(claimId);
    expect(body).toMatchObject({
      status: 'approved',
      amount: usd(400_000),
      decisions: [{ approvedAmount: usd(400_000) }],
    });
    expect((await getClaim(claimId)).body).toMatchObject({ status: 'approved', approvedAmount: usd(400_000) });
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 0, inReview: 0, reimbursed: 400_000 });
    const [earning, ...more] = await earningsOf(partnerId);
    expect(more).toEqual([]);
    expect(earning).toMatchObject({
      kind: 'mdf-reimbursement',
      status: 'on_hold',
      claimId,
      amount: usd(400_000),
      holdUntil: '2026-09-21T09:00:00.000Z',
      explanation: { rule: 'mdf', inputs: { request: requestId } },
    });
    const events = await eventsOf(claimId);
    expect(events.map(({ type }) => type)).toEqual(['mdf_claim.submitted', 'mdf_claim.approved']);
    await eventsOf(earning?.id ?? '');
    await sweep({ schedule: 'sweep', time: afterEvent });
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({ status: 'completed' });
  });

  test('then in part, the rest is reserved again and stays so while the decision can be disputed', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aSubmittedClaim(partnerId);
    await decideClaim(claimId, { outcome: 'approve', approvedAmount: usd(250_000), reason: 'Without the band.' });
    expect((await getClaim(claimId)).body).toMatchObject({
      status: 'partially_approved',
      approvedAmount: usd(250_000),
      reason: 'Without the band.',
    });
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({
      reserved: 150_000,
      inReview: 0,
      reimbursed: 250_000,
    });
    expect(await earningsOf(partnerId)).toMatchObject([{ amount: usd(250_000) }]);
    await sweep({ schedule: 'sweep', time: afterEvent });
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({
      status: 'approved',
      reserved: usd(150_000),
    });
    const closed = '2026-10-21T00:00:00.000Z';
    await sweep({ schedule: 'sweep', time: closed });
    expect((await getRequest(requestId, closed)).body).toMatchObject({ status: 'completed', reimbursed: usd(250_000) });
    expect(await balancesOf(partnerId, closed)).toMatchObject({ reserved: 0, reimbursed: 250_000, expired: 750_000 });
  });

  test('then above the limit two different people approve the same amount', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aLargeClaim(partnerId);
    const part = { outcome: 'approve', approvedAmount: usd(500_000) };
    expect((await decideClaim(claimId, part)).body).toMatchObject({ status: 'open', requiredDecisions: 1 });
    const approvalId = await waitsFor(claimId);
    const second = (caller: typeof finance, body: object) =>
      decide(approvalId, { caller, body, ifMatch: 2, at: afterEvent });
    expect((await second(finance, part)).body).toMatchObject({ code: 'approval.already_decided_by_you' });
    expect((await second(otherFinance, { outcome: 'approve' })).body).toMatchObject({
      code: 'approval.amount_differs',
    });
    expect(await earningsOf(partnerId)).toEqual([]);
    expect((await second(otherFinance, part)).body).toMatchObject({ status: 'approved' });
    expect(await earningsOf(partnerId)).toMatchObject([{ amount: usd(500_000) }]);
  });

  test('then 16 decisions at once are one, and one earning', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aSubmittedClaim(partnerId);
    await decideClaim(claimId, { outcome: 'approve' }, { caller: manager });
    const approvalId = await waitsFor(claimId);
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        decide(approvalId, { caller: { ...finance, id: `usr_f${index}` }, at: afterEvent }),
      ),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await earningsOf(partnerId)).toHaveLength(1);
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ inReview: 0, reimbursed: 400_000 });
  });

  test('then whoever submitted it does not decide, nor does a partner manager', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const { body } = await claim(partnerId, requestId, await aFullClaim(partnerId), { caller: manager });
    const own = await decideClaim(String(body.id), { outcome: 'approve' }, { caller: manager });
    expect(own.body).toMatchObject({ code: 'approval.own_submission' });
  });
});

const aLargeClaim = (partnerId: string) =>
  aSubmittedClaim(partnerId, { plan: aPlanFor(600_000), amountMinor: 600_000 });

describe('when finance looks at a claim', () => {
  test('then all seven checks were computed once and are shown', async () => {
    const { claimId } = await aSubmittedClaim(await freshPartner());
    const { body } = await decideClaim(claimId);
    expect(body.checks).toMatchObject(
      ['budget', 'dates', 'proof', 'unseen', 'amount', 'split', 'four-eyes'].map((check) => ({
        check,
        outcome: 'pass',
      })),
    );
  });

  test('then claims that were split below the limit, and invoices from before the approval, are told', async () => {
    const partnerId = await freshPartner();
    const first = await aSubmittedClaim(partnerId, { plan: aPlanFor(300_000), amountMinor: 300_000 });
    const requestId = await anApprovedRequest(partnerId, aPlanFor(300_000));
    const body = await aClaimFor(partnerId, 300_000);
    const early = { ...body, invoices: body.invoices.map((each) => ({ ...each, issuedOn: '2026-06-30' })) };
    const second = await claim(partnerId, requestId, early);
    const { body: approval } = await decideClaim(String(second.body.id));
    const found = (approval.checks as { check: string; outcome: string; detail: string }[]).filter(
      ({ outcome }) => outcome !== 'pass',
    );
    expect(found).toMatchObject([
      { check: 'dates', detail: expect.stringContaining('before the request was approved') },
      { check: 'split', detail: expect.stringContaining(first.claimId) },
    ]);
  });
});

describe('when finance rejects a claim', () => {
  test('then its amount is reserved again, and its documents may stand in a new one', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    const body = await aFullClaim(partnerId);
    const first = String((await claim(partnerId, requestId, body)).body.id);
    await decideClaim(first, { outcome: 'reject', reason: 'This is no event.' });
    expect((await getClaim(first)).body).toMatchObject({ status: 'rejected', reason: 'This is no event.' });
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 400_000, inReview: 0, reimbursed: 0 });
    expect((await claim(partnerId, requestId, body)).status).toBe(201);
    expect(await earningsOf(partnerId)).toEqual([]);
    await eventsOf(first);
  });
});

describe('when finance returns a claim', () => {
  const resubmit = (partnerId: string, claimId: string, body: unknown, at = afterEvent) =>
    request({ operation: 'resubmit-mdf-claim', caller: repOf(partnerId), at, params: { claimId }, body });

  test('then it keeps what it holds, and comes again with other amounts and documents', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aReturnedClaim(partnerId);
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({ inReview: usd(400_000), reserved: usd(0) });
    const less = await aClaimFor(partnerId, 350_000);
    expect(await resubmit(partnerId, claimId, less)).toMatchObject({
      status: 200,
      body: { status: 'submitted', claimedAmount: usd(350_000), invoices: less.invoices },
    });
    expect((await getRequest(requestId, afterEvent)).body).toMatchObject({
      inReview: usd(350_000),
      reserved: usd(50_000),
    });
    expect((await decideClaim(claimId)).body.status).toBe('approved');
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 50_000, reimbursed: 350_000 });
    await eventsOf(claimId);
  });

  test('then it may not come again with more than is left, or after its time, but after the window it may', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aReturnedClaim(partnerId);
    expect((await resubmit(partnerId, claimId, await aClaimFor(partnerId, 400_001))).body).toMatchObject({
      code: 'mdf.budget_exceeded',
    });
    const body = await aClaimFor(partnerId, 400_000);
    expect((await resubmit(partnerId, claimId, body, '2026-09-21T09:00:00.000Z')).status).toBe(409);
    expect((await resubmit(partnerId, claimId, body, '2026-09-21T08:59:59.999Z')).status).toBe(200);
  });

  test('then it lapses when nobody answers, and lets go of everything', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aReturnedClaim(partnerId);
    const at = '2026-09-21T09:00:00.000Z';
    expect((await getClaim(claimId, at)).body.status).toBe('expired');
    await Promise.all([1, 2].map(() => sweep({ schedule: 'sweep', time: at })));
    expect((await eventsOf(claimId)).map(({ type }) => type).at(-1)).toBe('mdf_claim.expired');
    expect((await getRequest(requestId, at)).body).toMatchObject({ status: 'approved', reserved: usd(400_000) });
    expect(await listDue(at)).not.toContain(claimId);
  });

  test('then it and its request, due together, end in one sweep, whichever comes first', async () => {
    const pairs = await Promise.all(Array.from({ length: 4 }, async () => aReturnedClaim(await freshPartner())));
    const at = '2026-12-31T09:00:00.000Z';
    await sweep({ schedule: 'sweep', time: at });
    const due = await listDue(at);
    for (const { requestId, claimId } of pairs) {
      expect((await getRequest(requestId)).body.status).toBe('expired');
      expect(due).not.toContain(requestId);
      expect(due).not.toContain(claimId);
    }
  });
});
