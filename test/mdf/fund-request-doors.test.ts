import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { imbalance } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { freshPartner, now } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { admin, adminOf, finance, manager, otherManager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import {
  anApprovedRequest,
  aPlan,
  aPlanFor,
  aReturnedRequest,
  aSubmittedRequest,
  balancesOf,
  decideOn,
  getRequest,
  grant,
  submit,
  usd,
  waitsFor,
} from './a-fund-request.ts';

const claimUntil = '2026-10-21T00:00:00.000Z';
const returnedUntil = '2026-07-31T12:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const eventsOf = async (requestId: string) => {
  const events = await listEvents(requestId, 1, 50);
  expect(brokenLink(events)).toBeUndefined();
  for (const { journals = [] } of events) expect(journals.map(imbalance)).toEqual(journals.map(() => undefined));
  return events;
};

describe('when a partner asks for funds', () => {
  test('then the request waits for a decision, and nothing is taken from the budget yet', async () => {
    const partnerId = await freshPartner();
    await grant(partnerId, 400_000);
    const reply = await submit(partnerId);
    expect(reply).toMatchObject({
      status: 201,
      body: { ...aPlan(), status: 'submitted', partnerId, awaits: { kind: 'mdf_request' } },
      headers: { etag: '"1"' },
    });
    expect(reply.body).not.toHaveProperty('reserved');
    expect(await balancesOf(partnerId)).toMatchObject({ available: 400_000, reserved: 0 });
  });

  test('then a repeat gives the first answer even after the start has passed, and another body is refused', async () => {
    const partnerId = await freshPartner();
    await grant(partnerId, 400_000);
    const first = await submit(partnerId, aPlan(), { key: 'k1' });
    const again = await submit(partnerId, aPlan(), { key: 'k1', at: addDays(now, 200) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toMatchObject({ id: first.body.id, status: 'submitted' });
    const other = await submit(partnerId, aPlan({ title: 'Other' }), { key: 'k1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then more than is available now is refused, with what is', async () => {
    const partnerId = await freshPartner();
    const none = await submit(partnerId);
    expect(none).toMatchObject({ status: 409, body: { code: 'mdf.budget_exceeded', available: usd(0) } });
    await grant(partnerId, 399_999);
    const refused = await submit(partnerId);
    expect(refused).toMatchObject({ status: 409, body: { code: 'mdf.budget_exceeded', available: usd(399_999) } });
    await grant(partnerId, 1);
    expect((await submit(partnerId)).status).toBe(201);
  });

  test.each([
    ['nothing', 'requestedAmount', usd(0), '#/requestedAmount/amountMinor'],
    ['less than nothing', 'requestedAmount', usd(-1), '#/requestedAmount/amountMinor'],
    ['a part of a cent', 'expectedCost', usd(0.5), '#/expectedCost/amountMinor'],
    ['more than can be counted', 'expectedCost', usd(2 ** 60), '#/expectedCost/amountMinor'],
    ['no such day', 'startDate', '2026-02-30', '#/startDate'],
    ['half a lead', 'expectedLeads', 1.5, '#/expectedLeads'],
    ['an unknown field', 'approvedAmount', usd(1), '#/approvedAmount'],
  ])('then %s is refused, naming the field, and nothing is written', async (_, field, value, pointer) => {
    const partnerId = await freshPartner();
    await grant(partnerId, 400_000);
    const reply = await submit(partnerId, aPlan({ [field]: value }));
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
    const query = { partnerId };
    const { body } = await request({ operation: 'list-mdf-requests', caller: manager, at: now, query });
    expect(body.data).toEqual([]);
  });

  test('then every broken rule is named at once', async () => {
    const partnerId = await freshPartner();
    const reply = await submit(partnerId, aPlan({ activityType: 'party', endDate: '2026-01-01', region: 'mars' }));
    expect(reply).toMatchObject({ status: 422, body: { code: 'mdf.activity_not_eligible' } });
    expect(reply.body.errors).toMatchObject([
      { pointer: '#/activityType' },
      { pointer: '#/endDate' },
      { pointer: '#/region' },
    ]);
  });

  test('then only an active partner may, and staff says for whom', async () => {
    const suspended = await freshPartner({ status: 'suspended' });
    expect((await submit(suspended)).body).toMatchObject({ code: 'partner.not_active', status: 409 });
    const partnerId = await freshPartner();
    await grant(partnerId, 400_000);
    expect((await submit(partnerId, aPlan(), { caller: manager })).status).toBe(400);
    const onBehalf = await submit(partnerId, aPlan({ partnerId }), { caller: manager });
    expect(onBehalf).toMatchObject({ status: 201, body: { partnerId } });
    expect((await decideOn(String(onBehalf.body.id))).body).toMatchObject({ code: 'approval.own_submission' });
  });
});

describe('when a fund request is approved', () => {
  test('then its amount is reserved in the same transaction, and it can be claimed', async () => {
    const partnerId = await freshPartner();
    const requestId = await aSubmittedRequest(partnerId);
    const decision = await decideOn(requestId);
    expect(decision.body).toMatchObject({ status: 'approved', amount: usd(400_000) });
    expect((await getRequest(requestId)).body).toMatchObject({
      status: 'approved',
      approvedAmount: usd(400_000),
      claimUntil,
      reserved: usd(400_000),
      inReview: usd(0),
      reimbursed: usd(0),
    });
    expect(await balancesOf(partnerId)).toMatchObject({ allocated: 1_000_000, available: 600_000, reserved: 400_000 });
    const events = await eventsOf(requestId);
    expect(events.map(({ type }) => type)).toEqual(['mdf_request.submitted', 'mdf_request.approved']);
    expect(events[1]?.journals?.[0]?.lines).toEqual([
      { account: `mdf:${partnerId}:2026-Q3:reserved`, amountMinor: 400_000 },
      { account: `mdf:${partnerId}:2026-Q3:available`, amountMinor: -400_000 },
    ]);
  });

  test('then checks show what is available and what a lead would cost', async () => {
    const requestId = await aSubmittedRequest(await freshPartner());
    const { body } = await decideOn(requestId);
    expect(body.checks).toMatchObject([
      { check: 'budget', outcome: 'pass', detail: expect.stringContaining('USD 10,000.00 were available') },
      { check: 'cost-per-lead', outcome: 'pass', detail: expect.stringContaining('USD 200.00') },
    ]);
  });

  test('then what does not fit any more is refused then and there, and the approval stays open', async () => {
    const partnerId = await freshPartner();
    await grant(partnerId, 500_000);
    const [first, second] = await Promise.all([submit(partnerId), submit(partnerId)]);
    await decideOn(String(first.body.id));
    const refused = await decideOn(String(second.body.id));
    expect(refused).toMatchObject({ status: 409, body: { code: 'mdf.budget_exceeded', available: usd(100_000) } });
    expect((await getRequest(String(second.body.id))).body.status).toBe('submitted');
    await grant(partnerId, 300_000);
    const approvalId = await waitsFor(String(second.body.id));
    expect((await decide(approvalId)).body).toMatchObject({ status: 'approved' });
    expect(await balancesOf(partnerId)).toMatchObject({ allocated: 800_000, available: 0, reserved: 800_000 });
  });

  test('then less than was asked for may be approved, but never more, nor nothing, nor in another currency', async () => {
    const partnerId = await freshPartner();
    const requestId = await aSubmittedRequest(partnerId);
    const approve = (approvedAmount: unknown, more = {}) =>
      decideOn(requestId, { outcome: 'approve', approvedAmount }, more);
    expect((await approve(usd(400_001))).body).toMatchObject({
      status: 422,
      code: 'approval.amount_out_of_range',
      errors: [{ pointer: '#/approvedAmount' }],
    });
    const again = { ifMatch: 1 };
    expect((await approve(usd(0), again)).body).toMatchObject({ code: 'approval.amount_out_of_range' });
    expect((await approve({ amountMinor: 1, currency: 'EUR' }, again)).body).toMatchObject({
      code: 'money.currency_mismatch',
    });
    expect((await approve(usd(300_000), again)).status).toBe(200);
    expect((await getRequest(requestId)).body).toMatchObject({ approvedAmount: usd(300_000), reserved: usd(300_000) });
  });

  test('then one above the limit needs finance too, who names the same amount', async () => {
    const requestId = await aSubmittedRequest(await freshPartner(), aPlanFor(500_001));
    const less = { outcome: 'approve', approvedAmount: usd(450_000) };
    const first = await decideOn(requestId, less);
    expect(first.body).toMatchObject({ status: 'open', requiredRole: 'finance', requiredDecisions: 1 });
    expect((await getRequest(requestId)).body.status).toBe('submitted');
    const approvalId = await waitsFor(requestId);
    expect((await decide(approvalId, { caller: otherManager, ifMatch: 2 })).status).toBe(403);
    expect((await decide(approvalId, { caller: finance, ifMatch: 2 })).body).toMatchObject({
      status: 422,
      code: 'approval.amount_differs',
      approvedAmount: usd(450_000),
    });
    expect((await decide(approvalId, { caller: finance, ifMatch: 2, body: less })).body.status).toBe('approved');
    expect((await getRequest(requestId)).body).toMatchObject({ approvedAmount: usd(450_000) });
  });

  test('then exactly the limit needs one person, and an admin decides nothing about money', async () => {
    const requestId = await aSubmittedRequest(await freshPartner(), aPlanFor(500_000));
    expect((await decideOn(requestId, undefined, { caller: admin })).status).toBe(403);
    expect((await decide(await waitsFor(requestId))).body.status).toBe('approved');
  });
});

describe('when a fund request is returned', () => {
  const resubmit = (requestId: string, caller: ReturnType<typeof repOf>, body: unknown = aPlan(), at = now) =>
    request({ operation: 'resubmit-mdf-request', caller, at, params: { requestId }, body });

  test('then the partner sends it again, and it gets a new approval', async () => {
    const partnerId = await freshPartner();
    const requestId = await aReturnedRequest(partnerId);
    expect((await getRequest(requestId)).body).toMatchObject({
      status: 'returned',
      reason: 'Who speaks?',
      returnedUntil,
    });
    const again = await resubmit(requestId, adminOf(partnerId), aPlan({ description: 'Two customers speak.' }));
    expect(again).toMatchObject({ status: 200, body: { status: 'submitted', description: 'Two customers speak.' } });
    expect(await waitsFor(requestId)).toBe(`apr_${requestId}_2`);
    expect((await decideOn(requestId)).body.status).toBe('approved');
  });

  test('then more than is available, and another partner, are refused', async () => {
    const partnerId = await freshPartner();
    const requestId = await aReturnedRequest(partnerId);
    const refused = await resubmit(requestId, repOf(partnerId), aPlanFor(1_000_001));
    expect(refused.body).toMatchObject({ code: 'mdf.budget_exceeded', available: usd(1_000_000) });
    expect((await resubmit(requestId, repOf(await freshPartner()))).status).toBe(404);
  });

  test('then it lapses when nobody answers, and shows it before the sweep has come by', async () => {
    const partnerId = await freshPartner();
    const requestId = await aReturnedRequest(partnerId);
    expect((await resubmit(requestId, repOf(partnerId), aPlan(), returnedUntil)).status).toBe(409);
    expect((await getRequest(requestId, returnedUntil)).body.status).toBe('expired');
    await sweep({ schedule: 'sweep', time: returnedUntil });
    await sweep({ schedule: 'sweep', time: returnedUntil });
    const events = await eventsOf(requestId);
    expect(events.map(({ type }) => type).at(-1)).toBe('mdf_request.expired');
    expect(events.flatMap(({ journals = [] }) => journals)).toEqual([]);
  });
});

describe('when a fund request is rejected or withdrawn', () => {
  test('then the reason is told, and the budget is as it was', async () => {
    const partnerId = await freshPartner();
    const requestId = await aSubmittedRequest(partnerId);
    expect((await decideOn(requestId, { outcome: 'reject' })).body).toMatchObject({ code: 'approval.reason_missing' });
    await decideOn(requestId, { outcome: 'reject', reason: 'Not this year.' }, { ifMatch: 1 });
    expect((await getRequest(requestId)).body).toMatchObject({ status: 'rejected', reason: 'Not this year.' });
    expect(await balancesOf(partnerId)).toMatchObject({ available: 1_000_000, reserved: 0 });
  });

  test('then a withdrawn one cannot be approved any more, and an approved one not be withdrawn', async () => {
    const partnerId = await freshPartner();
    const requestId = await aSubmittedRequest(partnerId);
    const withdraw = (id: string, key?: string) =>
      request({
        operation: 'withdraw-mdf-request',
        caller: repOf(partnerId),
        at: now,
        params: { requestId: id },
        body: { reason: 'No venue.' },
        ...(key ? { key } : {}),
      });
    const approvalId = await waitsFor(requestId);
    await decideOn(requestId, { outcome: 'approve' }, { caller: admin });
    expect((await withdraw(requestId, 'k')).body).toMatchObject({ status: 'withdrawn', reason: 'No venue.' });
    expect((await withdraw(requestId, 'k')).headers['idempotency-replayed']).toBe('true');
    expect((await decide(approvalId)).body).toMatchObject({ code: 'state.transition_not_allowed' });
    const approved = await anApprovedRequest(partnerId);
    expect((await withdraw(approved)).body).toMatchObject({ status: 409, code: 'state.transition_not_allowed' });
  });
});

describe('when nothing is claimed in time', () => {
  test('then what was reserved has expired with its quarter, and the request with it', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId);
    expect((await getRequest(requestId, claimUntil)).body).toMatchObject({ status: 'expired', reserved: usd(0) });
    await Promise.all([1, 2].map(() => sweep({ schedule: 'sweep', time: claimUntil })));
    await sweep({ schedule: 'sweep', time: claimUntil });
    expect(await balancesOf(partnerId, claimUntil)).toEqual({
      allocated: 1_000_000,
      available: 0,
      reserved: 0,
      inReview: 0,
      reimbursed: 0,
      expired: 1_000_000,
    });
    const events = await eventsOf(requestId);
    expect(events.map(({ type }) => type)).toEqual([
      'mdf_request.submitted',
      'mdf_request.approved',
      'mdf_request.expired',
    ]);
    expect(events[2]?.journals?.[0]?.lines).toEqual([
      { account: `mdf:${partnerId}:2026-Q3:expired`, amountMinor: 400_000 },
      { account: `mdf:${partnerId}:2026-Q3:reserved`, amountMinor: -400_000 },
    ]);
  });

  test('then within the quarter it is available again', async () => {
    const partnerId = await freshPartner();
    const requestId = await anApprovedRequest(partnerId, aPlan({ startDate: '2026-07-02', endDate: '2026-07-02' }));
    const at = '2026-09-01T00:00:00.000Z';
    await sweep({ schedule: 'sweep', time: at });
    expect((await getRequest(requestId, at)).body.status).toBe('expired');
    expect(await balancesOf(partnerId, at)).toMatchObject({ available: 1_000_000, reserved: 0, expired: 0 });
  });
});
