import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { changeEarning, getEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { release } from '#shared/payouts/payout-steps-store.ts';
import { listStatements } from '#shared/payouts/statement-store.ts';
import { commitChange, listEvents } from '#shared/platform/history-store.ts';
import { read, transact } from '#shared/platform/table.ts';
import { aPayout } from '#test/payouts/a-run.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { manager, otherManager } from '#test/support/people.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { anOpenDeal, ask, earningsOf, follow, inWords, now, pay, refund, usd, win } from './at-the-earnings-door.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PORTAL_URL = 'https://portal.example';
  await testTable();
  await publish(aProgram());
});

const waiting = ['commission 2,000.00 pending', 'spiff 500.00 pending'];
// The example program holds SPIFFs for no time at all.
const held = ['commission 2,000.00 on_hold', 'spiff 500.00 payable'];

const aWonDeal = async () => {
  const deal = await anOpenDeal();
  await win(deal.dealId);
  return deal;
};

describe('when a deal is won', () => {
  test('then it earns what the program says, and waits for the customer to pay', async () => {
    const { partnerId, dealId } = await aWonDeal();
    expect((await getDeal(dealId)).due).toEqual({ what: 'earn', at: now });
    await follow(dealId);
    const earnings = await earningsOf(partnerId);
    expect(inWords(earnings)).toEqual(waiting);
    expect(earnings[0]).toMatchObject({ dealId, holdReason: 'The customer has not paid yet.' });
    expect((await getDeal(dealId)).due).toBeUndefined();
  });

  test('then with its invoice paid it is on hold, and payable 30 days later without anybody doing anything', async () => {
    const { partnerId, dealId } = await anOpenDeal();
    await win(dealId, { invoicePaidOn: '2026-07-01' });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual(held);
    const commission = (await earningsOf(partnerId, addDays(now, 30))).find(({ kind }) => kind === 'commission');
    expect(commission).toMatchObject({ status: 'payable', payableAt: addDays(now, 30) });
    expect(inWords(await earningsOf(partnerId, addDays(now, 29)))).toEqual(held);
  });

  test('then its value is what was sold, and the tier is that of the day it was won', async () => {
    const { partnerId, dealId } = await anOpenDeal({}, { types: ['reseller'] });
    await win(dealId, { value: usd(3_000_000) });
    const before = await getPartner(partnerId);
    const intent = { writeId: 'later', bodyHash: '', by: manager.id, at: addDays(now, 1) };
    await commitChange(
      before,
      changePartner(before, { ...before, tier: 'platinum' }, { type: 'partner.updated', intent }),
    );
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual(['spiff 500.00 pending']);
  });

  test('then two people who close it at once pay once', async () => {
    const { partnerId, dealId } = await anOpenDeal();
    const replies = await Promise.all([
      win(dealId, { invoicePaidOn: '2026-07-01' }, { caller: manager }),
      win(dealId, { invoicePaidOn: '2026-07-01', value: usd(2_100_000) }, { caller: otherManager }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    await follow(dealId);
    const earnings = await earningsOf(partnerId);
    expect(earnings.map(({ kind }) => kind).sort()).toEqual(['commission', 'spiff']);
  });

  test('then what the stream lost is found by the sweep', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await sweep({ schedule: 'sweep', time: addDays(now, 0) });
    expect(inWords(await earningsOf(partnerId))).toEqual(waiting);
    expect((await getDeal(dealId)).due).toBeUndefined();
  });

  test('then following it again, or twenty times at once, books each earning once', async () => {
    const { partnerId, dealId } = await anOpenDeal();
    await win(dealId, { invoicePaidOn: '2026-07-01' });
    await Promise.all(Array.from({ length: 20 }, () => earnDeal(dealId)));
    await follow(dealId);
    const earnings = await earningsOf(partnerId);
    expect(inWords(earnings)).toEqual(held);
    for (const { id } of earnings) expect(await listEvents(id, 1, 10)).toHaveLength(1);
    const [month, day] = await read([
      { pk: partnerId, sk: 'statement#USD#2026-07' },
      { pk: partnerId, sk: 'statement#USD#2026-07-01' },
    ]);
    expect([month, day]).toMatchObject([
      { amountDue: 200_000, earnings: 1 },
      { amountDue: 50_000, earnings: 1 },
    ]);
  });
});

describe('when the day on which the customer pays is named beforehand', () => {
  const later = addDays(now, 30);
  const announced = async () => {
    const deal = await anOpenDeal();
    await win(deal.dealId, { invoicePaidOn: later.slice(0, 10) });
    await follow(deal.dealId);
    return deal;
  };

  test('then it is pending until that day, and on hold from then on, once', async () => {
    const { partnerId, dealId } = await announced();
    await follow(dealId);
    await sweep({ schedule: 'sweep', time: addDays(now, 29) });
    expect(inWords(await earningsOf(partnerId, addDays(now, 29)))).toEqual(waiting);
    await Promise.all([sweep({ schedule: 'sweep', time: later }), sweep({ schedule: 'sweep', time: later })]);
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId, later))).toEqual(held);
    const deal = await getDeal(dealId);
    expect(deal.due).toBeUndefined();
    expect(deal.payments).toEqual([{ amountMinor: 2_000_000, paidOn: later.slice(0, 10), at: later }]);
  });

  test('then whoever tells that it came otherwise is believed', async () => {
    const { partnerId, dealId } = await announced();
    await pay(dealId, { amount: usd(500_000) });
    await follow(dealId);
    const left = await announced();
    await refund(left.dealId, { kind: 'churn' });
    await follow(left.dealId);
    await sweep({ schedule: 'sweep', time: later });
    expect(inWords(await earningsOf(partnerId, later))).toContain('commission 1,500.00 pending');
    expect(inWords(await earningsOf(left.partnerId, later))).toEqual([
      'commission 2,000.00 reversed',
      'spiff 500.00 reversed',
    ]);
  });
});

describe('when the customer pays', () => {
  test('then in two parts, each accrues, and the second when it came', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await follow(dealId);
    await pay(dealId, { amount: usd(500_000) });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual([
      'commission 1,500.00 pending',
      'commission 500.00 on_hold',
      'spiff 125.00 payable',
      'spiff 375.00 pending',
    ]);
    await pay(dealId, { amount: usd(1_500_000), paidOn: '2026-07-11' }, { at: addDays(now, 10) });
    await follow(dealId);
    const earnings = await earningsOf(partnerId, addDays(now, 30));
    expect(inWords(earnings)).toEqual([
      'commission 1,500.00 on_hold',
      'commission 500.00 payable',
      'spiff 125.00 payable',
      'spiff 375.00 payable',
    ]);
  });

  test('then all of it at once when the worker comes late gives the same earnings', async () => {
    const [prompt, late] = [await aWonDeal(), await aWonDeal()];
    const playedBy = async ({ dealId, partnerId }: typeof prompt, step: () => Promise<unknown>) => {
      await step();
      await pay(dealId, { amount: usd(500_000) });
      await step();
      await refund(dealId, { amount: usd(250_000) }, { at: addDays(now, 40) });
      await step();
      await pay(dealId, { amount: usd(1_500_000), paidOn: '2026-08-15' }, { at: addDays(now, 45) });
      await follow(dealId);
      const earnings = await earningsOf(partnerId, addDays(now, 50));
      return earnings.map(({ kind, amount, status, createdAt, payableAt, explanation }) => ({
        kind,
        amount,
        status,
        createdAt,
        payableAt,
        inputs: explanation.inputs,
      }));
    };
    const [first, second] = [
      await playedBy(prompt, () => follow(prompt.dealId)),
      await playedBy(late, async () => undefined),
    ];
    const byKind = (earnings: typeof first) =>
      [...earnings].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    expect(byKind(second)).toEqual(byKind(first));
  });
});

describe('when the customer gets its money back', () => {
  test('then while it is on hold the earning is reversed, and what is payable already taken back', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await pay(dealId);
    await follow(dealId);
    await refund(dealId, { amount: usd(2_000_000) }, { at: addDays(now, 3) });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId, addDays(now, 3)))).toEqual([
      'clawback -500.00 payable',
      'commission 2,000.00 reversed',
      'spiff 500.00 payable',
    ]);
    const [month, day] = await read([
      { pk: partnerId, sk: 'statement#USD#2026-07' },
      { pk: partnerId, sk: 'statement#USD#2026-07-01' },
    ]);
    expect([month, day]).toMatchObject([
      { amountDue: -50_000, earnings: 1 },
      { amountDue: 50_000, earnings: 1 },
    ]);
  });

  test('then when it is payable a negative earning takes it back, and says why', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await pay(dealId);
    await follow(dealId);
    const later = addDays(now, 40);
    await refund(dealId, { amount: usd(1_000_000), occurredOn: later.slice(0, 10) }, { at: later });
    await follow(dealId);
    const earnings = await earningsOf(partnerId, later);
    expect(inWords(earnings)).toEqual([
      'clawback -1,000.00 payable',
      'clawback -250.00 payable',
      'commission 2,000.00 payable',
      'spiff 500.00 payable',
    ]);
    const commission = earnings.find(({ kind }) => kind === 'commission');
    const clawback = earnings.find(({ reverses }) => reverses === commission?.id);
    expect(clawback?.explanation.text).toBe(
      `The customer was refunded USD 10,000.00 after ${commission?.id} of USD 2,000.00 was earned: -USD 1,000.00.`,
    );
    const [august] = await read([{ pk: partnerId, sk: 'statement#USD#2026-08' }]);
    expect(august).toMatchObject({ amountDue: -125_000, earnings: 2 });
  });

  test('then what was paid out before its reversal came is taken back by an earning of its own', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await pay(dealId);
    await follow(dealId);
    const [first] = (await earningsOf(partnerId)).filter(({ kind }) => kind === 'commission');
    const stored = await getEarning(String(first?.id));
    const intent = { writeId: 'paid', bodyHash: '', by: 'system', at: addDays(now, 31) };
    await saveEarning(changeEarning(stored, { ...stored, status: 'paid' }, intent));
    await refund(dealId, { amount: usd(2_000_000) }, { at: addDays(now, 3) });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId, addDays(now, 3)))).toEqual([
      'clawback -2,000.00 payable',
      'clawback -500.00 payable',
      'commission 2,000.00 paid',
      'spiff 500.00 payable',
    ]);
  });
});

describe('when a run took an earning before the refund was followed up', () => {
  test('and is rejected after it was taken back, then it is not reversed as well', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await pay(dealId);
    await follow(dealId);
    const payout = await aPayout('pending', { partnerId });
    await refund(dealId, { amount: usd(2_000_000) }, { at: addDays(now, 3) });
    await follow(dealId);
    await release(payout, String(payout.runId), addDays(now, 4));
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId, addDays(now, 5)))).toEqual([
      'clawback -2,000.00 payable',
      'clawback -500.00 payable',
      'commission 120.00 on_hold',
      'commission 2,000.00 on_hold',
      'spiff 500.00 payable',
    ]);
    const all = await listStatements(partnerId);
    expect(all.reduce((sum, { balances }) => sum + balances.amountDue, 0)).toBe(12_000);
  });
});

describe('when a statement was closed before an earning accrued', () => {
  test('then it goes to the next month', async () => {
    const { partnerId, dealId } = await aWonDeal();
    await follow(dealId);
    const key = { pk: partnerId, sk: 'statement#USD#2026-07' };
    await transact([
      {
        write: 'insert',
        item: { ...key, kind: 'statement', status: 'carried', partnerId, currency: 'USD', period: '2026-07' },
        refuse: () => new Error('there already'),
      },
    ]);
    await pay(dealId);
    await follow(dealId);
    const [closed, open] = await read([key, { pk: partnerId, sk: 'statement#USD#2026-08' }]);
    expect(closed?.amountDue).toBeUndefined();
    expect(open).toMatchObject({ status: 'open', amountDue: 200_000 });
    const statements = (await earningsOf(partnerId)).map(({ statement }) => statement);
    expect(statements.sort()).toEqual(['2026-07-01', '2026-08']);
  });
});

describe('when an earning is explained', () => {
  test('then by rule, version, figures, formula in words and journals; to its own partner only', async () => {
    const { partnerId, dealId, rep } = await anOpenDeal();
    await win(dealId, { invoicePaidOn: '2026-07-01' });
    await follow(dealId);
    const commission = (await earningsOf(partnerId)).find(({ kind }) => kind === 'commission');
    const params = { earningId: String(commission?.id) };
    const { status, body } = await ask('explain-earning', { params, caller: rep });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      explanation: {
        rule: 'referral-commission',
        programVersion: 1,
        inputs: { of: 2_000_000, percent: 10, tier: 'authorized' },
        text: '10 % of USD 20,000.00, the rate of tier authorized: USD 2,000.00.',
      },
      rule: { id: 'referral-commission', percent: 'tier' },
      journals: [
        { at: now, lines: [{ account: 'program:expense:commission', amountMinor: 200_000 }, {}] },
        { at: addDays(now, 30), lines: [{}, { account: `partner:${partnerId}:payable`, amountMinor: -200_000 }] },
      ],
    });
    const other = await anOpenDeal();
    expect((await ask('explain-earning', { params, caller: other.rep })).status).toBe(404);
  });
});
