import { randomUUID } from 'node:crypto';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { Balances, Payout, type Statement } from '#shared/payouts/payout.ts';
import { findStatement } from '#shared/payouts/statement-store.ts';
import { anEarning, earnedAt } from '#test/earnings/an-earning.ts';

export const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

/** A statement that is open, as rules see it, with what a test wants different. */
export const aStatement = (
  balances: Partial<Balances> = {},
  more: { readonly period?: string; readonly since?: string } = {},
): Statement => ({
  payout: Payout.parse({
    id: 'pay_1',
    status: 'open',
    version: 0,
    head: '',
    createdAt: '',
    updatedAt: '',
    partnerId: 'ptr_1',
    currency: 'USD',
    period: more.period ?? '2026-07',
  }),
  balances: Balances.parse(balances),
  since: more.since,
});

let serial = 0;

/** As long as a real one: what is measured is bytes. */
export const aPartnerId = (): string => derivedId('ptr', randomUUID());

/** A partner's earning of so much, stored, on the statement of a period. */
export const earn = async (
  partnerId: string,
  amountMinor: number,
  { statement = '2026-07', ...more }: Partial<Earning> = {},
): Promise<Earning> => {
  serial += 1;
  const id = derivedId('ern', partnerId, String(serial));
  const earning = anEarning({ id, partnerId, amount: usd(amountMinor), statement, ...more });
  const change = bookEarning(earning, systemIntent('earn', id, earnedAt));
  await saveEarning(change);
  return change.entity;
};

/** A partner's statement as it is stored. */
export const storedStatement = async (partnerId: string, period = '2026-07'): Promise<Statement> => {
  const found = await findStatement({ partnerId, currency: 'USD', period });
  if (!found) throw new Error(`${partnerId} has no statement of ${period}.`);
  return found;
};
