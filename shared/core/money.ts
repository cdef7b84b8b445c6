import {
  add,
  allocate,
  compare,
  dinero,
  halfEven,
  multiply,
  subtract,
  toSnapshot,
  transformScale,
} from 'dinero.js/bigint';
import * as z from 'zod';
import { DomainError } from '#shared/core/errors.ts';
import type { Language } from '#shared/core/languages.ts';
import { roundedShare } from '#shared/core/rounded-share.ts';

/** The shape of an ISO 4217 code; whether it is in the list is asked once, where a program is published (the list is 20 kB). */
export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 currency code of three capital letters, for example "USD"')
  .meta({ description: 'ISO 4217', example: 'USD' });
export type CurrencyCode = z.infer<typeof CurrencyCode>;

const currencyMember = { currency: CurrencyCode };

/** Minor units (cents), never negative. */
export const Money = z
  .strictObject({ amountMinor: z.int().min(0).meta({ description: 'Minor units, such as cents' }), ...currencyMember })
  .meta({ id: 'Money', example: { amountMinor: 1200000, currency: 'USD' } });
/** Minor units, at least one: what is asked for, given or billed. */
export const PositiveMoney = z
  .strictObject({
    amountMinor: z.int().min(1, 'must be more than 0').meta({ description: 'Minor units, such as cents' }),
    ...currencyMember,
  })
  .meta({ id: 'PositiveMoney', example: { amountMinor: 250000, currency: 'USD' } });
/** Minor units; below zero where something is taken back, such as a clawback. */
export const SignedMoney = z
  .strictObject({ amountMinor: z.int().meta({ description: 'Minor units, such as cents' }), ...currencyMember })
  .meta({ id: 'SignedMoney', example: { amountMinor: -50000, currency: 'USD' } });
export type Money = z.infer<typeof SignedMoney>;

/** Everything is computed on big integers, so a product of two safe integers is exact too. */
type Exact = ReturnType<typeof exact>;

// The exponent is 0 because amounts are already minor units; what a minor unit is worth matters only where money is shown.
const exact = (money: Money) =>
  dinero({ amount: BigInt(money.amountMinor), currency: { code: money.currency, base: 10n, exponent: 0n } });

const inMinorUnits = (amount: bigint, currency: CurrencyCode): Money => {
  const amountMinor = Number(amount);
  if (!Number.isSafeInteger(amountMinor))
    throw new DomainError('rule', 'money.out_of_range', 'The amount is too large to be kept exactly.');
  return { amountMinor, currency };
};

const toMoney = (value: Exact): Money => {
  const { amount, currency } = toSnapshot(value);
  return inMinorUnits(amount, currency.code);
};

const mustShareCurrency = (a: Money, b: Money): void => {
  if (a.currency === b.currency) return;
  const message = `An amount in ${b.currency} was given where ${a.currency} is needed; amounts of two currencies cannot be put together.`;
  throw new DomainError('rule', 'money.currency_mismatch', message, {
    facts: { expected: a.currency, actual: b.currency },
  });
};

/** Throws `money.currency_mismatch`. */
export const addMoney = (a: Money, b: Money): Money => {
  mustShareCurrency(a, b);
  return toMoney(add(exact(a), exact(b)));
};

/** May be negative. Throws `money.currency_mismatch`. */
export const subtractMoney = (a: Money, b: Money): Money => {
  mustShareCurrency(a, b);
  return toMoney(subtract(exact(a), exact(b)));
};

/** -1, 0 or 1, as sorting wants it. Throws `money.currency_mismatch`. */
export const compareMoney = (a: Money, b: Money): -1 | 0 | 1 => {
  mustShareCurrency(a, b);
  return compare(exact(a), exact(b));
};

/** A decimal as it is written, digit by digit: 12.5 is 125 and one decimal place, so no float ever meets money. */
const parseDecimal = (decimal: number | string): { amount: bigint; scale: bigint } => {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(String(decimal));
  if (!match) throw new RangeError(`not a plain decimal: ${decimal}`);
  const [, whole = '', fraction = ''] = match;
  return { amount: BigInt(whole + fraction), scale: BigInt(fraction.length) };
};

/** `percent` as in "10 %": 10, or 12.5 as a number or as text. Rounded half-even to the minor unit. */
export const percentOf = (money: Money, percent: number | string): Money => {
  const { amount, scale } = parseDecimal(percent);
  return toMoney(transformScale(multiply(exact(money), { amount, scale: scale + 2n }), 0n, halfEven));
};

/** So much of an amount as `part` is of `whole` (minor units, from 0; `whole` above it), rounded half-even to the minor unit. */
export const proportionOf = (money: Money, part: number, whole: number): Money => {
  const amount = roundedShare(BigInt(money.amountMinor) * BigInt(part), BigInt(whole));
  return inMinorUnits(amount, money.currency);
};

/**
 * Splits by shares (decimals from 0, at least one above) and hands the cents left over to the largest shares, so that the
 * parts always add up to the whole.
 */
export const allocateMoney = (money: Money, shares: readonly (number | string)[]): Money[] => {
  const decimals = shares.map(parseDecimal);
  const scale = decimals.reduce((most, share) => (share.scale > most ? share.scale : most), 0n);
  const ratios = decimals.map((share) => share.amount * 10n ** (scale - share.scale));
  return allocate(exact(money), ratios).map(toMoney);
};

/** How many decimals amounts of a currency are written with. */
export const decimalsOf = (currency: CurrencyCode): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** For machines: `-12000.00`, with as many decimals as the currency has. */
export const decimalOf = ({ amountMinor, currency }: Money): string => {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${amountMinor < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
};

/** For people: `USD 12,000.00`, or in German `12.000,00 USD`, with as many decimals as the currency has (`JPY 12,000`). */
export const formatMoney = (money: Money, language: Language = 'en'): string => {
  const { currency } = money;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code' });
  const decimals = decimalsOf(currency);
  // Spelled out as text with an exponent, which is formatted exactly whatever its size.
  return format.format(`${money.amountMinor}E-${decimals}` as Intl.StringNumericLiteral).replaceAll('\u00a0', ' ');
};
