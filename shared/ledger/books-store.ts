import { pagesOf } from '#shared/platform/chains.ts';
import type { Item } from '#shared/platform/table.ts';
import type { StoredItem } from './chains.ts';
import { accountOf, isControl, ruleOf } from './chart.ts';
import { placeOfJournal } from './folding.ts';
import { everything, itemsOf, type Stretch, startingWith, totalsPartitions } from './ledger-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | all partners, budgets, fund requests and claims | byStatus | `<noun>#<shard>` |
 * | a partner's earnings and statements | table | pk = partner id, sk from `earning#`, `statement#` |
 * | a thing with its whole history | table | pk = id |
 * | totals, journals and entries of the ledger | table | those of ledger-store.ts |
 * | what is left of a rule's budget | table | pk = `incentive#<rule>` |
 *
 * All that belongs to money, without a scan. The lists name things that the ledger may have missed, and the ledger names things that
 * no list has; what only one side knows is a fault that the other shows.
 */
const atOnce = 16;

const allOf = async (partition: string, stretch: Stretch): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const item of itemsOf(partition, stretch, Number.POSITIVE_INFINITY)) items.push(item);
  return items;
};

/** What is in these partitions, several of them read side by side. */
async function* readAll(partitions: Iterable<string>, stretch: Stretch = everything): AsyncGenerator<Item> {
  const all = [...partitions];
  for (let start = 0; start < all.length; start += atOnce) {
    const some = all.slice(start, start + atOnce);
    const read = await Promise.all(some.map((partition) => allOf(partition, stretch)));
    yield* read.flat();
  }
}

/** The accounts of a journal or of all journals of an event, as far as they can be read. */
const accountsIn = ({ lines, journals }: StoredItem): readonly string[] =>
  [{ lines }, ...((journals ?? []) as readonly { lines: unknown }[])].flatMap((journal) =>
    ((journal.lines ?? []) as readonly { account: unknown }[]).map(({ account }) => String(account)),
  );

/** Where the journals of an event are folded to. */
const daysIn = ({ journals, subject }: StoredItem): readonly string[] =>
  ((journals ?? []) as readonly { id: unknown; at: unknown }[]).map(
    ({ id, at }) => placeOfJournal({ id: String(id), at: String(at), subject: String(subject) }).partition,
  );

/** Everything that money is about, in no order; each item once. */
export async function* readBooks(): AsyncGenerator<StoredItem> {
  const subjects = new Set<string>();
  const accounts = new Set<string>();
  const partners: string[] = [];
  for await (const page of pagesOf('partners')) partners.push(...page.map(({ pk }) => pk));
  for await (const earning of readAll(partners, startingWith('earning#'))) {
    subjects.add(String(earning.id));
    yield earning;
  }
  for await (const statement of readAll(partners, startingWith('statement#'))) {
    if (statement.version !== undefined) subjects.add(String(statement.id));
    yield statement;
  }
  for (const noun of ['mdf-budgets', 'mdf-requests', 'mdf-claims'])
    for await (const page of pagesOf(noun)) for (const { pk } of page) subjects.add(pk);

  const days = new Set<string>();
  for await (const totals of readAll(totalsPartitions)) {
    days.add(`journals#${totals.sk}#${totals.pk.slice('totals#'.length)}`);
    yield totals;
  }
  for await (const journal of readAll(days)) {
    subjects.add(String(journal.subject));
    for (const account of accountsIn(journal)) accounts.add(account);
    yield journal;
  }
  const untold = new Set<string>();
  for await (const item of readAll(subjects)) {
    for (const account of accountsIn(item)) accounts.add(account);
    for (const day of daysIn(item)) if (!days.has(day)) untold.add(day);
    yield item;
  }
  // Days whose totals are gone.
  yield* readAll(untold);
  const known = [...accounts].filter(accountOf);
  yield* readAll(known.filter((account) => !isControl(account)).map((account) => `account#${account}`));
  yield* readAll(new Set(known.flatMap((account) => ruleOf(account) ?? []).map((rule) => `incentive#${rule}`)));
}
