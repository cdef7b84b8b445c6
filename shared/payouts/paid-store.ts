import { type Earning, statusAt } from '#shared/earnings/earning.ts';
import type { Statement } from './payout.ts';
import { listStatements } from './statement-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | which of a partner's statements are paid | table | pk = partner id, sk from `statement#` |
 *
 * No earning is written again when it is paid: whether it is says its statement, or the one to which that was carried.
 */
const nameOf = (currency: string, period: string): string => `${currency} ${period}`;

/** Where all of a statement went that was not paid. */
const followedBy = ({ payout }: Statement): string | undefined =>
  payout.status === 'carried' || payout.status === 'failed' ? payout.carriedOut?.at(-1)?.to : undefined;

const paidAmong = (statements: readonly Statement[]): ReadonlySet<string> => {
  const paid = new Set<string>();
  // What is carried goes to a later period, or from a day to its month: from the last on, what follows is known already.
  const latestFirst = [...statements].sort((a, b) =>
    a.payout.period.padEnd(10, '~') < b.payout.period.padEnd(10, '~') ? 1 : -1,
  );
  for (const statement of latestFirst) {
    const { currency, period, status } = statement.payout;
    const next = followedBy(statement);
    if (status === 'paid' || (next !== undefined && paid.has(nameOf(currency, next))))
      paid.add(nameOf(currency, period));
  }
  return paid;
};

/** Says of earnings whether they are paid by now; each partner's statements are read once. */
export const readingPaid = (now: string): ((earning: Earning) => Promise<boolean>) => {
  const partners = new Map<string, Promise<ReadonlySet<string>>>();
  return async (earning) => {
    const { partnerId, statement, amount } = earning;
    if (statement === undefined || statusAt(earning, now) !== 'payable') return false;
    const known = partners.get(partnerId) ?? listStatements(partnerId).then(paidAmong);
    partners.set(partnerId, known);
    return (await known).has(nameOf(amount.currency, statement));
  };
};
