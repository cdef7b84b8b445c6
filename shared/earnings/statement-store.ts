import { DomainError } from '#shared/core/errors.ts';
import { addMonths } from '#shared/core/time.ts';
import { absent, any, is } from '#shared/platform/condition.ts';
import type { Write } from '#shared/platform/table.ts';
import type { Earning } from './earning.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | add to a partner's statement of a month while it is open | table | pk = partner id, sk = `statement#<currency>#<YYYY-MM>` |
 *
 * What is owed accrues at once to the statement of the month in which its hold ends. The item is the guarded balance of what is
 * payable: a run closes it, and what comes later goes to the next month.
 */
export const statementKey = (partnerId: string, currency: string, month: string) => ({
  pk: partnerId,
  sk: `statement#${currency}#${month}`,
});

export const nextMonth = (month: string): string => addMonths(`${month}-01`, 1).slice(0, month.length);

/** What an earning puts on a statement: nothing before it is owed, and nothing any more once it is reversed. */
const dueOf = (earning: Earning | undefined): number =>
  earning && (earning.status === 'on_hold' || earning.status === 'paid') ? earning.amount.amountMinor : 0;

const countOf = (earning: Earning | undefined): number => (dueOf(earning) === 0 ? 0 : 1);

/** Says that the statement was closed in the meantime; `nextMonth` of it is to be tried then. */
export const statementClosed = (month: string): DomainError =>
  new DomainError('conflict', 'statement.closed', `The statement of ${month} is closed.`, { facts: { month } });

/** The writes that make the statement follow a change of an earning. Refused with `statement.closed`. */
export const statementWrites = (before: Earning | undefined, after: Earning): readonly Write[] => {
  const amountDue = dueOf(after) - dueOf(before);
  const month = after.statement ?? before?.statement;
  if (amountDue === 0 || month === undefined) return [];
  const { currency } = after.amount;
  return [
    {
      write: 'change',
      key: statementKey(after.partnerId, currency, month),
      change: {
        set: { kind: 'statement', partnerId: after.partnerId, currency, month, status: 'open' },
        add: { amountDue, earnings: countOf(after) - countOf(before) },
      },
      when: any(absent('status'), is('status', '=', 'open')),
      refuse: () => statementClosed(month),
    },
  ];
};
