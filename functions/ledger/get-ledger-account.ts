import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { notFound } from '#shared/core/errors.ts';
import { type Account, accountOf, controlOf, isControl } from '#shared/ledger/chart.ts';
import { type FoldedJournal, minorUnits, netOf, type Sums, totalName } from '#shared/ledger/folding.ts';
import * as contracts from '#shared/ledger/ledger-contract.ts';
import { sumEntries, sumTotals, upTo } from '#shared/ledger/ledger-store.ts';
import { journalsInOrder } from './journals-in-order.ts';

/** By currency, debits positive. */
const balancesOf = async (accountId: string, asOf: string): Promise<Sums> => {
  if (!isControl(accountId)) return sumEntries(accountId, asOf);
  const totals = await sumTotals(asOf);
  const currencies = [...totals.keys()].map((name) => name.split(' ')[0] ?? '');
  return new Map(
    currencies.flatMap((currency) => {
      const sum = totals.get(totalName(currency, accountId));
      return sum === undefined ? [] : [[currency, sum] as const];
    }),
  );
};

const onNormalSide = ({ normalSide }: Account, sum: bigint): number => minorUnits(normalSide === 'debit' ? sum : -sum);

const entryOf = (account: Account, accountId: string, journal: FoldedJournal): contracts.EntryView => {
  const { id, at, currency, subject, type } = journal;
  const nameOf = isControl(accountId) ? controlOf : (name: string) => name;
  const sum = netOf(journal.lines, nameOf).get(accountId) ?? 0n;
  const amount = { amountMinor: onNormalSide(account, sum), currency };
  return { journalId: id, at, amount, subject, event: type };
};

/** GET /v1/ledger/accounts/{accountId}. An account that the chart knows is there, whether or not anything was posted to it. */
export const getLedgerAccount = operation(contracts.getLedgerAccount, async ({ caller, params, query, now }) => {
  const { accountId } = params;
  const account = accountOf(accountId);
  if (!account) throw notFound();
  const { asOf = now, cursor, limit } = query;
  const filter = { accountId, asOf: query.asOf ?? null };
  const { nextCursor, ...part } = pageAsked('get-ledger-account', caller, { limit, cursor, ...filter });
  const [sums, page] = await Promise.all([
    balancesOf(accountId, asOf),
    journalsInOrder({ accountId, to: upTo(asOf).to, ...part }),
  ]);
  const body: contracts.AccountView = {
    accountId,
    means: account.means,
    normalSide: account.normalSide,
    asOf,
    balances: [...sums].sort().map(([currency, sum]) => ({ amountMinor: onNormalSide(account, sum), currency })),
    entries: page.journals.map((journal) => entryOf(account, accountId, journal)),
    nextCursor: nextCursor(page.after),
  };
  return { status: 200, body };
});
