import { beforeAll, describe, expect, test } from 'vitest';
import { StoredEvent } from '#shared/core/history.ts';
import type { Journal, Line } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import type { EarningView } from '#shared/earnings/earning-contract.ts';
import { replay } from '#shared/earnings/replay.ts';
import { readBooks } from '#shared/ledger/books-store.ts';
import { expenseAccount, partnerAccount, revenueShareAccount } from '#shared/ledger/chart.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { read } from '#shared/platform/table.ts';
import { call } from '#test/deals/at-the-deals-door.ts';
import { wholeTable } from '#test/hostile/asked.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { withRules } from './a-won-deal.ts';
import { anOpenDeal, ask, earningsOf, follow, inWords, now, refund, usd, win } from './at-the-earnings-door.ts';

const share = { kind: 'rev-share', per: 'usage' } as const;
const program = withRules(
  { ...share, id: 'isv-share', partnerTypes: ['isv'], direction: 'to-partner', percent: 12.5 },
  { ...share, id: 'oem-share', partnerTypes: ['oem'], direction: 'to-us', percent: 20 },
  { id: 'referral', partnerTypes: ['referral'], percent: 10 },
);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(program);
});

const tell = (dealId: string, body: Record<string, unknown> = {}, more: Partial<Call> = {}): Promise<Reply> =>
  call('report-usage', {
    caller: finance,
    params: { dealId },
    body: { period: '2026-07', amount: usd(100_000), ...body },
    ...more,
  });

const correct = (dealId: string, amountMinor: number, at = now): Promise<Reply> =>
  tell(dealId, { amount: usd(amountMinor), corrects: true }, { at });

/** A won deal of a partner of this type. */
const aDealOf = async (type: 'isv' | 'oem' | 'referral', closing: Record<string, unknown> = {}) => {
  const deal = await anOpenDeal({}, { types: [type] });
  await win(deal.dealId, closing);
  await follow(deal.dealId);
  return deal;
};

const journalsOf = async ({ id }: Pick<EarningView, 'id'>): Promise<readonly Journal[]> => {
  const { body } = await ask('explain-earning', { params: { earningId: id } });
  return body.journals as readonly Journal[];
};

const linesOf = (journals: readonly Journal[]): readonly (readonly [string, string, number])[] =>
  journals.flatMap(({ at, lines }) =>
    lines.map(({ account, amountMinor }: Line) => [at, account, amountMinor] as const),
  );

const statementOf = async (partnerId: string, month: string): Promise<unknown> => {
  const [item] = await read([{ pk: partnerId, sk: `statement#USD#${month}` }]);
  return item && [item.amountDue, item.earnings];
};

const onHoldUntil = addDays(now, 30);

describe('when a partner has a share in what its customer uses', () => {
  test('then it is on hold as the program says, explains itself, and is booked as an expense', async () => {
    const { dealId, partnerId } = await aDealOf('isv');
    const reply = await tell(dealId);
    expect(reply).toMatchObject({
      status: 201,
      body: { usage: [{ period: '2026-07', amountMinor: 100_000, at: now }] },
    });
    for (let time = 0; time < 2; time += 1) await follow(dealId);
    const [earning, ...others] = await earningsOf(partnerId);
    expect(others).toEqual([]);
    expect(earning).toMatchObject({
      kind: 'rev-share',
      status: 'on_hold',
      amount: usd(12_500),
      direction: 'to-partner',
      payableAt: onHoldUntil,
      explanation: { text: '12.5 % of USD 1,000.00, what the customer used in 2026-07: USD 125.00.' },
    });
    expect(linesOf(await journalsOf(earning as EarningView))).toEqual([
      [now, expenseAccount('rev-share'), 12_500],
      [now, partnerAccount(partnerId, 'on-hold'), -12_500],
      [onHoldUntil, partnerAccount(partnerId, 'on-hold'), 12_500],
      [onHoldUntil, partnerAccount(partnerId, 'payable'), -12_500],
    ]);
    expect(await statementOf(partnerId, '2026-07')).toEqual([12_500, 1]);
    expect((await getDeal(dealId)).due).toBeUndefined();
  });

  test('then a correction is an earning of the difference: more waits, less is taken back at once', async () => {
    const { dealId, partnerId } = await aDealOf('isv');
    await tell(dealId);
    await correct(dealId, 140_000);
    const later = addDays(now, 3);
    await correct(dealId, 60_000, later);
    await follow(dealId);
    const earnings = await earningsOf(partnerId, later);
    expect(inWords(earnings)).toEqual([
      'rev-share -100.00 payable',
      'rev-share 125.00 on_hold',
      'rev-share 50.00 on_hold',
    ]);
    const less = earnings.find(({ amount }) => amount.amountMinor < 0) as EarningView;
    expect(less.explanation.text).toBe(
      '12.5 % of USD 600.00, what the customer used in 2026-07, less USD 175.00 that was booked before: -USD 100.00.',
    );
    expect(linesOf(await journalsOf(less))).toEqual([
      [later, expenseAccount('rev-share'), -10_000],
      [later, partnerAccount(partnerId, 'payable'), 10_000],
    ]);
    expect(await statementOf(partnerId, '2026-07')).toEqual([7_500, 3]);
  });
});

describe('when a partner owes us a share of what its customer uses', () => {
  test('then it is a negative earning, no clawback, set against what is payable, and no expense', async () => {
    const { dealId, partnerId } = await aDealOf('oem');
    await tell(dealId);
    await follow(dealId);
    const [earning] = await earningsOf(partnerId);
    expect(earning).toMatchObject({
      kind: 'rev-share',
      status: 'payable',
      amount: usd(-20_000),
      direction: 'to-us',
      payableAt: now,
      explanation: {
        text: '20 % of USD 1,000.00, what the customer used in 2026-07, which is our share by your agreement and is set against what we owe you: -USD 200.00.',
      },
    });
    expect(earning).not.toHaveProperty('reverses');
    expect(linesOf(await journalsOf(earning as EarningView))).toEqual([
      [now, revenueShareAccount, -20_000],
      [now, partnerAccount(partnerId, 'payable'), 20_000],
    ]);
    expect(await statementOf(partnerId, '2026-07')).toEqual([-20_000, 1]);
  });

  test('then a correction upwards takes more at once, and one downwards gives it back after the hold', async () => {
    const { dealId, partnerId } = await aDealOf('oem');
    await tell(dealId);
    await correct(dealId, 150_000);
    await correct(dealId, 0);
    await follow(dealId);
    const earnings = await earningsOf(partnerId);
    expect(inWords(earnings)).toEqual([
      'rev-share -100.00 payable',
      'rev-share -200.00 payable',
      'rev-share 300.00 on_hold',
    ]);
    const back = earnings.find(({ amount }) => amount.amountMinor > 0) as EarningView;
    expect(linesOf(await journalsOf(back))).toEqual([
      [now, revenueShareAccount, 30_000],
      [now, partnerAccount(partnerId, 'on-hold'), -30_000],
      [onHoldUntil, partnerAccount(partnerId, 'on-hold'), 30_000],
      [onHoldUntil, partnerAccount(partnerId, 'payable'), -30_000],
    ]);
    expect(await statementOf(partnerId, '2026-07')).toEqual([0, 3]);
  });
});

describe('when usage is reported', () => {
  test('then a month counts once, a repeat of the request not at all, and other months beside it', async () => {
    const { dealId, partnerId } = await aDealOf('isv');
    const first = await tell(dealId, {}, { key: 'once' });
    const again = await tell(dealId, {}, { key: 'once' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await tell(dealId, { amount: usd(5) })).body).toMatchObject({
      status: 409,
      code: 'deal.usage_reported',
      amount: usd(100_000),
    });
    const august = '2026-08-31T12:00:00.000Z';
    expect((await tell(dealId, { period: '2026-08', amount: usd(0) }, { at: august })).status).toBe(201);
    expect((await tell(dealId, { period: '2026-08', corrects: true, amount: usd(8) }, { at: august })).status).toBe(
      201,
    );
    await Promise.all([follow(dealId), follow(dealId)]);
    expect(inWords(await earningsOf(partnerId, august))).toEqual([
      'rev-share 0.01 on_hold',
      'rev-share 125.00 payable',
    ]);
  });

  test('then two at once are told once', async () => {
    const { dealId } = await aDealOf('isv');
    const replies = await Promise.all([1, 2, 3].map((amount) => tell(dealId, { amount: usd(amount) })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await getDeal(dealId)).usage).toHaveLength(1);
  });

  test('then what the stream lost is booked by the sweep, once', async () => {
    const { dealId, partnerId } = await aDealOf('isv');
    await tell(dealId);
    for (let time = 0; time < 2; time += 1) await sweep({ schedule: 'sweep', time: addDays(now, 1) });
    expect(inWords(await earningsOf(partnerId))).toEqual(['rev-share 125.00 on_hold']);
  });

  test('then money that goes back to the customer takes nothing of it, and later months of one that left are refused', async () => {
    const { dealId, partnerId } = await aDealOf('isv');
    await tell(dealId);
    await refund(dealId, { kind: 'churn', occurredOn: '2026-07-01' });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual(['rev-share 125.00 on_hold']);
    expect((await correct(dealId, 40_000)).status).toBe(201);
    const august = await tell(dealId, { period: '2026-08' }, { at: '2026-08-31T12:00:00.000Z' });
    expect(august.body.code).toBe('deal.churned');
  });

  test('then partners without such a rule earn nothing with it, and a deal that was won for nothing does', async () => {
    const { dealId, partnerId } = await aDealOf('referral');
    await tell(dealId);
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual(['commission 2,000.00 pending']);
    const free = await aDealOf('isv', { value: usd(0) });
    await tell(free.dealId);
    await follow(free.dealId);
    expect(inWords(await earningsOf(free.partnerId))).toEqual(['rev-share 125.00 on_hold']);
  });

  test('then partners share it by their parts, and no cent is lost', async () => {
    const { dealId, partnerId } = await anOpenDeal({}, { types: ['isv'] });
    const helper = await anOpenDeal({}, { types: ['isv'] });
    const part = {
      partnerId: helper.partnerId,
      role: 'influenced',
      evidence: 'Built the connector.',
      sharePercent: 33,
    };
    expect((await call('attribute-deal', { caller: manager, params: { dealId }, body: part })).status).toBe(201);
    await win(dealId);
    await tell(dealId, { amount: usd(100_008) });
    await follow(dealId);
    const [own, helpers] = [await earningsOf(partnerId), await earningsOf(helper.partnerId)];
    expect([own[0]?.amount.amountMinor, helpers[0]?.amount.amountMinor]).toEqual([8_376, 4_125]);
  });

  test.each([
    ['a month to come', { period: '2026-08' }, '422 deal.day_out_of_range #/period'],
    ['a month before the deal was won', { period: '2026-06' }, '422 deal.day_out_of_range #/period'],
    ['a day', { period: '2026-07-01' }, '400 request.invalid #/period'],
    ['no month', { period: '2026-13' }, '400 request.invalid #/period'],
    ['less than nothing', { amount: usd(-1) }, '400 request.invalid #/amount/amountMinor'],
    ['half a cent', { amount: usd(0.5) }, '400 request.invalid #/amount/amountMinor'],
    [
      'another currency',
      { amount: { amountMinor: 1, currency: 'EUR' } },
      '422 money.currency_mismatch #/amount/currency',
    ],
    ['a correction of nothing', { corrects: true }, '409 deal.usage_not_reported'],
  ])('then %s is refused, and nothing is written', async (_words, body, expected) => {
    const { dealId } = await aDealOf('isv');
    const reply = await tell(dealId, body);
    const pointers = ((reply.body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
    expect([reply.status, reply.body.code, ...pointers].join(' ')).toBe(expected);
    expect((await getDeal(dealId)).usage).toBeUndefined();
  });

  test('then only of a won deal, and partners do not report it themselves', async () => {
    const { dealId, partnerId } = await anOpenDeal();
    expect((await tell(dealId)).body.code).toBe('state.transition_not_allowed');
    expect((await tell(dealId, {}, { caller: repOf(partnerId) })).body.code).toBe('auth.forbidden');
  });

  test('then a machine may that was made for it, and no other', async () => {
    const { dealId } = await aDealOf('isv');
    const machine = (scope: string) =>
      ({ kind: 'api_key', id: 'key_meter', role: 'finance', scopes: [scope] }) as const;
    expect((await tell(dealId, {}, { caller: machine('milestones:write') })).status).toBe(403);
    expect((await tell(dealId, {}, { caller: machine('usage:write') })).status).toBe(201);
  });
});

describe('when it is asked what a deal would earn', () => {
  test.each([
    [
      'isv',
      [
        {
          rule: 'isv-share',
          direction: 'to-partner',
          percent: 12.5,
          text: '12.5 % of what the customer uses each month goes to you.',
        },
      ],
    ],
    [
      'oem',
      [
        {
          rule: 'oem-share',
          direction: 'to-us',
          percent: 20,
          text: '20 % of what the customer uses each month goes to us and is set against what we owe you.',
        },
      ],
    ],
    ['referral', []],
  ] as const)('then the shares of usage of a partner of type %s are told, either way', async (type, usage) => {
    const { partnerId } = await anOpenDeal({}, { types: [type] });
    const body = { productLine: 'platform', dealType: 'new', value: usd(2_000_000) };
    const reply = await ask('estimate-deal', { caller: repOf(partnerId), body });
    expect(reply).toMatchObject({ status: 200, body: { usage } });
    expect(reply.body.usage).toHaveLength(usage.length);
  });
});

describe('when all of it is booked', () => {
  test('then a replay under the same program comes to the same cent, both ways', async () => {
    for (const type of ['isv', 'oem'] as const) {
      const { dealId, partnerId } = await aDealOf(type);
      await tell(dealId, { amount: usd(77_777) });
      await correct(dealId, 33_333);
      await follow(dealId);
      const partner = await getPartner(partnerId);
      const past = { deals: [await getDeal(dealId)], partnerAsOf: () => partner, settled: [] };
      const amounts = (earnings: readonly { readonly amount: { readonly amountMinor: number } }[]) =>
        earnings.map(({ amount }) => amount.amountMinor).sort((a, b) => a - b);
      expect(amounts(replay(past, program))).toEqual(amounts(await earningsOf(partnerId)));
    }
  });

  test('then the books are in order', async () => {
    const events = [...(await wholeTable())].filter(([key]) => / event#\d+$/.test(key));
    for (const [, item] of events) {
      const { pk: _pk, sk: _sk, kind: _kind, ...told } = JSON.parse(item);
      await foldEvent(StoredEvent.parse(told));
    }
    const reconciliation = openReconciliation();
    for await (const item of readBooks()) reconciliation.take(item);
    const { faults, journals } = reconciliation.judge(addDays(now, 60));
    expect(faults).toEqual([]);
    expect(journals).toBeGreaterThan(20);
  });
});
