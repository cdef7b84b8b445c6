import { decimalsOf, type Money } from '#shared/core/money.ts';
import type { Element } from './bank-answer.ts';
import { one, text } from './bank-elements.ts';

/** An amount as a bank writes it, and its currency where it says which. */
export interface ToldAmount {
  readonly amount: string;
  readonly currency?: string;
}

/** The amount of an element, by the names on the way; undefined where it is not there. */
export const amountAt = (element: Element | undefined, ...path: readonly string[]): ToldAmount | undefined => {
  const amount = text(element, ...path);
  if (amount === undefined) return undefined;
  const currency = one(element, ...path)?.['@Ccy'];
  return { amount, ...(typeof currency === 'string' ? { currency } : {}) };
};

/** In minor units; undefined for what is no amount of this currency. */
const minorOf = (amount: string, currency: string): number | undefined => {
  const [, whole, rest = ''] = /^(\d{1,15})(?:\.(\d{0,5}))?$/.exec(amount) ?? [];
  const decimals = decimalsOf(currency);
  if (whole === undefined || /[1-9]/.test(rest.slice(decimals))) return undefined;
  return Number(`${whole}${rest.slice(0, decimals).padEnd(decimals, '0')}`);
};

/** Whether a bank means the same amount; a total is told without its currency. */
export const isSameAmount = ({ amount, currency }: ToldAmount, { amountMinor, currency: ours }: Money): boolean =>
  (currency === undefined || currency === ours) && minorOf(amount, ours) === amountMinor;

/** As a person reads it; whatever a bank writes there, nothing but an amount comes of it. */
export const inWords = ({ amount, currency = '' }: ToldAmount): string =>
  `${currency} ${amount}`
    .replace(/[^A-Z0-9., -]/gi, '')
    .slice(0, 30)
    .trim();
