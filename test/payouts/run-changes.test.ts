import { beforeAll, describe, expect, test } from 'vitest';
import { readBoth } from '#shared/approvals/subject-store.ts';
import { changesOfRun, type PaidLine } from '#shared/payouts/run-changes.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import { aPaidProgram, aPayee, aStartedRun, ask, decideRun, drive, payDay } from './a-run.ts';
import { aPartnerId, earn, usd } from './a-statement.ts';

const line = (partnerId: string, amountMinor: number, more: Partial<PaidLine> = {}): PaidLine => ({
  payoutId: `pay_${partnerId}`,
  partnerId,
  currency: 'USD',
  amountMinor,
  payeeVersion: 1,
  ...more,
});

const compare = (lines: readonly PaidLine[], before: readonly PaidLine[], elsewhere: readonly string[] = []) =>
  changesOfRun({ lines, before, carried: [], currency: 'USD', elsewhere: new Set(elsewhere) });

describe('when a run is held against the last one', () => {
  test.each([
    ['a partner with the same amount and details', [line('a', 100)], [line('a', 100)], []],
    ['one who gets half more', [line('a', 150)], [line('a', 100)], []],
    ['one who gets a cent more than that', [line('a', 151)], [line('a', 100)], ['amount_differs a']],
    ['one who gets half', [line('a', 50)], [line('a', 100)], []],
    ['one who gets less than half', [line('a', 49)], [line('a', 100)], ['amount_differs a']],
    ['one who was not paid', [line('a', 100)], [], ['new a']],
    ['one who is not paid', [], [line('a', 100)], ['gone a']],
    ['other details', [line('a', 100, { payeeVersion: 2 })], [line('a', 100)], ['payee_changed a']],
    [
      'other details and another amount',
      [line('a', 300, { payeeVersion: 2 })],
      [line('a', 100)],
      ['payee_changed a', 'amount_differs a'],
    ],
    ['two runs before, which count together', [line('a', 150)], [line('a', 60), line('a', 40)], []],
    ['another currency', [line('a', 100, { currency: 'EUR' })], [line('a', 100)], ['new a', 'gone a']],
    ['several, the largest first', [line('a', 100), line('b', 200)], [line('c', 1)], ['new b', 'new a', 'gone c']],
  ] as const)('then of %s it says so', (_words, now, before, expected) => {
    expect(compare(now, before).changes.map(({ change, partnerId }) => `${change} ${partnerId}`)).toEqual(expected);
  });

  test('then whom another run of the same period paid is not gone', () => {
    expect(compare([], [line('a', 100)], ['a']).changes).toEqual([]);
  });

  test('then each currency has its totals', () => {
    expect(compare([line('a', 100), line('b', 5, { currency: 'EUR' })], [line('a', 70)]).totals).toEqual([
      { currency: 'EUR', payouts: 1, amountMinor: 5, payoutsBefore: 0, beforeMinor: 0 },
      { currency: 'USD', payouts: 1, amountMinor: 100, payoutsBefore: 1, beforeMinor: 70 },
    ]);
  });
});

describe('when finance looks at a run before it approves it', () => {
  beforeAll(async () => {
    process.env.CURSOR_SECRET = 'secret';
    await testTable();
    await publish(aPaidProgram());
  });

  const collected = async (period: string): Promise<string> => {
    const { body } = await ask('start-payout-run', { body: { period } });
    await drive(String(body.id));
    return String(body.id);
  };

  test('then it reads what is different from the last one, in the approval and line by line', async () => {
    const [grown, moved, gone, fresh, poor] = [1, 2, 3, 4, 5].map(aPartnerId) as [
      string,
      string,
      string,
      string,
      string,
    ];
    for (const partnerId of [grown, moved, gone, fresh, poor]) await aPayee(partnerId);
    for (const [partnerId, amount] of [
      [grown, 10_000],
      [moved, 20_000],
      [gone, 30_000],
    ] as const)
      await earn(partnerId, amount, { statement: '2026-06' });
    const first = await collected('2026-06');
    expect((await ask('list-payout-run-changes', { params: { runId: first } })).body).toMatchObject({
      against: [],
      counts: { payee_changed: 0, amount_differs: 0, new: 3, gone: 0, carried: 0 },
    });
    await decideRun(first);
    await drive(first);
    await aPayee(moved, { version: 2, changedAt: '2026-07-20T12:00:00.000Z' });
    for (const [partnerId, amount] of [
      [grown, 16_000],
      [moved, 20_000],
      [fresh, 9_000],
      [poor, 4_000],
    ] as const)
      await earn(partnerId, amount);
    const runId = await collected('2026-07');

    const { body } = await ask('list-payout-run-changes', { params: { runId }, query: { limit: '4' } });
    expect(body).toMatchObject({
      runId,
      period: '2026-07',
      against: [{ runId: first, period: '2026-06' }],
      totals: [{ payouts: 3, amount: usd(45_000), payoutsBefore: 3, before: usd(60_000), difference: usd(-15_000) }],
      counts: { payee_changed: 1, amount_differs: 1, new: 1, gone: 1, carried: 1 },
    });
    expect(body.data).toEqual([
      expect.objectContaining({ change: 'payee_changed', partnerId: moved, amount: usd(20_000), before: usd(20_000) }),
      expect.objectContaining({ change: 'amount_differs', partnerId: grown, amount: usd(16_000), before: usd(10_000) }),
      expect.objectContaining({ change: 'new', partnerId: fresh, amount: usd(9_000) }),
      { change: 'gone', partnerId: gone, before: usd(30_000) },
    ]);
    const rest = await ask('list-payout-run-changes', {
      params: { runId },
      query: { limit: '4', cursor: String(body.nextCursor) },
    });
    expect(rest.body).toMatchObject({
      data: [{ change: 'carried', partnerId: poor, amount: usd(4_000), reasons: ['below_minimum'] }],
      nextCursor: null,
    });
    const only = await ask('list-payout-run-changes', { params: { runId }, query: { change: 'gone' } });
    expect((only.body.data as unknown[]).length).toBe(1);

    const { approval } = await readBoth(await anOpenApproval(runId, payDay), runId);
    expect(approval?.checks).toEqual([
      expect.objectContaining({ check: 'totals', outcome: 'pass' }),
      {
        check: 'since-last-run',
        outcome: 'pass',
        detail: 'Since 2026-06: USD 450.00 instead of USD 600.00; 1 partner new, 1 partner gone.',
      },
      expect.objectContaining({ check: 'payees-since-last-run', outcome: 'warn' }),
      expect.objectContaining({ check: 'amounts-since-last-run', outcome: 'warn' }),
    ]);
  });

  test('then not while it is still collecting', async () => {
    const { id: runId } = await aStartedRun();
    expect((await ask('list-payout-run-changes', { params: { runId } })).body).toMatchObject({
      status: 409,
      code: 'payout_run.not_collected',
    });
  });
});
