import { all, is } from './condition.ts';
import { type Item, query, read } from './table.ts';

/**
 * Lists over the index `byStatus`: partition `<noun>#<shard 0–7>`, sort `<status>#<order>#<id>`, with a `summary` to filter by. The
 * eight shards are merged, and the entities are then read consistently from the table, because an index may lag behind it.
 */
export interface StatusList {
  readonly noun: string;
  /** What the sort key begins with, such as `approved#`; empty for all. */
  readonly prefix: string;
  readonly keep?: ((summary: Readonly<Record<string, unknown>>) => boolean) | undefined;
  /** Sort key of the last thing of the page before. */
  readonly after?: string | undefined;
  readonly descending?: boolean;
  readonly limit: number;
}

/** Entities as stored, and where to go on; `after` is undefined at the end. */
export interface ItemPage {
  readonly items: readonly Item[];
  readonly after: string | undefined;
}

const lowest = ' ';
const highest = '\u{10FFFF}';
const entriesPerQuery = 100;

const sortKey = (item: Item): string => String(item.statusSort);

const listShard = async (list: StatusList, shard: number): Promise<readonly Item[]> => {
  const kept: Item[] = [];
  let after = list.after;
  let page: readonly Item[];
  do {
    page = await query({
      index: 'byStatus',
      key: all(is('statusKey', '=', `${list.noun}#${shard}`), {
        test: 'between',
        name: 'statusSort',
        from: (list.descending ? undefined : after) ?? (list.prefix || lowest),
        to: (list.descending ? after : undefined) ?? `${list.prefix}${highest}`,
      }),
      descending: list.descending ?? false,
      limit: entriesPerQuery,
    });
    const seen = after;
    // The summary is a map on every item of the index: only entities with one are put there.
    kept.push(
      ...page.filter(
        (item) => sortKey(item) !== seen && (list.keep?.(item.summary as Record<string, unknown>) ?? true),
      ),
    );
    const last = page.at(-1);
    after = last ? sortKey(last) : after;
  } while (page.length === entriesPerQuery && kept.length <= list.limit);
  return kept;
};

/** One page of a list, in the order of its sort keys. */
export const listByStatus = async (list: StatusList): Promise<ItemPage> => {
  const entries = (await Promise.all(Array.from({ length: 8 }, (_, shard) => listShard(list, shard)))).flat();
  const direction = list.descending ? -1 : 1;
  entries.sort((a, b) => (sortKey(a) < sortKey(b) ? -direction : direction));
  const chosen = entries.slice(0, list.limit);
  const last = chosen.at(-1);
  const items = await read(chosen.map(({ pk, sk }) => ({ pk, sk })));
  return {
    items: items.filter((item) => item !== undefined),
    after: entries.length > list.limit && last ? sortKey(last) : undefined,
  };
};
