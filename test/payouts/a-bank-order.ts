import type { BankOrder, Transfer } from '#shared/payouts/bank-order.ts';
import { nextPayee, PayeeInput } from '#shared/payouts/payee-input.ts';
import { aProgram } from '#test/support/a-program.ts';
import { anIbanPayee } from './a-payee.ts';

export const ourAccounts = () => {
  const { payer } = aProgram().payouts;
  if (!payer) throw new Error('The example program has no payer.');
  return payer;
};

/** A payment to whom a test wants to pay, by a number that makes it tell apart from others. */
export const aTransfer = (
  number: number,
  { amountMinor = 123_456, currency = 'USD', payee = anIbanPayee() as unknown } = {},
): Transfer => ({
  reference: `pay_0123456789ABCDEFGHJK${String(number).padStart(6, '0')}`,
  amount: { amountMinor, currency },
  ...nextPayee(PayeeInput.parse(payee), { version: 1, at: '2026-10-01T00:00:00.000Z', by: 'usr_1' }),
});

export const aBankOrder = (overrides: Partial<BankOrder> = {}): BankOrder => ({
  runId: 'run_0123456789ABCDEFGHJKMNPQRS',
  period: '2026-10',
  createdAt: '2026-11-05T09:30:15.123Z',
  payer: ourAccounts(),
  currency: 'USD',
  transfers: [aTransfer(1)],
  ...overrides,
});
