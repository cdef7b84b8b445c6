import { describe, expect, test } from 'vitest';
import { taxFormsNeeded } from '#shared/payouts/tax-form.ts';
import { aProgram } from '#test/support/a-program.ts';

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
