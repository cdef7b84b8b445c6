import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/approvals/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { addDays } from '#shared/core/time.ts';
import { call, storyOf as dealStoryOf, freshCustomer, now } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { send } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';
import { admin, manager } from '#test/support/people.ts';
import { handler as sweepHandler } from '#workflows/sweep.ts';
import { aWaitingDeal, storyOf } from './a-waiting-deal.ts';

// Registrations are reminded of after 1 business day, due after 2, and late after 3; `now` is a Wednesday.
const remindAt = '2026-07-02T12:00:00.000Z';
const dueAt = '2026-07-03T12:00:00.000Z';
const lateAt = '2026-07-06T12:00:00.000Z';
const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

const sweep = (time: string): Promise<void> => sweepHandler({ schedule: 'sweep', time });
const show = async (approvalId: string, at: string) =>
  (await send(handler, { operation: 'get-approval', caller: manager, at, params: { approvalId } })).body;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

/** A waiting deal of an account that direct sales knows, so that a check warns. */
const aDoubtfulDeal = async () => {
  const customer = freshCustomer({ companyName: 'Xylophon' });
  const body = { companyName: 'Xylophon', websiteUrl: customer.websiteUrl, openOpportunity: false };
  await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body });
  return aWaitingDeal({ customer });
};

describe('when nobody decides', () => {
  const steps = [
    ['before the reminder nothing', justBefore(remindAt), ['approval.opened']],
    ['it is reminded of', remindAt, ['approval.opened', 'approval.reminded']],
    ['before it is due nothing more', justBefore(dueAt), ['approval.opened', 'approval.reminded']],
    ['it is escalated when it is due', dueAt, ['approval.opened', 'approval.reminded', 'approval.escalated']],
    [
      'before it is late nothing more',
      justBefore(lateAt),
      ['approval.opened', 'approval.reminded', 'approval.escalated'],
    ],
    [
      'a clean one is approved when it is late',
      lateAt,
      ['approval.opened', 'approval.reminded', 'approval.escalated', 'approval.approved'],
    ],
  ] as const;

  test.each(steps)('then by a sweep at each instant, %s', async (_label, until, types) => {
    const { approvalId } = await aWaitingDeal();
    for (const [, at] of steps) if (at <= until) await sweep(at);
    expect((await storyOf(approvalId)).types).toEqual(types);
  });

  test('then one late sweep does all of it in order, at its own instant', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    const at = addDays(lateAt, 2);
    await sweep(at);
    const { approval, events } = await storyOf(approvalId);
    expect(events.slice(1).map((event) => [event.type, event.at, event.by])).toEqual([
      ['approval.reminded', at, 'system'],
      ['approval.escalated', at, 'system'],
      ['approval.approved', at, 'system'],
    ]);
    expect(approval.steps[0]?.decisions).toMatchObject([{ by: 'system', outcome: 'approve' }]);
    expect((await dealStoryOf(dealId)).deal).toMatchObject({ status: 'approved', protectedUntil: addDays(at, 90) });
  });

  test('then two sweeps at once do it once', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await Promise.all([sweep(lateAt), sweep(lateAt), sweep(lateAt)]);
    await sweep(lateAt);
    expect((await storyOf(approvalId)).types).toEqual([...(steps.at(-1)?.[2] ?? [])]);
    expect((await dealStoryOf(dealId)).events).toHaveLength(2);
  });

  test('then one that a check warned about stays open, and shows that it is late', async () => {
    const { approvalId, dealId } = await aDoubtfulDeal();
    await sweep(addDays(lateAt, 30));
    const { approval, types } = await storyOf(approvalId);
    expect(types).toEqual(['approval.opened', 'approval.reminded', 'approval.escalated']);
    expect(approval).not.toHaveProperty('due');
    expect(await show(approvalId, addDays(lateAt, 30))).toMatchObject({ status: 'open', late: true, dueAt });
    expect((await dealStoryOf(dealId)).deal.status).toBe('submitted');
  });

  test('then it shows as late right after it was due', async () => {
    const { approvalId } = await aDoubtfulDeal();
    expect([await show(approvalId, dueAt), await show(approvalId, lateAt)]).toMatchObject([
      { late: false },
      { late: true },
    ]);
  });

  test('then once it is escalated an administrator decides too', async () => {
    const { approvalId } = await aDoubtfulDeal();
    await sweep(dueAt);
    const reply = await decide(approvalId, { caller: admin, ifMatch: 3, at: dueAt });
    expect(reply).toMatchObject({ status: 200, body: { status: 'approved', decisions: [{ by: admin.id }] } });
  });
});

describe('when the partner was suspended while its registration waited', () => {
  test('then lateness grants nothing, now or later, and a person decides', async () => {
    const { approvalId, dealId, partnerId } = await aWaitingDeal();
    await commitGate(partnerId, { status: 'suspended' });
    await sweep(lateAt);
    expect((await storyOf(approvalId)).types.slice(-2)).toEqual(['approval.escalated', 'approval.held']);
    expect((await dealStoryOf(dealId)).deal.status).toBe('submitted');
    await commitGate(partnerId);
    await sweep(addDays(lateAt, 30));
    expect(await show(approvalId, addDays(lateAt, 30))).toMatchObject({ status: 'open', late: true });
    const reply = await decide(approvalId, { ifMatch: 4, at: addDays(lateAt, 30) });
    expect(reply).toMatchObject({ status: 200, body: { status: 'approved' } });
  });
});

describe('when direct sales came to know the account while its registration waited', () => {
  test('then it is not clean any more, and a person decides', async () => {
    const { approvalId, dealId, customer } = await aWaitingDeal();
    const body = { companyName: 'Known', websiteUrl: customer.websiteUrl, openOpportunity: true };
    await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: dueAt, body });
    await sweep(lateAt);
    expect((await storyOf(approvalId)).types.at(-1)).toBe('approval.held');
    expect((await dealStoryOf(dealId)).deal.status).toBe('submitted');
  });
});

describe('when somebody decided in time', () => {
  test('then no sweep does anything about it', async () => {
    const { approvalId } = await aWaitingDeal();
    await decide(approvalId, { body: { outcome: 'reject', reason: 'No.' } });
    await sweep(addDays(lateAt, 30));
    expect((await storyOf(approvalId)).types).toEqual(['approval.opened', 'approval.rejected']);
  });

  test('then a decision between two sweeps wins over lateness', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await sweep(dueAt);
    await decide(approvalId, {
      ifMatch: 3,
      at: justBefore(lateAt),
      body: { outcome: 'return', reason: 'Who decides?' },
    });
    await sweep(lateAt);
    expect((await dealStoryOf(dealId)).deal.status).toBe('returned');
  });
});

describe('when the deal was withdrawn before its approval is late', () => {
  test('then lateness approves nothing', async () => {
    const { approvalId, dealId, rep } = await aWaitingDeal();
    await call('withdraw-deal', { caller: rep, params: { dealId }, body: {} });
    await sweep(addDays(lateAt, 1));
    expect((await dealStoryOf(dealId)).deal.status).toBe('withdrawn');
    expect((await storyOf(approvalId)).types).not.toContain('approval.approved');
  });
});

describe('when a decision and lateness race', () => {
  test('then one of them decides, and deal and approval agree', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { approvalId, dealId } = await aWaitingDeal();
      await sweep(dueAt);
      const rejection = { ifMatch: 3, at: lateAt, body: { outcome: 'reject', reason: 'No.' } };
      await Promise.all([sweep(lateAt), decide(approvalId, rejection)]);
      const [{ approval, events }, { deal, events: dealEvents }] = [
        await storyOf(approvalId),
        await dealStoryOf(dealId),
      ];
      expect([events.length, dealEvents.length, deal.status]).toEqual([4, 2, approval.status]);
    }
  });
});
