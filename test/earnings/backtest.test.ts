import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backtest } from '#shared/earnings/backtest.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { withRules } from './a-won-deal.ts';
import { anOpenDeal, pay, refund, usd, win } from './at-the-earnings-door.ts';
import { publishedRules } from './published-rules.ts';

const run = promisify(execFile);

const commission: Partial<IncentiveRule> = { id: 'share', kind: 'commission', percent: 10 };
const spiff: Partial<IncentiveRule> = { id: 'spiff', kind: 'spiff', flat: usd(50_000), budget: usd(120_000) };
const rebate: Partial<IncentiveRule> = {
  id: 'rebate',
  kind: 'rebate',
  per: 'quarter',
  salesFrom: usd(10_000_000),
  percent: 2,
};

const scratch = mkdtempSync(join(tmpdir(), 'tandem-backtest-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** JSON is YAML; amounts are written as people write them there. */
const amountsAsText = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value
    ? `${(Number(value.amountMinor) / 100).toFixed(2)} ${value.currency}`
    : value;

const programFile = (name: string, rules: readonly Partial<IncentiveRule>[]): string => {
  const path = join(scratch, `${name}.yaml`);
  writeFileSync(path, JSON.stringify(withRules(...rules), amountsAsText));
  return path;
};

const command = (...args: readonly string[]) => run(process.execPath, ['local/commands/program.ts', ...args]);

const backtest = async (path: string, quarters = '1'): Promise<Backtest> => {
  const table = String(process.env.PROGRAM_TABLE);
  const { stdout } = await command('backtest', path, '--quarters', quarters, '--table', table, '--json');
  return JSON.parse(stdout);
};

const on = (day: string) => ({ at: `2026-07-${day}T12:00:00.000Z` });

const aSale = async (amountMinor: number, day: string, paid = true) => {
  const { dealId, partnerId } = await anOpenDeal();
  const closedOn = `2026-07-${day}`;
  await win(dealId, { value: usd(amountMinor), closedOn, ...(paid ? { invoicePaidOn: closedOn } : {}) }, on(day));
  await earnDeal(dealId);
  return { dealId, partnerId };
};

const partners: Record<string, string> = {};

/** What each partner gets more, by the names of this test. */
const differences = ({ byPartner }: Backtest) =>
  Object.fromEntries(
    Object.entries(partners).map(([name, id]) => [
      name,
      byPartner.find(({ partnerId }) => partnerId === id)?.difference ?? 0,
    ]),
  );

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publishedRules(commission, spiff, rebate);
  const returned = await aSale(2_000_000, '01');
  const large = await aSale(10_000_000, '02');
  // The budget of 1,200.00 has been taken twice by now.
  const inParts = await aSale(3_000_001, '03', false);
  await pay(inParts.dealId, { amount: usd(1_000_000), paidOn: '2026-07-05' }, on('05'));
  await earnDeal(inParts.dealId);
  // All of it while it is on hold, so its SPIFF is there for the next one.
  await refund(returned.dealId, { amount: usd(2_000_000), occurredOn: '2026-07-10' }, on('10'));
  await earnDeal(returned.dealId);
  const reduced = await aSale(2_000_000, '15');
  const late = { at: '2026-09-01T12:00:00.000Z' };
  await refund(reduced.dealId, { amount: usd(500_000), occurredOn: '2026-09-01' }, late);
  await earnDeal(reduced.dealId);
  await sweep({ schedule: 'settle', time: '2026-10-01T00:20:00.000Z' });
  for (const [name, { partnerId }] of Object.entries({ returned, large, inParts, reduced })) partners[name] = partnerId;
});

describe('when past quarters are replayed', () => {
  test('then under the program in force they cost what was booked, to the cent, partner by partner', async () => {
    const result = await backtest(programFile('same', [commission, spiff, rebate]));
    // 10,000 + 500 + 2,000; 1,000 of 3,000; 2,000 + 500, less a quarter of both; nothing of what was returned.
    expect(result).toMatchObject({
      isInForce: true,
      deals: 4,
      quarters: ['2026-Q3'],
      total: { booked: 1_537_500, replayed: 1_537_500, difference: 0 },
      pending: { booked: 200_000, replayed: 200_000, difference: 0 },
    });
    expect(result.byPartner.map(({ booked, replayed }) => [booked, replayed])).toEqual(
      result.byPartner.map(({ booked }) => [booked, booked]),
    );
    expect(differences(result)).toEqual({ returned: 0, large: 0, inParts: 0, reduced: 0 });
  });

  test('then under another they cost what a hand reckons: a higher rate, more budget, a rebate that more reach', async () => {
    const path = programFile('more', [
      { ...commission, percent: 12 },
      { ...spiff, budget: usd(1_000_000) },
      { ...rebate, salesFrom: usd(2_000_000), percent: 3 },
    ]);
    const result = await backtest(path, '4');
    expect(result.isInForce).toBe(false);
    // large: 2 % of 100,000 more commission, 1 % more rebate. inParts: 2 % of the 10,000 paid, a third of a SPIFF, and 3 % of
    // 30,000.01. reduced: 2 % of 15,000; its sales are below 20,000 since the refund.
    expect(differences(result)).toEqual({
      returned: 0,
      large: 200_000 + 100_000,
      inParts: 20_000 + 16_667 + 90_000,
      reduced: 30_000,
    });
    expect(result.total).toEqual({ booked: 1_537_500, replayed: 1_994_167, difference: 456_667 });
    expect(result.pending).toEqual({ booked: 200_000, replayed: 273_333, difference: 73_333 });
    expect(result.quarters).toEqual(['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3']);
    expect(result.budget).toEqual({ from: 0, mean: 498_542, to: 1_994_167 });
    expect(result.byRule.map(({ rule, difference }) => [rule, difference])).toEqual([
      ['rebate', 190_000],
      ['share', 250_000],
      ['spiff', 16_667],
    ]);
    expect(await backtest(path, '4')).toEqual(result);
  });

  test('then an exported file gives the same as the table', async () => {
    const path = programFile('same', [commission, spiff, rebate]);
    const [file, table] = [join(scratch, 'export.jsonl'), String(process.env.PROGRAM_TABLE)];
    await run(process.execPath, ['local/commands/backup.ts', 'export', '--table', table, '--to', file]);
    const { stdout } = await command('backtest', path, '--quarters', '1', '--file', file, '--json');
    expect(JSON.parse(stdout)).toEqual(await backtest(path));
  });

  test('then whoever would lose is named in the table', async () => {
    const path = programFile('without', [commission, rebate]);
    const table = String(process.env.PROGRAM_TABLE);
    const { stdout, stderr } = await command('backtest', path, '--table', table);
    expect(stdout).toContain('0 partners would win, 2 would lose, 2 would have the same.');
    expect(stdout).toMatch(/total +USD 15,375\.00 +USD 14,500\.00 +-USD 875\.00/);
    expect(stdout).toMatch(/spiff +USD 875\.00 +USD 0\.00 +-USD 875\.00/);
    expect(stderr).toContain('4 deals replayed');
  });

  test.each([
    ['in another currency', /USD/g, 'EUR', 'The file is in EUR, the records are in USD.'],
    ['with another fiscal year', /"fiscalYearStart":1/, '"fiscalYearStart":4', 'fiscal year begins with month 4'],
  ])('then a program %s is refused in words', async (_words, from, to, message) => {
    const path = programFile('other', [commission]);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    const table = String(process.env.PROGRAM_TABLE);
    await expect(command('backtest', path, '--table', table)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message),
    });
  });

  test('then a number of quarters that is none is refused', async () => {
    const path = programFile('same', [commission]);
    for (const quarters of ['0', '41', 'four', '1.5'])
      await expect(command('backtest', path, '--quarters', quarters)).rejects.toMatchObject({
        stderr: expect.stringContaining('whole number from 1 to 40'),
      });
  });
});
