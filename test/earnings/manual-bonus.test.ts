import { beforeAll, describe, expect, test } from 'vitest';
import { getApproval } from '#shared/approvals/approval-store.ts';
import { awaitedBy, listWaiting, readSubject } from '#shared/approvals/subject-store.ts';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { partnerAccount } from '#shared/ledger/chart.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { freshPartner } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Call } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';
import { admin, finance, manager, otherManager, repOf } from '#test/support/people.ts';
import { anOpenDeal, ask, earningsOf, inWords, now, usd } from './at-the-earnings-door.ts';

const otherFinance = { ...finance, id: 'usr_finance2' };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const submit = (partnerId: string, body: Record<string, unknown> = {}, more: Partial<Call> = {}) =>
  ask('submit-bonus', {
    caller: manager,
    body: { partnerId, kind: 'bonus', amount: usd(100_000), reason: 'They ran our stand.', ...body },
    ...more,
  });

const aSubmittedBonus = async (more: Partial<Call> = {}, body: Record<string, unknown> = {}) => {
  const partnerId = await freshPartner();
  const reply = await submit(partnerId, body, more);
  expect(reply.status).toBe(201);
  const earningId = String(reply.body.id);
  return { partnerId, earningId, approvalId: await anOpenApproval(earningId, now), reply };
};

const get = async (earningId: string, more: Partial<Call> = {}) =>
  ask('get-earning', { params: { earningId }, ...more });

const journalsOf = async (earningId: string) => {
  const events = await listEvents(earningId, 1, 10);
  expect(brokenLink(events)).toBeUndefined();
  return events.flatMap(({ journals = [] }) => journals);
};

const statementOf = async (partnerId: string, month: string) => {
  const [item] = await read([{ pk: partnerId, sk: `statement#USD#${month}` }]);
  return item && { amountDue: item.amountDue, earnings: item.earnings };
};

describe('when staff ask for a bonus', () => {
  test('then it waits for finance, is owed to nobody yet, and the partner does not see it', async () => {
    const { partnerId, earningId, approvalId, reply } = await aSubmittedBonus();
    expect(reply.body).toMatchObject({
      status: 'submitted',
      kind: 'bonus',
      amount: usd(100_000),
      reason: 'They ran our stand.',
      awaits: { kind: 'earning', by: manager.id },
      explanation: { rule: 'manual', programVersion: 1 },
    });
    expect(reply.body).not.toHaveProperty('approvals');
    expect(await journalsOf(earningId)).toEqual([]);
    expect(await statementOf(partnerId, '2026-07')).toBeUndefined();
    expect((await get(earningId)).body.status).toBe('submitted');
    expect((await get(earningId, { caller: repOf(partnerId) })).status).toBe(404);
    const own = await ask('list-earnings', { caller: repOf(partnerId) });
    expect(own.body.data).toEqual([]);
    const subject = await readSubject(earningId);
    expect(subject && awaitedBy(subject)?.approvalId).toBe(approvalId);
    expect((await listWaiting()).map(({ entity }) => entity.id)).toContain(earningId);
  });

  test.each([
    ['nothing', { amount: usd(0) }, '400 request.invalid #/amount/amountMinor'],
    ['less than nothing', { amount: usd(-1) }, '400 request.invalid #/amount/amountMinor'],
    ['half a cent', { amount: usd(0.5) }, '400 request.invalid #/amount/amountMinor'],
    ['another kind', { kind: 'commission' }, '400 request.invalid #/kind'],
    ['no reason', { reason: ' ' }, '400 request.invalid #/reason'],
    [
      'another currency',
      { amount: { amountMinor: 1, currency: 'EUR' } },
      '422 money.currency_mismatch #/amount/currency',
    ],
    ['a deal that is not there', { dealId: 'deal_none' }, '404 not_found #/dealId'],
    ['a partner that is not there', { partnerId: 'ptr_none' }, '404 not_found'],
  ])('then %s is refused, and nothing is written', async (_words, body, expected) => {
    const partnerId = await freshPartner();
    const { status, body: problem } = await submit(partnerId, body);
    const pointers = ((problem.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
    expect([status, problem.code, ...pointers].join(' ')).toBe(expected);
    expect(await earningsOf(partnerId)).toEqual([]);
  });

  test('then it may name a deal in which the partner has a part, and no other', async () => {
    const [own, others] = [await anOpenDeal(), await anOpenDeal()];
    const reply = await submit(own.partnerId, { dealId: own.dealId });
    expect(reply).toMatchObject({ status: 201, body: { dealId: own.dealId } });
    expect((await submit(own.partnerId, { dealId: others.dealId })).body).toMatchObject({
      status: 404,
      errors: [{ pointer: '#/dealId' }],
    });
  });

  test('then partners and administrators may not', async () => {
    const partnerId = await freshPartner();
    for (const caller of [repOf(partnerId), admin])
      expect((await submit(partnerId, {}, { caller })).body.code).toBe('auth.forbidden');
  });

  test('then a repeat gets the first answer, even when the partner was suspended since, and another body is refused', async () => {
    const partnerId = await freshPartner();
    const first = await submit(partnerId, {}, { key: 'once' });
    await commitGate(partnerId, { status: 'suspended' });
    const again = await submit(partnerId, {}, { key: 'once', at: addDays(now, 3) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await submit(partnerId, { amount: usd(1) }, { key: 'once' });
    expect(other.body.code).toBe('idempotency.key_reused');
    const wrong = await submit(partnerId, { amount: { amountMinor: 1, currency: 'EUR' } }, { key: 'once' });
    expect(wrong.body.code).toBe('idempotency.key_reused');
    expect(inWords(await earningsOf(partnerId))).toEqual(['bonus 1,000.00 submitted']);
  });

  test('then one for a partner that is not active is refused in words', async () => {
    const partnerId = await freshPartner();
    await commitGate(partnerId, { status: 'suspended' });
    expect((await submit(partnerId)).body).toMatchObject({ status: 409, code: 'partner.not_active' });
  });
});

describe('when somebody else approves it', () => {
  test('then it is booked with the decision: on hold, with its journals, on the statement, explained', async () => {
    const { partnerId, earningId, approvalId } = await aSubmittedBonus();
    const { status, body } = await decide(approvalId, { caller: finance });
    expect({ status, outcome: body.status }).toEqual({ status: 200, outcome: 'approved' });
    const until = addDays(now, 30);
    expect((await get(earningId, { caller: repOf(partnerId) })).body).toMatchObject({
      status: 'on_hold',
      amount: usd(100_000),
      holdUntil: until,
      payableAt: until,
    });
    const [expense, onHold, payable] = [
      'program:expense:bonus',
      partnerAccount(partnerId, 'on-hold'),
      partnerAccount(partnerId, 'payable'),
    ];
    expect(await journalsOf(earningId)).toMatchObject([
      {
        at: now,
        lines: [
          { account: expense, amountMinor: 100_000 },
          { account: onHold, amountMinor: -100_000 },
        ],
      },
      {
        at: until,
        lines: [
          { account: onHold, amountMinor: 100_000 },
          { account: payable, amountMinor: -100_000 },
        ],
      },
    ]);
    expect(await statementOf(partnerId, '2026-07')).toEqual({ amountDue: 100_000, earnings: 1 });
    expect((await get(earningId, { at: until })).body.status).toBe('payable');
    expect((await listWaiting()).map(({ entity }) => entity.id)).not.toContain(earningId);
    const { body: told } = await ask('explain-earning', { params: { earningId }, caller: repOf(partnerId) });
    expect(told.explanation).toMatchObject({
      text: 'A bonus by no rule: our staff asked for it, and it is owed once somebody else has approved it: USD 1,000.00.',
    });
    expect(told.journals).toHaveLength(2);
  });

  test('then less may be approved than was asked for, and never more', async () => {
    const { partnerId, earningId, approvalId } = await aSubmittedBonus();
    const more = await decide(approvalId, {
      caller: finance,
      body: { outcome: 'approve', approvedAmount: usd(100_001) },
    });
    expect(more.body.code).toBe('approval.amount_out_of_range');
    const less = await decide(approvalId, {
      caller: finance,
      body: { outcome: 'approve', approvedAmount: usd(60_000) },
    });
    expect(less.status).toBe(200);
    const { body } = await get(earningId);
    expect(body).toMatchObject({ status: 'on_hold', amount: usd(60_000), explanation: { inputs: { asked: 100_000 } } });
    expect(await statementOf(partnerId, '2026-07')).toEqual({ amountDue: 60_000, earnings: 1 });
  });

  test('then who asked for it may not, nor the wrong role, and it is decided once', async () => {
    const { earningId, approvalId } = await aSubmittedBonus({ caller: finance });
    const own = await decide(approvalId, { caller: finance });
    expect(own.body).toMatchObject({ status: 403, code: 'approval.own_submission' });
    for (const caller of [otherManager, admin])
      expect((await decide(approvalId, { caller })).body).toMatchObject({ status: 403, code: 'auth.forbidden' });
    const replies = await Promise.all(
      ['usr_a', 'usr_b', 'usr_c'].map((id) => decide(approvalId, { caller: { ...otherFinance, id } })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await journalsOf(earningId)).toHaveLength(2);
  });

  test('then not for a partner that was suspended since: it waits until the partner is active again', async () => {
    const { partnerId, earningId, approvalId } = await aSubmittedBonus();
    await commitGate(partnerId, { status: 'suspended' });
    expect((await decide(approvalId, { caller: finance })).body).toMatchObject({
      status: 409,
      code: 'partner.not_active',
    });
    expect((await get(earningId)).body.status).toBe('submitted');
    expect(await journalsOf(earningId)).toEqual([]);
    await commitGate(partnerId, { status: 'active' });
    expect((await decide(approvalId, { caller: finance })).status).toBe(200);
  });
});

describe('when somebody else does not approve it', () => {
  test('then it is rejected with the reason, nothing is booked, and the partner never hears of it', async () => {
    const { partnerId, earningId, approvalId } = await aSubmittedBonus();
    const body = { outcome: 'reject', reason: 'That was in the contract.' };
    expect((await decide(approvalId, { caller: finance, body })).status).toBe(200);
    expect((await get(earningId)).body).toMatchObject({
      status: 'rejected',
      reason: 'They ran our stand.',
      rejectedBecause: 'That was in the contract.',
    });
    expect(await journalsOf(earningId)).toEqual([]);
    expect((await get(earningId, { caller: repOf(partnerId) })).status).toBe(404);
    const [event] = (await listEvents(earningId, 2, 1)) ?? [];
    expect(event).toMatchObject({ type: 'earning.rejected', personal: ['rejectedBecause'] });
  });

  test('then it is not sent back: it is approved or rejected', async () => {
    const { approvalId } = await aSubmittedBonus();
    const body = { outcome: 'return', reason: 'Which fair?' };
    expect((await decide(approvalId, { caller: finance, body })).body.code).toBe('state.transition_not_allowed');
  });
});

test('when a partner had another bonus of late, then whoever decides is told', async () => {
  const { partnerId, approvalId } = await aSubmittedBonus();
  const first = await ask('list-earnings', { query: { partnerId } });
  expect(first.body.data).toHaveLength(1);
  const second = String((await submit(partnerId, { amount: usd(40_000) })).body.id);
  await anOpenApproval(second, now);
  const subject = await readSubject(second);
  const [check] = (await getApproval((subject && awaitedBy(subject)?.approvalId) ?? '')).checks;
  expect(check).toMatchObject({ check: 'other-bonuses', outcome: 'warn' });
  expect(check?.detail).toContain('USD 1,000.00');
  expect((await getApproval(approvalId)).checks[0]?.outcome).toBe('pass');
});
