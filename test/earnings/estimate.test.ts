import { beforeAll, describe, expect, test } from 'vitest';
import { look } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import type { Reply } from '#test/support/call.ts';
import { manager, repOf } from '#test/support/people.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { anOpenDeal, ask, usd, win } from './at-the-earnings-door.ts';
import { publishedRules } from './published-rules.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publishedRules(
    { id: 'commission', name: 'Commission', percent: 'tier' },
    { id: 'discount', name: 'Reseller discount', kind: 'margin-discount', percent: 20, dealTypes: ['expansion'] },
    { id: 'rebate', name: 'Rebate', kind: 'rebate', per: 'quarter', salesFrom: usd(10_000_000), percent: 2 },
    { id: 'target', name: 'On target', per: 'quarter', targetPercentFrom: 100, percent: 5 },
  );
});

const idea = { productLine: 'platform', dealType: 'new', value: usd(3_000_000) };
const estimate = (partnerId: string, body: Record<string, unknown> = {}): Promise<Reply> =>
  ask('estimate-deal', { caller: repOf(partnerId), body: { ...idea, ...body }, key: null });
const pointersOf = ({ body }: Reply) => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);

describe('when a partner asks what a deal would earn', () => {
  test('then by which rule, and how far the next tier and bonus are, this deal included', async () => {
    const { partnerId, dealId } = await anOpenDeal();
    await win(dealId, { value: usd(5_000_000) });
    await earnDeal(dealId);
    const { status, body } = await estimate(partnerId);
    expect(status).toBe(200);
    expect(body).toEqual({
      earnings: [
        {
          rule: 'commission',
          name: 'Commission',
          kind: 'commission',
          amount: usd(300_000),
          text: '10 % of USD 30,000.00, the rate of tier authorized: USD 3,000.00.',
        },
      ],
      total: usd(300_000),
      discounts: [],
      tier: {
        current: 'authorized',
        sales: usd(8_000_000),
        next: { tier: 'gold', from: usd(10_000_000), missing: usd(2_000_000) },
      },
      usage: [],
      goals: [
        {
          rule: 'rebate',
          name: 'Rebate',
          kind: 'rebate',
          period: '2026-Q3',
          sales: usd(8_000_000),
          needed: usd(10_000_000),
          missing: usd(2_000_000),
          reached: false,
        },
        {
          rule: 'target',
          name: 'On target',
          kind: 'commission',
          period: '2026-Q3',
          sales: usd(8_000_000),
          reached: false,
        },
      ],
    });
    const enough = await estimate(partnerId, { value: usd(5_000_000) });
    expect(enough.body).toMatchObject({ goals: [{ reached: true, missing: usd(0), amount: usd(200_000) }, {}] });
    const nextQuarter = await estimate(partnerId, { expectedCloseDate: '2026-10-01' });
    expect(nextQuarter.body).toMatchObject({
      goals: [{ period: '2026-Q4', sales: usd(3_000_000) }, {}],
      tier: { sales: usd(8_000_000) },
    });
  });

  test('then margin as a discount is shown, there and on the deal, and never becomes an earning', async () => {
    const { partnerId, dealId, rep } = await anOpenDeal({ dealType: 'expansion' });
    const discount = { rule: 'discount', name: 'Reseller discount', percent: 20, amount: usd(600_000) };
    expect((await estimate(partnerId, { dealType: 'expansion' })).body).toMatchObject({ discounts: [discount] });
    expect((await look(dealId, rep)).body.discounts).toEqual([{ ...discount, amount: usd(400_000) }]);
    await win(dealId, { invoicePaidOn: '2026-07-01' });
    await earnDeal(dealId);
    const { body } = await ask('list-earnings', { query: { partnerId } });
    expect(body.data).toMatchObject([{ kind: 'commission' }]);
  });

  test('then every faulty field is named, and nobody asks for another partner', async () => {
    const { partnerId } = await anOpenDeal();
    const faulty = await estimate(partnerId, {
      productLine: 'nope',
      value: { amountMinor: 1, currency: 'EUR' },
      expectedCloseDate: '2020-01-01',
    });
    expect(faulty.status).toBe(422);
    expect(pointersOf(faulty)).toEqual(['#/productLine', '#/value/currency', '#/expectedCloseDate']);
    expect(pointersOf(await estimate(partnerId, { value: usd(-1), dealType: 'gift' }))).toEqual([
      '#/dealType',
      '#/value/amountMinor',
    ]);
    const other = await anOpenDeal();
    expect((await estimate(partnerId, { partnerId: other.partnerId })).status).toBe(404);
    const byStaff = (body: object) => ask('estimate-deal', { caller: manager, body: { ...idea, ...body }, key: null });
    expect(pointersOf(await byStaff({}))).toEqual(['#/partnerId']);
    expect((await byStaff({ partnerId })).status).toBe(200);
    expect((await byStaff({ partnerId: 'ptr_nobody' })).status).toBe(404);
  });
});
