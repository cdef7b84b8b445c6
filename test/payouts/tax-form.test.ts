import { beforeAll, describe, expect, test } from 'vitest';
import { getRun } from '#shared/payouts/run-store.ts';
import { taxFormsNeeded } from '#shared/payouts/tax-form.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { aPayee, ask, decideRun, drive, payDay } from './a-run.ts';
import { aPartnerId, earn, storedStatement } from './a-statement.ts';

const { payouts } = aProgram();
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('when it is asked whether a partner must send a tax form before it is paid', () => {
  test.each([
    ['less than the threshold of the year', 'US', 2026, 199_999, []],
    ['as much as the threshold', 'US', 2026, 200_000, ['w9']],
    ['the lower threshold of the year before', 'US', 2025, 60_000, ['w9']],
    ['a later year without a threshold of its own', 'US', 2031, 200_000, ['w9']],
    ['a year before any threshold', 'US', 2024, 900_000, []],
    ['a country that no rule names', 'DE', 2026, 200_000, ['w8', 'eu_vat']],
  ] as const)('then of %s', (_, countryCode, taxYear, paid, forms) => {
    expect(taxFormsNeeded(payouts, { countryCode, taxYear, paid: usd(paid) })).toEqual(forms);
  });

  test('then a program that asks for none needs none', () => {
    const { taxForms: _none, ...rest } = payouts;
    expect(taxFormsNeeded(rest, { countryCode: 'US', taxYear: 2026, paid: usd(9_999_999) })).toEqual([]);
  });
});

describe('when a run pays a partner who was sent money in the same year', () => {
  beforeAll(async () => {
    process.env.CURSOR_SECRET = 'secret';
    await testTable();
    await publish({ ...aProgram(), payouts: { ...payouts, provider: 'manual' as const } });
  });

  const collect = async (period: string, at: string): Promise<string> => {
    const { body } = await ask('start-payout-run', { body: { period }, at });
    await drive(String(body.id), at);
    return String(body.id);
  };

  test('then what nobody has confirmed yet counts towards the threshold, and what left the year before does not', async () => {
    const [near, far] = [aPartnerId(), aPartnerId()];
    for (const partnerId of [near, far]) await aPayee(partnerId, { countryCode: 'US', lastFour: '0001' });
    await earn(near, 150_000);
    const first = await collect('2026-07', payDay);
    await decideRun(first);
    await drive(first);
    expect((await storedStatement(near)).payout.status).toBe('sent');
    for (const partnerId of [near, far]) await earn(partnerId, 60_000, { statement: '2026-08' });
    const second = await collect('2026-08', '2026-09-05T09:00:00.000Z');
    expect(await getRun(second)).toMatchObject({ payouts: 1, carried: { tax_form_missing: 1 } });
    expect((await storedStatement(far, '2026-08')).payout.status).toBe('pending');
    const third = await collect('2026-12', '2027-01-05T09:00:00.000Z');
    expect(await getRun(third)).toMatchObject({ payouts: 1, total: { amountMinor: 60_000 }, carried: {} });
  });
});
