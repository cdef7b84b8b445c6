import { isSEPACountry } from 'ibantools';
import { DomainError } from '#shared/core/errors.ts';
import type { Money } from '#shared/core/money.ts';
import type { Payer } from '#shared/program/payout-rules.ts';
import type { BankFormat } from './bank-format.ts';
import type { Payee, PayeeSecrets } from './payee.ts';

/** One payment that a bank is asked to make. */
export interface Transfer {
  /** The payout's id: what the bank's answers name it by. */
  readonly reference: string;
  readonly amount: Money;
  readonly payee: Payee;
  readonly secrets: PayeeSecrets;
}

/** What one run asks the bank for. Everything in its files comes from here, so that they can be made again byte by byte. */
export interface BankOrder {
  readonly runId: string;
  /** `2026-10`, or a day. */
  readonly period: string;
  /** When the run was approved. */
  readonly createdAt: string;
  readonly payer: Payer;
  readonly currency: string;
  readonly transfers: readonly Transfer[];
}

type To = Pick<Transfer, 'payee'>;
type From = Pick<BankOrder, 'payer' | 'currency'>;

/**
 * Which file a payment stands in; never in two, or whoever sends both pays twice. American accounts are paid by ACH when the payer
 * has an account there and the money is dollars, everything else by pain.001.
 */
const formatFor = ({ payee }: To, { payer, currency }: From): BankFormat =>
  payee.kind === 'us_account' && payer.us !== undefined && currency === 'USD' ? 'nacha' : 'pain.001';

/** The payments of a run that one file asks for, in the order of the run. */
export const transfersIn = (format: BankFormat, order: BankOrder): readonly Transfer[] =>
  order.transfers.filter((transfer) => formatFor(transfer, order) === format);

/** Whether a payment is made within the scheme: in euros, between two accounts that take part in it. */
export const isSepa = ({ payee }: To, { payer, currency }: From): boolean =>
  currency === 'EUR' &&
  payee.kind === 'iban' &&
  payer.iban !== undefined &&
  isSEPACountry(payer.iban.slice(0, 2)) &&
  isSEPACountry(payee.countryCode);

/** A block of pain.001: payments of the scheme, and those that are none. */
export type Block = 'S' | 'N';

/** How a block is told in the file, and by the bank when it answers of all its payments at once. */
export const blockIdOf = (runId: string, block: Block): string => `${runId}-${block}`;

/** In which block a payment stands; undefined when it is in no block of pain.001. */
export const blockOf = (to: To, from: From): Block | undefined => {
  if (formatFor(to, from) !== 'pain.001') return undefined;
  return isSepa(to, from) ? 'S' : 'N';
};

/** Throws `payout.amount_too_large` for what has no place in the file; the bank would read something else. */
export const mustFit = ({ reference, amount }: Transfer, mostMinor: number): void => {
  if (amount.amountMinor <= mostMinor) return;
  throw new DomainError('rule', 'payout.amount_too_large', 'One payment is larger than a file for the bank can say.', {
    facts: { payoutId: reference },
  });
};
