import { all, begins, is } from '#shared/platform/condition.ts';
import { type Item, query, read } from '#shared/platform/table.ts';
import { type PartnerFilter, type PartnerPage, partnerFrom, partnerKey, passes } from './partner-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | rank the partners of a status by evaluation | byStatus | `partners#<shard>`, from `<status>#` |
 *
 * Whoever ranks must see all: the small index entries of a status are read whole, up to `mostPerShard` of each of the eight shards
 * (the oldest are kept), and only the partners of the page are read from the table.
 */
const mostPerShard = 250;
const entriesPerQuery = 50;

const entriesOf = async (status: string, shard: number): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let page: readonly Item[];
  do {
    const last = found.at(-1);
    const after = last === undefined ? undefined : String(last.statusSort);
    page = await query({
      index: 'byStatus',
      key: all(
        is('statusKey', '=', `partners#${shard}`),
        after === undefined
          ? begins('statusSort', `${status}#`)
          : { test: 'between', name: 'statusSort', from: `${after}!`, to: `${status}#\u{10FFFF}` },
      ),
      limit: entriesPerQuery,
    });
    found.push(...page);
  } while (page.length === entriesPerQuery && found.length < mostPerShard);
  return found;
};

const highestScore = 5;

/** Sorts as text: the best first, among equals the earliest application; what was not evaluated comes last. */
const rankOf = (entry: Item): string => {
  // Only entities with a summary are put into the index.
  const { evaluationScore } = entry.summary as { readonly evaluationScore?: number };
  const missing = evaluationScore === undefined ? 9 : highestScore - evaluationScore;
  return `${missing.toFixed(2)}#${entry.statusSort}`;
};

/** The matrix: candidates of one status, best evaluated first. `filter.status` says which. */
export const listMatrix = async (list: {
  readonly filter: PartnerFilter;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<PartnerPage> => {
  const { filter, after, limit } = list;
  const shards = Array.from({ length: 8 }, (_, shard) => entriesOf(filter.status ?? 'applied', shard));
  const ranked = (await Promise.all(shards))
    .flat()
    .filter((entry) => passes(filter, entry.summary as Readonly<Record<string, unknown>>))
    .map((entry) => ({ entry, rank: rankOf(entry) }))
    .filter(({ rank }) => after === undefined || rank > after)
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const chosen = ranked.slice(0, limit);
  const items = await read(chosen.map(({ entry }) => partnerKey(entry.pk)));
  return {
    partners: items.flatMap((item) => partnerFrom(item) ?? []),
    after: ranked.length > limit ? chosen.at(-1)?.rank : undefined,
  };
};
