import { beforeAll, describe, expect, test } from 'vitest';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { anOpenDeal, earningsOf, inWords, refund, usd, win } from './at-the-earnings-door.ts';
import { publishedRules } from './published-rules.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publishedRules({ id: 'spiff', kind: 'spiff', flat: usd(50_000), budget: usd(120_000) });
});

const available = async () => {
  const [item] = await read([{ pk: 'incentive#spiff', sk: 'budget' }]);
  return item && [item.allocated, item.available];
};

describe('when a rule has a budget', () => {
  test('then many deals at once never spend more, who comes late is told, and what is taken back is there again', async () => {
    const deals = await Promise.all(Array.from({ length: 5 }, () => anOpenDeal()));
    for (const { dealId } of deals) await win(dealId, { invoicePaidOn: '2026-07-01' });
    await Promise.all(deals.map(({ dealId }) => earnDeal(dealId)));
    const earned = await Promise.all(deals.map(({ partnerId }) => earningsOf(partnerId)));
    expect(earned.flatMap(inWords).sort()).toEqual([
      'spiff 500.00 payable',
      'spiff 500.00 payable',
      'spiff 500.00 reversed',
      'spiff 500.00 reversed',
      'spiff 500.00 reversed',
    ]);
    expect(await available()).toEqual([120_000, 20_000]);
    const [without] = earned.flat().filter(({ status }) => status === 'reversed');
    expect(without?.explanation.text).toContain('the budget of this incentive was used up');
    expect((await listEvents(String(without?.id), 1, 9)).flatMap(({ journals = [] }) => journals)).toEqual([]);

    const paid = deals[earned.findIndex(([spiff]) => spiff?.status === 'payable')];
    await refund(String(paid?.dealId), { amount: usd(1_000_000) });
    for (let time = 0; time < 3; time += 1) await earnDeal(String(paid?.dealId));
    expect(await available()).toEqual([120_000, 45_000]);
    const all = earned.flat().map(({ id }) => listEvents(id, 1, 9));
    const journals = (await Promise.all(all)).flat().flatMap((event) => event.journals ?? []);
    const sum = (account: string) =>
      journals
        .flatMap(({ lines }) => lines.filter((line) => line.account === account))
        .reduce((of, line) => of + line.amountMinor, 0);
    expect(sum('program:incentives-allocated')).toBe(-120_000);
    expect(sum('incentive:spiff:spent')).toBe(100_000);
    // Whoever was refused stays so, although there would be money again.
    for (const { dealId } of deals) await earnDeal(dealId);
    expect(await available()).toEqual([120_000, 45_000]);
  });
});
