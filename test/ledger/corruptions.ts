import type { StoredItem } from '#shared/ledger/chains.ts';
import type { Prng } from '#test/faults/prng.ts';
import { balancesOfFunds } from '#test/support/kept-balances.ts';
import { placeIn, type Table } from './a-table.ts';

/** Spoils one thing in a table and answers where, or undefined when this table has nothing of the kind. */
type Corruption = (table: Table, chance: Prng) => string | undefined;

type Mutable = Record<string, unknown>;
const copyOf = (item: StoredItem): Mutable => JSON.parse(JSON.stringify(item));

const put = ({ items }: Table, item: StoredItem): string => {
  items.set(placeIn(item), item);
  return placeIn(item);
};

const itemsWhere = ({ items }: Table, is: (item: StoredItem) => boolean): readonly StoredItem[] =>
  [...items.values()].filter(is);

const pickOf = (chance: Prng, list: readonly StoredItem[]): Mutable | undefined =>
  list.length > 0 ? copyOf(list[chance.int(list.length)] as StoredItem) : undefined;

interface Amount {
  readonly holder: Mutable;
  readonly name: string;
}

/** Every amount of money in an item, wherever it stands. */
const amountsIn = (item: Mutable): readonly Amount[] => {
  const own: readonly string[] = ['amountMinor', 'amountDue', ...balancesOfFunds];
  const isTotals = item.kind === 'ledger-totals';
  return Object.entries(item).flatMap(([name, value]): readonly Amount[] => {
    if (typeof value === 'number')
      return own.includes(name) || (isTotals && name.includes(' ')) ? [{ holder: item, name }] : [];
    // What a request asked for is a plan, and no balance.
    if (typeof value !== 'object' || value === null || name === 'requestedAmount') return [];
    return amountsIn(value as Mutable);
  });
};

const flipAmount: Corruption = (table, chance) => {
  const item = pickOf(
    chance,
    itemsWhere(table, (each) => amountsIn(copyOf(each)).length > 0),
  );
  if (!item) return undefined;
  const { holder, name } = chance.pick(amountsIn(item)) as Amount;
  const amount = Number(holder[name]);
  holder[name] = amount === 0 || chance.chance(0.5) ? amount + 1 + chance.int(1000) : -amount;
  return put(table, item);
};

const linesIn = (item: Mutable): unknown[][] => {
  if (Array.isArray(item.lines)) return [item.lines];
  const journals = Array.isArray(item.journals) ? (item.journals as Mutable[]) : [];
  return journals.map(({ lines }) => lines as unknown[]);
};

const dropLine: Corruption = (table, chance) => {
  const item = pickOf(
    chance,
    itemsWhere(table, (each) => linesIn(copyOf(each)).length > 0),
  );
  const lines = item && chance.pick(linesIn(item));
  if (!item || !lines) return undefined;
  lines.splice(chance.int(lines.length), 1);
  return put(table, item);
};

/** One item of a transaction as if it had not been in it; only where nothing was written upon it since. */
const tear: Corruption = (table, chance) => {
  const all = table.transactions.flatMap((before, index) =>
    [...before].filter(
      ([place]) => before.size > 1 && table.transactions.slice(index + 1).every((later) => !later.has(place)),
    ),
  );
  if (all.length === 0) return undefined;
  const [place, before] = chance.pick(all) as (typeof all)[number];
  if (before) table.items.set(place, before);
  else table.items.delete(place);
  return place;
};

const isEvent = ({ kind }: StoredItem): boolean => kind === 'event';

const cutGap: Corruption = (table, chance) => {
  const event = pickOf(chance, itemsWhere(table, isEvent));
  if (!event) return undefined;
  table.items.delete(placeIn(event));
  return placeIn(event);
};

const swapHash: Corruption = (table, chance) => {
  const name = chance.pick(['hash', 'prev', 'head']);
  const having = itemsWhere(table, (item) => (name === 'head' ? item.head !== undefined : isEvent(item)));
  const [one, other] = [pickOf(chance, having), pickOf(chance, having)];
  if (!one || !other || one[name] === other[name]) return undefined;
  put(table, { ...other, [name]: one[name] });
  return put(table, { ...one, [name]: other[name] });
};

export const corruptions: Readonly<Record<string, Corruption>> = {
  'flipped amount': flipAmount,
  'missing line': dropLine,
  'torn transaction': tear,
  gap: cutGap,
  'swapped hash': swapHash,
};
