import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { imbalance } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { listStatements } from '#shared/payouts/statement-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { freshPartner } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { aDecidedClaim, aFullClaim, afterEvent, aSubmittedClaim, claim, decideClaim, getClaim } from './a-claim.ts';
import { balancesOf, getRequest, usd, waitsFor } from './a-fund-request.ts';

const otherFinance = { ...finance, id: 'usr_finance2' };
const inPart = { outcome: 'approve', approvedAmount: usd(250_000) };
const rejected = { outcome: 'reject', reason: 'This is no event.' };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const dispute = (partnerId: string, claimId: string, more: { at?: string; key?: string } = {}) =>
  request({
    operation: 'dispute-mdf-claim',
    caller: repOf(partnerId),
    at: afterEvent,
    params: { claimId },
    body: { reason: 'The band is part of the event.' },
    ...more,
  });

const clawBack = (claimId: string, more: { at?: string; key?: string; caller?: typeof finance } = {}) =>
  request({
    operation: 'claw-back-mdf-claim',
    caller: finance,
    at: afterEvent,
    params: { claimId },
    body: { reason: 'There was no event.' },
    ...more,
  });

const answer = (claimId: string, body: object, caller = otherFinance) =>
  decideClaim(claimId, body as Record<string, unknown>, { caller });

const eventsOf = async (subject: string) => {
  const events = await listEvents(subject, 1, 50);
  expect(brokenLink(events)).toBeUndefined();
  for (const { journals = [] } of events) expect(journals.map(imbalance)).toEqual(journals.map(() => undefined));
  return events.map(({ type }) => type);
};

const amountsOf = async (partnerId: string) => {
  const list = { partnerId, keep: () => true, after: undefined, limit: 10 };
  const { earnings } = await listEarningsOfPartner(list);
  return earnings.map(({ kind, status, amount }) => [kind, status, amount.amountMinor]).sort();
};

describe('when a partner disputes a decision', () => {
  test('then what was refused is in review again, and somebody else answers within 5 business days', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, inPart);
    const reply = await dispute(partnerId, claimId, { key: 'k' });
    expect(reply).toMatchObject({ status: 202, body: { status: 'partially_approved', disputedAt: afterEvent } });
    expect((await dispute(partnerId, claimId, { key: 'k' })).headers['idempotency-replayed']).toBe('true');
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({
      reserved: 0,
      inReview: 150_000,
      reimbursed: 250_000,
    });
    const same = await answer(claimId, { outcome: 'approve' }, finance);
    expect(same).toMatchObject({ status: 403, body: { code: 'approval.already_decided_by_you' } });
    const granted = await decide(await waitsFor(claimId), { caller: otherFinance, at: afterEvent });
    expect(granted.body).toMatchObject({ status: 'approved', amount: usd(150_000), dueAt: '2026-08-31T09:00:00.000Z' });
    expect((await getClaim(claimId)).body).toMatchObject({ status: 'approved', approvedAmount: usd(400_000) });
    expect(await amountsOf(partnerId)).toEqual([
      ['mdf-reimbursement', 'on_hold', 150_000],
      ['mdf-reimbursement', 'on_hold', 250_000],
    ]);
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 0, inReview: 0, reimbursed: 400_000 });
    expect(await eventsOf(claimId)).toEqual([
      'mdf_claim.submitted',
      'mdf_claim.partially_approved',
      'mdf_claim.disputed',
      'mdf_claim.approved',
    ]);
  });

  test('then a rejected claim takes its documents again, and is paid in part when that is granted', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aDecidedClaim(partnerId, rejected);
    expect((await dispute(partnerId, claimId)).status).toBe(202);
    expect((await answer(claimId, { outcome: 'approve', approvedAmount: usd(100_000) })).status).toBe(200);
    expect((await getClaim(claimId)).body).toMatchObject({
      status: 'partially_approved',
      approvedAmount: usd(100_000),
    });
    expect(await amountsOf(partnerId)).toEqual([['mdf-reimbursement', 'on_hold', 100_000]]);
    const closed = '2026-10-21T00:00:00.000Z';
    await sweep({ schedule: 'sweep', time: closed });
    expect((await getRequest(requestId, closed)).body).toMatchObject({ status: 'completed' });
  });

  test('then the decision may stay, once and for all, and the documents are free', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, rejected);
    await dispute(partnerId, claimId);
    expect((await answer(claimId, { outcome: 'return', reason: 'Hm.' })).status).toBe(409);
    const approvalId = await waitsFor(claimId);
    const kept = await decide(approvalId, { caller: otherFinance, at: afterEvent, body: rejected });
    expect(kept.body).toMatchObject({ status: 'rejected' });
    expect((await getClaim(claimId)).body).toMatchObject({ status: 'rejected', disputeAnsweredAt: afterEvent });
    expect((await dispute(partnerId, claimId)).body).toMatchObject({ code: 'state.transition_not_allowed' });
    expect(await balancesOf(partnerId, afterEvent)).toMatchObject({ reserved: 400_000, inReview: 0 });
    await eventsOf(claimId);
  });

  test('then only for 30 days, what was refused, and by its own partner', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, inPart);
    const late = await dispute(partnerId, claimId, { at: addDays(afterEvent, 30) });
    expect(late).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
    expect((await dispute(await freshPartner(), claimId)).status).toBe(404);
    const whole = await aDecidedClaim(await freshPartner(), { outcome: 'approve' });
    expect((await dispute(partnerId, whole.claimId)).status).toBe(404);
    const waiting = await aSubmittedClaim(partnerId);
    expect((await dispute(partnerId, waiting.claimId)).status).toBe(409);
  });

  test('then not where what it held was claimed again since', async () => {
    const partnerId = await freshPartner();
    const { requestId, claimId } = await aDecidedClaim(partnerId, rejected);
    const again = await aFullClaim(partnerId, { claimedAmount: usd(300_000) });
    expect((await claim(partnerId, requestId, again)).status).toBe(201);
    expect((await dispute(partnerId, claimId)).body).toMatchObject({
      code: 'mdf.budget_exceeded',
      available: usd(100_000),
    });
  });
});

describe('when a claim is found false', () => {
  test('then on hold its earning is reversed, and the budget does not get it back', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, { outcome: 'approve' });
    expect((await clawBack(claimId, { caller: manager })).status).toBe(403);
    expect((await clawBack(claimId, { key: 'k' })).body).toMatchObject({ clawedBackAt: afterEvent });
    expect((await clawBack(claimId, { key: 'k' })).headers['idempotency-replayed']).toBe('true');
    expect((await clawBack(claimId)).body).toMatchObject({ code: 'state.transition_not_allowed' });
    expect(await amountsOf(partnerId)).toEqual([['mdf-reimbursement', 'reversed', 400_000]]);
    expect(await balancesOf(partnerId, afterEvent)).toEqual({
      allocated: 1_000_000,
      available: 600_000,
      reserved: 0,
      inReview: 0,
      reimbursed: 0,
      expired: 400_000,
    });
    await eventsOf(claimId);
  });

  test('then payable or paid a negative earning takes it back, once among ten at once', async () => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, inPart);
    const at = addDays(afterEvent, 31);
    const replies = await Promise.all(Array.from({ length: 10 }, () => clawBack(claimId, { at })));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await amountsOf(partnerId)).toEqual([
      ['clawback', 'on_hold', -250_000],
      ['mdf-reimbursement', 'on_hold', 250_000],
    ]);
  });

  test.each([
    ['on hold', afterEvent, ['mdf-reimbursement', 'reversed'], ['mdf-reimbursement', 'reversed']],
    ['payable', addDays(afterEvent, 31), ['clawback', 'on_hold'], ['mdf-reimbursement', 'on_hold']],
  ])('then both parts of one that was granted on dispute go back together, %s', async (_words, at, first, last) => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, inPart);
    await dispute(partnerId, claimId);
    await answer(claimId, { outcome: 'approve' });
    expect(await clawBack(claimId, { at })).toMatchObject({ status: 200, body: { clawedBackAt: at } });
    const states = (await amountsOf(partnerId)).map(([kind, status]) => [kind, status]);
    expect([states.length, states[0], states.at(-1)]).toEqual([first[0] === 'clawback' ? 4 : 2, first, last]);
    const statements = await listStatements(partnerId);
    expect(statements.reduce((sum, { balances }) => sum + balances.amountDue, 0)).toBe(0);
  });

  test('then nothing is taken back of what was never approved', async () => {
    const { claimId } = await aDecidedClaim(await freshPartner(), rejected);
    expect((await clawBack(claimId)).body).toMatchObject({ status: 409, code: 'state.transition_not_allowed' });
  });
});
