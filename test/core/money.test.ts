import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMoney,
  allocateMoney,
  compareMoney,
  formatMoney,
  Money,
  PositiveMoney,
  percentOf,
  proportionOf,
  SignedMoney,
  subtractMoney,
} from '#shared/core/money.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('when money is parsed', () => {
  it.each([
    { label: 'a fraction of a cent', value: { amountMinor: 1.5, currency: 'USD' } },
    { label: 'less than nothing', value: usd(-1) },
    { label: 'more than can be kept exactly', value: usd(2 ** 53) },
    { label: 'a currency in small letters', value: { amountMinor: 1, currency: 'usd' } },
    { label: 'a currency of four letters', value: { amountMinor: 1, currency: 'USDX' } },
    { label: 'a currency with something before it', value: { amountMinor: 1, currency: '1USD' } },
    { label: 'a number without a currency', value: { amountMinor: 1 } },
    { label: 'a field nobody knows', value: { ...usd(1), amount: 1 } },
  ])('then $label is refused', ({ value }) => {
    expect(Money.safeParse(value).success).toBe(false);
  });

  it('then only signed money may be below zero, and what is asked for is above it', () => {
    expect(SignedMoney.parse(usd(-1))).toEqual(usd(-1));
    expect(Money.parse(usd(0))).toEqual(usd(0));
    expect(PositiveMoney.parse(usd(1))).toEqual(usd(1));
    expect(PositiveMoney.safeParse(usd(0)).error?.issues.map(({ message }) => message)).toEqual([
      'must be more than 0',
    ]);
  });

  it.each([Money, PositiveMoney, SignedMoney])(
    'then a field nobody knows is refused, and the currency explained',
    (schema) => {
      const { error } = schema.safeParse({ amountMinor: 1, currency: 'usd', amount: 1 });
      expect(error?.issues.map(({ message }) => message).join(' ')).toMatch(
        /three capital letters, for example "USD".*amount/,
      );
    },
  );
});

describe('when a percentage is taken, then it is rounded half-even to the cent', () => {
  it.each([
    { label: 'an exact cent', amountMinor: 1_200_000, percent: 10, expected: 120_000 },
    { label: 'half a cent above an even cent goes down', amountMinor: 25, percent: 10, expected: 2 },
    { label: 'half a cent above an odd cent goes up', amountMinor: 35, percent: 10, expected: 4 },
    { label: 'a bit more than half goes up', amountMinor: 251, percent: 10, expected: 25 },
    { label: 'below zero, half to even too', amountMinor: -25, percent: 10, expected: -2 },
    { label: 'a fraction of a percent', amountMinor: 10_000, percent: 2.5, expected: 250 },
    { label: 'a percentage as text', amountMinor: 10_000, percent: '0.1', expected: 10 },
    { label: 'what floats get wrong (1.005 %)', amountMinor: 100_000, percent: 1.005, expected: 1_005 },
    { label: 'of the largest amount', amountMinor: Number.MAX_SAFE_INTEGER, percent: 100, expected: 2 ** 53 - 1 },
    { label: 'nothing', amountMinor: 100, percent: 0, expected: 0 },
  ])('$label', ({ amountMinor, percent, expected }) => {
    expect(percentOf(usd(amountMinor), percent)).toEqual(usd(expected));
  });

  it.each(['10%', 'x10', '1.', '.5', '1e3', ''])('then what is no decimal is a bug: "%s"', (percent) => {
    expect(() => percentOf(usd(1), percent)).toThrow(`not a plain decimal: ${percent}`);
  });
});

describe('when so much is taken as a part is of a whole, then it is rounded half-even to the cent', () => {
  it.each([
    { label: 'the whole', amountMinor: 999, part: 7, whole: 7, expected: 999 },
    { label: 'nothing of it', amountMinor: 999, part: 0, whole: 7, expected: 0 },
    { label: 'less than half a cent goes down', amountMinor: 100, part: 1, whole: 3, expected: 33 },
    { label: 'more than half a cent goes up', amountMinor: 100, part: 2, whole: 3, expected: 67 },
    { label: 'half a cent above an even cent goes down', amountMinor: 25, part: 1, whole: 10, expected: 2 },
    { label: 'half a cent above an odd cent goes up', amountMinor: 35, part: 1, whole: 10, expected: 4 },
    { label: 'below zero, half to even too', amountMinor: -35, part: 1, whole: 10, expected: -4 },
    { label: 'below zero, half above an even cent', amountMinor: -25, part: 1, whole: 10, expected: -2 },
    { label: 'more than the whole', amountMinor: 10, part: 3, whole: 2, expected: 15 },
    {
      label: 'a product no float can hold',
      amountMinor: 2 ** 53 - 1,
      part: 2 ** 53 - 2,
      whole: 2 ** 53 - 1,
      expected: 2 ** 53 - 2,
    },
  ])('$label', ({ amountMinor, part, whole, expected }) => {
    expect(proportionOf(usd(amountMinor), part, whole)).toEqual(usd(expected));
  });

  it('then what cannot be kept exactly is refused in words', () => {
    expect(() => proportionOf(usd(2 ** 53 - 1), 2, 1)).toThrow('The amount is too large to be kept exactly.');
  });
});

describe('when money of two currencies meets', () => {
  it.each([
    { label: 'adding', act: () => addMoney(usd(1), eur(1)) },
    { label: 'subtracting', act: () => subtractMoney(usd(1), eur(1)) },
    { label: 'comparing', act: () => compareMoney(usd(1), eur(1)) },
  ])('then $label is refused with both named', ({ act }) => {
    expect(act).toThrow(
      expect.objectContaining({
        kind: 'rule',
        code: 'money.currency_mismatch',
        message: expect.stringMatching(/^An amount in EUR was given where USD is needed; /),
        details: { facts: { expected: 'USD', actual: 'EUR' } },
      }),
    );
  });
});

describe('when money is added, taken away and compared', () => {
  it('then the arithmetic is exact and may go below zero', () => {
    expect(addMoney(usd(10), usd(20))).toEqual(usd(30));
    expect(subtractMoney(usd(10), usd(20))).toEqual(usd(-10));
    expect([usd(3), usd(1), usd(2)].sort(compareMoney)).toEqual([usd(1), usd(2), usd(3)]);
    expect(compareMoney(usd(1), usd(1))).toBe(0);
  });

  it('then a sum that cannot be kept exactly is refused', () => {
    expect(() => addMoney(usd(Number.MAX_SAFE_INTEGER), usd(1))).toThrow(
      expect.objectContaining({ kind: 'rule', code: 'money.out_of_range' }),
    );
  });
});

describe('when money is split', () => {
  it.each([
    { label: 'in three', shares: [1, 1, 1], expected: [34, 33, 33] },
    { label: 'by percent with decimals', shares: [33.5, 66.5], expected: [33, 67] },
    { label: 'with nothing for one', shares: [0, 1], expected: [0, 100] },
    { label: 'by decimals of different length', shares: [0.25, '0.750', 1], expected: [12, 37, 51] },
  ])('$label, then the cents left over go to the largest shares, first come first', ({ shares, expected }) => {
    expect(allocateMoney(usd(100), shares)).toEqual(expected.map(usd));
  });

  it('then no cent is lost and nobody is more than a cent away from the share', () => {
    const shares = fc
      .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 20 })
      .filter((all) => all.some((share) => share > 0));
    fc.assert(
      fc.property(fc.maxSafeInteger(), shares, (amountMinor, ratios) => {
        const parts = allocateMoney(usd(amountMinor), ratios);
        expect(parts.reduce((sum, part) => sum + BigInt(part.amountMinor), 0n)).toBe(BigInt(amountMinor));
        const total = BigInt(ratios.reduce((sum, ratio) => sum + ratio, 0));
        for (const [index, part] of parts.entries()) {
          const distance = BigInt(part.amountMinor) * total - BigInt(amountMinor) * BigInt(ratios[index] ?? 0);
          const above = amountMinor < 0 ? -distance : distance;
          // Never a cent below; a whole one above only where a large share comes out even: of two cents by 2, 1 and 1 it gets both.
          expect(above > -total && above <= total).toBe(true);
        }
      }),
    );
  });
});

describe('when money is shown to people', () => {
  it.each([
    { label: 'cents', money: usd(1_200_000), text: 'USD 12,000.00' },
    { label: 'below zero', money: usd(-5), text: '-USD 0.05' },
    { label: 'a currency without cents', money: { amountMinor: 12_000, currency: 'JPY' }, text: 'JPY 12,000' },
    { label: 'a currency with mils', money: { amountMinor: 12_345, currency: 'KWD' }, text: 'KWD 12.345' },
    { label: 'the largest amount', money: usd(2 ** 53 - 1), text: 'USD 90,071,992,547,409.91' },
  ])('then $label', ({ money, text }) => {
    expect(formatMoney(money)).toBe(text);
  });
});
