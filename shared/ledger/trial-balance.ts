import { accountOf, chart } from './chart.ts';
import { minorUnits, type Sums } from './folding.ts';
import type { TrialBalanceView } from './ledger-contract.ts';

type Row = TrialBalanceView['accounts'][number];

const rowOf = (name: string, sum: bigint): { readonly row: Row; readonly place: number } => {
  const [currency = '', control = ''] = name.split(' ');
  const account = accountOf(control);
  if (!account) throw new Error(`The chart of accounts does not know ${control}.`);
  const side = (amount: bigint) => ({ amountMinor: minorUnits(amount), currency });
  const row = {
    accountId: control,
    means: account.means,
    normalSide: account.normalSide,
    debit: side(sum > 0n ? sum : 0n),
    credit: side(sum < 0n ? -sum : 0n),
  };
  return { row, place: chart.indexOf(account) };
};

/** The two columns in the order of the chart. `sums` are by `totalName`, debits positive. */
export const trialBalance = (sums: Sums, asOf: string): TrialBalanceView => {
  const rows = [...sums].map(([name, sum]) => rowOf(name, sum));
  rows.sort((a, b) => a.place - b.place || (a.row.accountId < b.row.accountId ? -1 : 1));
  const accounts = rows.map(({ row }) => row);
  const currencies = [...new Set(accounts.map(({ debit }) => debit.currency))].sort();
  const column = (currency: string, side: 'debit' | 'credit') => ({
    amountMinor: minorUnits(
      accounts
        .filter((row) => row[side].currency === currency)
        .reduce((total, row) => total + BigInt(row[side].amountMinor), 0n),
    ),
    currency,
  });
  const totals = currencies.map((currency) => ({
    debit: column(currency, 'debit'),
    credit: column(currency, 'credit'),
  }));
  return { asOf, accounts, totals };
};
