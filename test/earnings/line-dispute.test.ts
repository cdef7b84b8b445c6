import { beforeAll, describe, expect, test } from 'vitest';
import { getApproval } from '#shared/approvals/approval-store.ts';
import type { Caller } from '#shared/core/caller.ts';
import { brokenLink, systemIntent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { getEarning } from '#shared/earnings/earning-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { partsOf } from '#shared/payouts/payout.ts';
import { carryPayout } from '#shared/payouts/payout-life.ts';
import { changePayout } from '#shared/payouts/payout-store.ts';
import { findStatement } from '#shared/payouts/statement-store.ts';
import { commit, listEvents } from '#shared/platform/history-store.ts';
import { freshPartner } from '#test/deals/at-the-deals-door.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { earn, storedStatement } from '#test/payouts/a-statement.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Call } from '#test/support/call.ts';
import { letters, mail } from '#test/support/letters.ts';
import { finance, manager, otherFinance, repOf } from '#test/support/people.ts';
import { notify } from '#workflows/notify.ts';
import { heldUntil } from './an-earning.ts';
import { ask, now, usd } from './at-the-earnings-door.ts';

/** After the end of the hold, in the month of the statement. */
const payable = '2026-07-31T15:00:00.000Z';
const answered = '2026-08-05T09:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.MAIL_FROM = 'program@example.com';
  await testTable();
  await publish(aProgram());
});

const dispute = (earningId: string, caller: Caller, more: Partial<Call> = {}) =>
  ask('dispute-earning', {
    params: { earningId },
    caller,
    body: { reason: 'It was two plants.' },
    at: payable,
    ...more,
  });

/** Two lines on July's statement, the first of which is disputed. */
const aDisputedLine = async (more: Partial<Call> = {}) => {
  const partnerId = await anActivePartner();
  const earningId = (await earn(partnerId, 10_000, { decidedBy: [otherFinance.id] })).id;
  await earn(partnerId, 3_000);
  const reply = await dispute(earningId, repOf(partnerId), more);
  return { partnerId, earningId, reply };
};

const answer = async (earningId: string, body: Record<string, unknown>, more: Partial<Call> = {}) =>
  decide(await anOpenApproval(earningId, payable), { caller: finance, at: answered, body, ...more });

const dueOn = async (partnerId: string, period: string) =>
  (await findStatement({ partnerId, currency: 'USD', period }))?.balances.amountDue;

/** What the partner may be paid at an instant, by all journals of the earning. */
const payableAt = async (earningId: string, at: string): Promise<number> => {
  const events = await listEvents(earningId, 1, 10);
  expect(brokenLink(events)).toBeUndefined();
  return events
    .flatMap(({ journals = [] }) => journals)
    .filter((journal) => journal.at <= at)
    .flatMap(({ lines }) => lines)
    .filter(({ account }) => account.endsWith(':payable'))
    .reduce((sum, { amountMinor }) => sum - amountMinor, 0);
};

describe('when a partner disputes a line', () => {
  test('then that line alone is held and leaves its statement, until it is answered', async () => {
    const { partnerId, earningId, reply } = await aDisputedLine();
    expect(reply).toMatchObject({
      status: 202,
      body: { status: 'on_hold', holdReason: 'It is disputed.', awaits: { kind: 'earning' }, disputed: { heldUntil } },
    });
    expect(reply.body).not.toHaveProperty('payableAt');
    expect(reply.body).not.toHaveProperty('decidedBy');
    expect(await dueOn(partnerId, '2026-07')).toBe(3_000);
    expect(await payableAt(earningId, payable)).toBe(0);
    const approval = await getApproval(await anOpenApproval(earningId, payable));
    // Friday afternoon; the fifth business day after it.
    expect(approval).toMatchObject({
      requiredRole: 'finance',
      deadlineAt: '2026-08-07T15:00:00.000Z',
      barred: [otherFinance.id],
    });
  });

  test('while its hold runs, then it does not become payable', async () => {
    const { earningId } = await aDisputedLine({ at: '2026-07-10T09:00:00.000Z' });
    expect(await payableAt(earningId, addDays(heldUntil, 5))).toBe(0);
  });

  test.each([
    ['rejected', { outcome: 'reject', reason: 'The contract says one plant.' }],
    ['granted without an amount', { outcome: 'approve' }],
  ])('and it is %s, then the line stands on the statement that is open by then', async (_, body) => {
    const { partnerId, earningId } = await aDisputedLine();
    expect((await answer(earningId, body)).status).toBe(200);
    const earning = await getEarning(earningId);
    expect(earning).toMatchObject({
      status: 'on_hold',
      holdUntil: answered,
      statement: '2026-08',
      disputed: { endedAt: answered },
    });
    expect(earning.awaits).toBeUndefined();
    expect(await dueOn(partnerId, '2026-07')).toBe(3_000);
    expect(await dueOn(partnerId, '2026-08')).toBe(10_000);
    expect(await payableAt(earningId, answered)).toBe(10_000);
  });

  test('and more is found right, then that is an earning of its own, and the line is what it was', async () => {
    const { partnerId, earningId } = await aDisputedLine({
      body: { reason: 'It was two.', expectedAmount: usd(20_000) },
    });
    const tooMuch = { outcome: 'approve', approvedAmount: usd(10_001) };
    const approvalId = await anOpenApproval(earningId, payable);
    const by = { caller: finance, at: answered };
    expect(await decide(approvalId, { ...by, body: tooMuch })).toMatchObject({ status: 422 });
    const body = { outcome: 'approve', approvedAmount: usd(9_000) };
    expect((await decide(approvalId, { ...by, body })).status).toBe(200);
    const { body: list } = await ask('list-earnings', { caller: repOf(partnerId), at: answered });
    const [correction] = list.data as readonly Record<string, unknown>[];
    expect(correction).toMatchObject({
      kind: 'commission',
      amount: usd(9_000),
      status: 'on_hold',
      explanation: { rule: 'dispute', text: expect.stringContaining('USD 190.00 was found right: USD 90.00 more.') },
    });
    expect((await getEarning(earningId)).amount).toEqual(usd(10_000));
    // Nobody who approved one of the two answers when this one is disputed.
    expect((await getEarning(String(correction?.id))).decidedBy).toEqual([otherFinance.id, finance.id]);
    expect(await dueOn(partnerId, '2026-09')).toBe(9_000);
  });

  test('and it names no amount, then nobody who answers finds one for it', async () => {
    const { partnerId, earningId } = await aDisputedLine();
    const body = { outcome: 'approve', approvedAmount: usd(500_000_000) };
    expect((await answer(earningId, body)).body).toMatchObject({
      status: 422,
      code: 'approval.amount_out_of_range',
      errors: [{ pointer: '#/approvedAmount', detail: expect.stringContaining('left out') }],
    });
    expect((await getEarning(earningId)).disputed).not.toHaveProperty('endedAt');
    const { body: list } = await ask('list-earnings', { caller: repOf(partnerId), at: answered });
    expect(list.data).toHaveLength(2);
  });

  test('then whoever asked for a bonus does not answer for it', async () => {
    const partnerId = await freshPartner();
    const bonus = { partnerId, kind: 'bonus', amount: usd(1_000), reason: 'They ran our stand.' };
    const { body } = await ask('submit-bonus', { caller: otherFinance, body: bonus });
    const earningId = String(body.id);
    expect((await decide(await anOpenApproval(earningId, now), { caller: finance, at: now })).status).toBe(200);
    expect((await dispute(earningId, repOf(partnerId))).status).toBe(202);
    const approvalId = await anOpenApproval(earningId, payable);
    for (const caller of [finance, otherFinance])
      expect((await decide(approvalId, { caller, at: answered })).body.code).toBe('approval.already_decided_by_you');
    expect((await decide(approvalId, { caller: { ...finance, id: 'usr_third' }, at: answered })).status).toBe(200);
  });

  test('then whoever approved it does not answer, and neither does a manager', async () => {
    const { earningId } = await aDisputedLine();
    const approvalId = await anOpenApproval(earningId, payable);
    const by = { at: answered, body: { outcome: 'approve' } };
    expect((await decide(approvalId, { ...by, caller: otherFinance })).body.code).toBe(
      'approval.already_decided_by_you',
    );
    expect((await decide(approvalId, { ...by, caller: manager })).body.code).toBe('auth.forbidden');
  });

  test('twice, by another, or too much, then it is refused', async () => {
    const { earningId, partnerId } = await aDisputedLine();
    expect((await dispute(earningId, repOf(partnerId))).body.code).toBe('state.transition_not_allowed');
    expect((await dispute(earningId, repOf(await anActivePartner()))).status).toBe(404);
    const { id } = await earn(partnerId, 500);
    const less = { reason: 'Less.', expectedAmount: usd(500) };
    expect((await dispute(id, repOf(partnerId), { body: less })).status).toBe(400);
  });
});

describe('when a dispute was answered', () => {
  test.each([
    [
      'what it gets more, and from when on',
      { outcome: 'approve', approvedAmount: usd(9_000), reason: 'It was two plants.' },
      'You get USD 90.00 more, payable from 2026-09-04 on. It is payable from 2026-08-05 on.\n\nThe answer: It was two plants.',
    ],
    [
      'that the line stays, and why',
      { outcome: 'reject', reason: 'The contract says one plant.' },
      'The line stays as it is. It is payable from 2026-08-05 on.\n\nThe answer: The contract says one plant.',
    ],
  ])('then the partner is told by mail %s', async (_words, body, expected) => {
    mail.reset();
    const { partnerId, earningId } = await aDisputedLine({
      body: { reason: 'It was two.', expectedAmount: usd(20_000) },
    });
    await answer(earningId, body);
    for (const event of await listEvents(earningId, 1, 10)) await notify(event);
    const [contact] = (await getPartner(partnerId)).contacts;
    expect(letters()).toEqual([{ to: [contact?.email], text: `Your dispute of USD 100.00 was answered ${expected}` }]);
  });
});

describe('when its statement is closed', () => {
  const closed = '2026-08-03T09:00:00.000Z';
  const aClosedLine = async () => {
    const partnerId = await anActivePartner();
    const { id } = await earn(partnerId, 1_000);
    const statement = await storedStatement(partnerId);
    const about = {
      reasons: ['below_minimum' as const],
      carry: partsOf(statement.balances),
      to: '2026-08',
      now: closed,
    };
    const change = changePayout(statement, carryPayout(statement, about), {
      type: 'payout.carried',
      intent: systemIntent('carry', id, closed),
    });
    await commit([change.event], change.writes);
    return { partnerId, earningId: id };
  };

  test('then a line is answered where it is, and nothing of the past moves', async () => {
    const { partnerId, earningId } = await aClosedLine();
    const reply = await dispute(earningId, repOf(partnerId), { at: addDays(closed, 29) });
    expect(reply).toMatchObject({ status: 202, body: { status: 'payable', awaits: { kind: 'earning' } } });
    expect(await dueOn(partnerId, '2026-07')).toBe(1_000);
    await answer(earningId, { outcome: 'reject', reason: 'It is right.' }, { at: addDays(closed, 30) });
    expect(await getEarning(earningId)).toMatchObject({ statement: '2026-07', holdUntil: heldUntil });
  });

  test('for 30 days, then it is too late', async () => {
    const { partnerId, earningId } = await aClosedLine();
    const reply = await dispute(earningId, repOf(partnerId), { at: addDays(closed, 30) });
    expect(reply).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
  });
});
