import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '#shared/core/money.ts';
import type { JournalView } from '#shared/ledger/ledger-contract.ts';
import type { AccountingClass } from '#shared/program/named-kinds.ts';

const head = ['journal', 'at', 'subject', 'event', 'account', 'debit', 'credit', 'currency', 'accountingClass'];
const expense = 'program:expense:';

/** One row for each line, for whoever keeps the general ledger: amounts with a point, and nothing that a spreadsheet takes for a formula. */
export const journalsCsv = (
  journals: readonly JournalView[],
  classes: ReadonlyMap<string, AccountingClass>,
): string => {
  const rows = journals.flatMap(({ id, at, currency, lines, subject, event }) =>
    lines.map(({ accountId, amountMinor }) => {
      const amount = decimalOf({ amountMinor: Math.abs(amountMinor), currency });
      const [debit, credit] = amountMinor > 0 ? [amount, ''] : ['', amount];
      const accountingClass = accountId.startsWith(expense) ? (classes.get(subject) ?? 'expense') : '';
      return [id, at, subject, event, accountId, debit, credit, currency, accountingClass];
    }),
  );
  return stringify([head, ...rows], { escape_formulas: true, record_delimiter: 'windows' });
};
