import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as it goes over the wire. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

const utf8 = (text: string): number => Buffer.byteLength(text);
/** Two digits a byte, one for the sign or the point, and one more; exact enough, because AWS says "approximately" too. */
const numberBytes = (digits: string): number => Math.ceil(digits.replace(/[-.]/g, '').length / 2) + 1;
const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.SS) return sum(value.SS.map(utf8));
  if (value.L) return 3 + sum(value.L.map((each) => 1 + valueBytes(each)));
  if (value.M) return 3 + sum(Object.entries(value.M).map(([name, each]) => 1 + utf8(name) + valueBytes(each)));
  throw new TypeError(`The table holds no such value: ${Object.keys(value).join()}`);
};

/** Bytes of an item by the rules of *DynamoDB item sizes and formats* in AWS's developer guide; nothing has none. */
export const itemBytes = (item: WireItem | undefined): number =>
  sum(Object.entries(item ?? {}).map(([name, value]) => utf8(name) + valueBytes(value)));

/** What an index of the Program table copies of an item beside its keys. */
const indexes = [
  { keys: ['statusKey', 'statusSort'], projects: ['summary'] },
  { keys: ['dueKey', 'dueAt'], projects: [] },
] as const;

const kilobytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

const entryOf = (item: WireItem | undefined, index: (typeof indexes)[number]): WireItem | undefined => {
  if (!item || index.keys.some((name) => item[name] === undefined)) return undefined;
  const names: readonly string[] = ['pk', 'sk', ...index.keys, ...index.projects];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One write for an entry that comes, goes or changes in place, two for one that moves (it is taken out and put in). */
const indexUnits = (before: WireItem | undefined, after: WireItem | undefined): number =>
  sum(
    indexes.map((index) => {
      const [old, fresh] = [entryOf(before, index), entryOf(after, index)];
      if (!old || !fresh) return old || fresh ? kilobytes(itemBytes(old ?? fresh)) : 0;
      if (index.keys.some((name) => !same(old[name], fresh[name])))
        return kilobytes(itemBytes(old)) + kilobytes(itemBytes(fresh));
      const changed = index.projects.some((name) => !same(old[name], fresh[name]));
      return changed ? Math.max(kilobytes(itemBytes(old)), kilobytes(itemBytes(fresh))) : 0;
    }),
  );

/** What one item of a write costs in write units, and how it comes about. */
export interface ItemCost {
  readonly item: string;
  readonly bytes: number;
  readonly tableUnits: number;
  readonly indexUnits: number;
}

/**
 * Units of one item by AWS's rule, never by the local engine's figure: a unit for each started kilobyte of the old or new image,
 * whichever is larger, twice that in a transaction (checks included), and the writes to indexes, which are not doubled.
 */
export const costOf = (
  item: string,
  images: { readonly before: WireItem | undefined; readonly after: WireItem | undefined },
  inTransaction: boolean,
): ItemCost => {
  const bytes = Math.max(itemBytes(images.before), itemBytes(images.after));
  return {
    item,
    bytes,
    tableUnits: kilobytes(bytes) * (inTransaction ? 2 : 1),
    indexUnits: indexUnits(images.before, images.after),
  };
};
