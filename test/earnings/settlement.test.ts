import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { endOf, periodNamed } from '#shared/earnings/periods.ts';
import { recordSale } from '#shared/earnings/sale-store.ts';
import { findSettlement } from '#shared/earnings/settlement-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { is, not } from '#shared/platform/condition.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { transact } from '#shared/platform/table.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { call, freshCustomer } from '#test/deals/at-the-deals-door.ts';
import { anActivePartner, ask, spoil } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { manager, repOf } from '#test/support/people.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { anOpenDeal, earningsOf, inWords, now, refund, usd, win } from './at-the-earnings-door.ts';
import { publishedRules } from './published-rules.ts';

const quarterEnd = '2026-10-01T00:20:00.000Z';
const yearEnd = '2027-01-01T00:20:00.000Z';
const later = addDays(quarterEnd, 30);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publishedRules(
    { id: 'rebate', kind: 'rebate', per: 'quarter', salesFrom: usd(10_000_000), percent: 2 },
    { id: 'million', kind: 'margin-rebate', per: 'year', salesFrom: usd(12_000_000), percent: 5 },
    {
      id: 'target',
      kind: 'commission',
      per: 'quarter',
      targetPercentFrom: 100,
      percent: 5,
      productLines: ['platform'],
    },
  );
});

const settle = (time: string) => sweep({ schedule: 'settle', time });

const aSale = async (
  partnerId: string,
  amountMinor: number,
  closedOn = '2026-07-01',
  more: Record<string, unknown> = {},
) => {
  const body = aRegistration({ customer: freshCustomer(), value: usd(2_000_000), ...more });
  const reply = await call('register-deal', { caller: repOf(partnerId), body });
  const dealId = String(reply.body.id);
  await win(dealId, { value: usd(amountMinor), closedOn }, { at: `${closedOn}T12:00:00.000Z` });
  return dealId;
};

const aSeller = async (...amounts: readonly number[]): Promise<string> => {
  const { partnerId } = await anOpenDeal();
  for (const amount of amounts) await earnDeal(await aSale(partnerId, amount));
  return partnerId;
};

const agree = async (partnerId: string, changes: Partial<Partner>) => {
  const before = await getPartner(partnerId);
  const intent = { writeId: `agree ${JSON.stringify(changes)}`, bodyHash: '', by: manager.id, at: now };
  await commitChange(before, changePartner(before, { ...before, ...changes }, { type: 'partner.updated', intent }));
};

const sold = {
  closedOn: '2027-02-01',
  amountMinor: 10_000_000,
  valueMinor: 10_000_000,
  currency: 'USD',
  dealType: 'new',
  productLine: 'services',
  role: 'sourced',
  refunds: 0,
} as const;

/** Another sale of nothing, as it may have come into the table by mistake, or mended. */
const storeSale = (partnerId: string, closedOn: unknown): Promise<unknown> => {
  const set = { kind: 'sale', ...sold, partnerId, dealId: 'deal_odd', amountMinor: 0, closedOn };
  const refuse = () => new Error('Nothing stands in its way.');
  const key = { pk: partnerId, sk: 'sale#2027-02-02#deal_odd' };
  return transact([{ write: 'change', key, change: { set }, when: not(is('kind', '=', 'erased')), refuse }]);
};

const at = (partnerId: string, when = later) => earningsOf(partnerId, when).then(inWords);

test.each([
  ['2026-Q4', 'Europe/Berlin', '2026-12-31T22:59:59.999Z'],
  ['2026', 'America/New_York', '2027-01-01T04:59:59.999Z'],
  ['2026-Q3', 'UTC', '2026-09-30T23:59:59.999Z'],
])('when %s ends in %s, then rules that begin with the next say nothing of it', (name, timeZone, end) => {
  expect(endOf(periodNamed(name, { fiscalYearStart: 1 }), { timeZone })).toBe(end);
});

describe('when a quarter has ended', () => {
  test('then sales below, on and above the threshold; those on a target; twice, and late', async () => {
    const [below, on, above] = [
      await aSeller(9_999_999),
      await aSeller(4_000_000, 6_000_000),
      await aSeller(12_345_677),
    ];
    const [met, missed, none] = [await aSeller(5_000_000), await aSeller(4_999_999), await aSeller(5_000_000)];
    for (const partnerId of [met, missed]) await agree(partnerId, { targets: { '2026-Q3': usd(5_000_000) } });
    await settle('2026-09-30T00:20:00.000Z');
    expect(await at(on)).toEqual([]);

    // One that cannot be read holds up none of the others, and is told of every day until it can.
    await spoil(none);
    for (const days of [0, 1]) await expect(settle(addDays(quarterEnd, days))).rejects.toThrow('1 partners could not');
    expect(await at(on)).toEqual(['rebate 2,000.00 payable']);
    expect((await ask({ operation: 'list-partners', caller: manager })).body.data).toHaveLength(5);
    await spoil(none, ['reseller']);
    await Promise.all([settle(quarterEnd), settle(quarterEnd)]);
    await settle(addDays(quarterEnd, 1));
    await settle(addDays(quarterEnd, 40));
    expect(await at(below)).toEqual([]);
    expect(await at(on)).toEqual(['rebate 2,000.00 payable']);
    expect(await at(above)).toEqual(['rebate 2,469.14 payable']);
    expect(await at(met)).toEqual(['commission 2,500.00 payable']);
    expect(await at(missed)).toEqual([]);
    expect(await at(none)).toEqual([]);

    const [rebate] = await earningsOf(on, quarterEnd);
    expect(rebate).toMatchObject({ period: '2026-Q3', status: 'on_hold', payableAt: addDays(quarterEnd, 30) });
    expect(rebate?.explanation.text).toBe(
      '2 % of USD 100,000.00, the sales of 2026-Q3, because sales reached USD 100,000.00: USD 2,000.00.',
    );
    const [commission] = await earningsOf(met, quarterEnd);
    expect(commission?.explanation.text).toContain('because sales reached 100 % of the target of USD 50,000.00');

    // A sale that becomes known after the settlement, and then one that is given back.
    const late = await aSale(below, 100_001, '2026-09-28');
    await earnDeal(late);
    expect(await at(below)).toEqual(['rebate 2,020.00 payable']);
    await refund(late, { amount: usd(100_001), occurredOn: '2026-10-05' }, { at: '2026-10-05T12:00:00.000Z' });
    await earnDeal(late);
    await earnDeal(late);
    expect(await at(below)).toEqual(['clawback -2,020.00 payable', 'rebate 2,020.00 payable']);

    // The year, on all sales of its quarters.
    await settle(yearEnd);
    await settle(addDays(yearEnd, 3));
    expect(await at(above, addDays(yearEnd, 30))).toEqual([
      'margin-rebate 6,172.84 payable',
      'rebate 2,469.14 payable',
    ]);
    expect(await at(on, addDays(yearEnd, 30))).toEqual(['rebate 2,000.00 payable']);
  });

  test('then what is booked because somebody paid an old deal dates from the settlement, and is held from then on', async () => {
    const partnerId = await aSeller(10_000_000);
    const [rebate] = (await earningsOf(partnerId, quarterEnd)).filter(({ kind }) => kind === 'rebate');
    expect(rebate).toMatchObject({ createdAt: quarterEnd, payableAt: addDays(quarterEnd, 30), status: 'on_hold' });
  });

  test('then one partner that cannot be settled holds up nobody, and is settled another day; whatever their status', async () => {
    const sellers: string[] = [];
    for (const status of ['active', 'suspended', 'terminated', 'active'] as const) {
      const partnerId = await anActivePartner({ types: ['referral'] });
      await recordSale({ ...sold, partnerId, dealId: `deal_of_${status}` });
      await agree(partnerId, { status });
      sellers.push(partnerId);
    }
    const broken = String(sellers.at(-1));
    await storeSale(broken, 'a day in February');
    const end = '2027-04-01T00:20:00.000Z';
    const rebate = 'rebate 2,000.00 on_hold';
    const booked = () => Promise.all(sellers.map((partnerId) => at(partnerId, end)));
    await expect(settle(end)).rejects.toThrow('1 partners could not be settled for 2027-Q1');
    expect(await booked()).toEqual([[rebate], [rebate], [rebate], []]);
    await storeSale(broken, '2027-02-02');
    await settle(addDays(end, 1));
    expect(await booked()).toEqual([[rebate], [rebate], [rebate], [rebate]]);
    expect(await findSettlement('2027-Q1')).toEqual({ begunAt: end, doneAt: addDays(end, 1) });
  });
});
