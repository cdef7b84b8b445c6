import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Deal } from '#shared/deals/deal.ts';
import { backtest } from '#shared/earnings/backtest.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { earningsOf } from '#shared/earnings/earnings-of-deal.ts';
import { resultsOfPeriod, type Sold } from '#shared/earnings/earnings-of-period.ts';
import { periodsOf } from '#shared/earnings/periods.ts';
import { replay } from '#shared/earnings/replay.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { crmFolder, readCrmTables, unlessMissing } from '#test/import/crm-data.ts';
import { type ExpectedSale, recomputeEarnings, salesIn } from '#test/import/recompute-earnings.ts';
import { aParticipant, aWonDeal } from './a-won-deal.ts';

const program = parseProgram(readFileSync('examples/crm-program.yaml', 'utf8'));

/** `M/D/YYYY` as a day. */
const dayOf = (text: string): string => {
  const [month = '', day = '', year = ''] = text.split('/');
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const productLineOf = ({ isGtk500 }: ExpectedSale): string => (isGtk500 ? 'gtk-500' : 'gtx-basic');

const dealOf = (sale: ExpectedSale, index: number): Deal => {
  const at = `${dayOf(sale.closed)}T12:00:00.000Z`;
  return aWonDeal({
    id: `deal_${index}`,
    partnerId: sale.agent,
    attributions: [{ partnerId: sale.agent, role: 'sourced', sharePercent: 100 }],
    value: usd(sale.valueMinor),
    productLine: productLineOf(sale),
    approvedAt: `${dayOf(sale.engaged)}T12:00:00.000Z`,
    closedOn: dayOf(sale.closed),
    wonAt: at,
    payments: sale.valueMinor > 0 ? [{ amountMinor: sale.valueMinor, paidOn: dayOf(sale.closed), at }] : [],
  });
};

const dealEarnings = (sale: ExpectedSale, index: number): readonly Earning[] => {
  const series = earningsOf(dealOf(sale, index), { program, participants: [aParticipant({ partnerId: sale.agent })] });
  return series.flatMap(({ earnings }) => earnings.flatMap((states) => states.at(-1)?.earning ?? []));
};

const soldWith = (sale: ExpectedSale): Sold => ({
  amountMinor: sale.valueMinor,
  valueMinor: sale.valueMinor,
  dealType: 'new',
  productLine: productLineOf(sale),
  closedOn: dayOf(sale.closed),
  role: 'sourced',
});

const rebatesOf = (partnerId: string, sales: readonly ExpectedSale[]): readonly number[] => {
  const quarters = [
    ...Map.groupBy(sales.map(soldWith), ({ closedOn }) => periodsOf(closedOn, program)[0]?.name).values(),
  ];
  return quarters.flatMap((inQuarter) => {
    const [period] = periodsOf(inQuarter[0]?.closedOn ?? '', program);
    if (!period) return [];
    const seller = { partnerId, types: ['referral'], tier: 'authorized', agreed: [], targets: {}, sales: inQuarter };
    const results = resultsOfPeriod(seller, { period, program });
    return results.filter(({ reached }) => reached).map(({ amount }) => amount.amountMinor);
  });
};

describe.skipIf(!crmFolder)(`the rules on the CRM sample${unlessMissing}`, () => {
  test('when every won deal and every quarter is reckoned, then each partner earns what was recomputed from the data page, to the cent', () => {
    const tables = readCrmTables(crmFolder ?? '');
    const byAgent = Map.groupBy(salesIn(tables), ({ agent }) => agent);
    const found = [...byAgent].map(([agent, sales]) => {
      const earnings = sales.flatMap(dealEarnings);
      const of = (kind: Earning['kind']) => earnings.filter((earning) => earning.kind === kind);
      const sum = (kind: Earning['kind']) => of(kind).reduce((total, { amount }) => total + amount.amountMinor, 0);
      const rebates = rebatesOf(agent, sales);
      const [commission, bonus, spiff] = [sum('commission'), sum('bonus'), sum('spiff')];
      const count = {
        commission: of('commission').length,
        bonus: of('bonus').length,
        spiff: of('spiff').length,
        rebate: rebates.length,
      };
      return [agent, { commission, bonus, spiff, rebate: rebates.reduce((total, rebate) => total + rebate, 0), count }];
    });
    expect(found.length).toBeGreaterThan(25);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(recomputeEarnings(tables)));
  });

  test('when its four quarters are replayed, then they cost that too, and under another program what a hand reckons', () => {
    const tables = readCrmTables(crmFolder ?? '');
    const deals = salesIn(tables).map(dealOf);
    const standing = { types: ['referral' as const], tier: 'authorized' };
    const quarters = ['2024-Q4', '2025-Q1', '2025-Q2', '2025-Q3'];
    const past = { deals, partnerAsOf: () => standing, settled: quarters };
    const booked = replay(past, program);
    const records = { ...past, booked, nameOf: (id: string) => id, asOf: '2025-11-01T00:00:00.000Z', inForce: program };
    const expected = [...recomputeEarnings(tables)];
    const replayed = backtest(records, program, { quarters: 4 });
    expect(replayed).toMatchObject({ quarters, deals: 1_052, isInForce: true, total: { difference: 0 } });
    expect(Object.fromEntries(replayed.byPartner.map(({ name, booked: earned }) => [name, earned]))).toEqual(
      Object.fromEntries(
        expected.map(([agent, { commission, bonus, spiff, rebate }]) => [agent, commission + bonus + spiff + rebate]),
      ),
    );
    // 250.00 more for each GTK 500 that was sold, and no rebate.
    const rules = program.incentives.rules
      .filter(({ id }) => id !== 'quarterly-rebate')
      .map((rule) => (rule.id === 'gtk-500-spiff' ? { ...rule, flat: usd(750_00) } : rule));
    const other = { ...program, incentives: { ...program.incentives, rules } };
    const { byPartner } = backtest(records, other, { quarters: 4 });
    expect(Object.fromEntries(byPartner.map(({ name, difference }) => [name, difference]))).toEqual(
      Object.fromEntries(expected.map(([agent, { rebate, count }]) => [agent, count.spiff * 250_00 - rebate])),
    );
  });
});
