import type { StoredEvent } from '#shared/core/history.ts';
import type { StoredItem } from '#shared/ledger/chains.ts';
import { foldWrites } from '#shared/ledger/ledger-store.ts';
import type { Change, Write } from '#shared/platform/table.ts';

/** A table in memory that takes what stores write, without asking their conditions: whoever fills it keeps the rules. */
export interface Table {
  readonly items: Map<string, StoredItem>;
  /** For each transaction the items it touched, as they were before. */
  readonly transactions: ReadonlyMap<string, StoredItem | undefined>[];
  readonly write: (events: readonly StoredEvent[], writes: readonly Write[]) => void;
  /** Folds an event, as the stream would. */
  readonly fold: (event: StoredEvent) => void;
}

export const placeIn = ({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string => `${pk} ${sk}`;

const changed = (before: StoredItem, { set, add, remove }: Change): StoredItem => {
  const after: Record<string, unknown> = { ...before, ...set };
  for (const [name, amount] of Object.entries(add ?? {})) after[name] = Number(after[name] ?? 0) + amount;
  for (const name of remove ?? []) delete after[name];
  return after;
};

const withoutGaps = (item: StoredItem): StoredItem => JSON.parse(JSON.stringify(item));

export const aTable = (): Table => {
  const items = new Map<string, StoredItem>();
  const transactions: Map<string, StoredItem | undefined>[] = [];
  const put = (before: Map<string, StoredItem | undefined>, item: StoredItem): void => {
    const place = placeIn(item);
    before.set(place, items.get(place));
    items.set(place, withoutGaps(item));
  };
  const transact = (writes: readonly Write[]): void => {
    const before = new Map<string, StoredItem | undefined>();
    for (const each of writes) {
      if (each.write === 'insert' || each.write === 'replace') put(before, each.item);
      if (each.write === 'change') put(before, changed({ ...items.get(placeIn(each.key)), ...each.key }, each.change));
    }
    transactions.push(before);
  };
  const insertEvent = (event: StoredEvent): Write => ({
    write: 'insert',
    item: { pk: event.subject, sk: `event#${String(event.seq).padStart(8, '0')}`, kind: 'event', ...event },
    refuse: () => new Error('there already'),
  });
  return {
    items,
    transactions,
    write: (events, writes) => transact([...events.map(insertEvent), ...writes]),
    fold: (event) => {
      if (event.journals) transact(foldWrites(event));
    },
  };
};
