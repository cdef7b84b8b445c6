import { beforeAll, describe, expect, test } from 'vitest';
import { shardOf } from '#shared/core/ids.ts';
import { listByStatus, type StatusList } from '#shared/platform/lists.ts';
import { transact } from '#shared/platform/table.ts';
import { testTable } from './dynamodb.ts';

/** 900 things: more than a query's page on every shard. One in three is open, one in fifty is marked. */
const things = Array.from({ length: 900 }, (_, n) => ({
  id: `thing_${n}`,
  status: n % 3 === 0 ? 'open' : 'shut',
  order: String((n * 37) % 900).padStart(4, '0'),
  marked: n % 50 === 0,
}));
const sortOf = ({ id, status, order }: (typeof things)[number]): string => `${status}#${order}#${id}`;

beforeAll(async () => {
  await testTable();
  for (let start = 0; start < things.length; start += 100) {
    await transact(
      things.slice(start, start + 100).map((thing) => ({
        write: 'insert',
        item: {
          pk: thing.id,
          sk: 'thing',
          statusKey: `things#${shardOf(thing.id)}`,
          statusSort: sortOf(thing),
          summary: { marked: thing.marked },
          text: `Thing ${thing.id}`,
        },
        refuse: () => new Error('A thing was there.'),
      })),
    );
  }
});

const whole = async (list: Omit<StatusList, 'noun' | 'after'>): Promise<readonly (readonly unknown[])[]> => {
  const pages: (readonly unknown[])[] = [];
  let after: string | undefined;
  do {
    const page = await listByStatus({ noun: 'things', after, ...list });
    pages.push(page.items.map((item) => item.statusSort));
    after = page.after;
  } while (after !== undefined && pages.length < 1000);
  return pages;
};

const expected = (keep: (thing: (typeof things)[number]) => boolean, descending: boolean): readonly string[] => {
  const keys = things.filter(keep).map(sortOf).sort();
  return descending ? keys.reverse() : keys;
};

const lists: readonly (readonly [
  label: string,
  prefix: string,
  keep: 'all' | 'marked',
  descending: boolean,
  limit: number,
])[] = [
  ['all, oldest first', '', 'all', false, 100],
  ['all, newest first', '', 'all', true, 100],
  ['all, in pages that do not fit', '', 'all', true, 37],
  ['one status', 'open#', 'all', false, 50],
  ['one status, newest first', 'open#', 'all', true, 50],
  ['a few of many', '', 'marked', false, 5],
  ['a few of many, newest first', '', 'marked', true, 5],
  ['a few of one status', 'shut#', 'marked', true, 1],
  ['a status that nothing has', 'gone#', 'all', true, 10],
];

describe('when things are listed over all shards', () => {
  test.each(lists)('then %s: each once, in order, in full pages', async (_label, prefix, keep, descending, limit) => {
    const pages = await whole({
      prefix,
      descending,
      limit,
      ...(keep === 'marked' ? { keep: (summary) => summary.marked === true } : {}),
    });
    const wanted = expected((it) => sortOf(it).startsWith(prefix) && (keep === 'all' || it.marked), descending);
    expect(pages.flat()).toEqual(wanted);
    for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
  });

  test('then a page is read whole from the table, not from the index', async () => {
    const { items } = await listByStatus({ noun: 'things', prefix: 'open#', after: undefined, limit: 2 });
    expect(items.map((item) => item.text)).toEqual([expect.any(String), expect.any(String)]);
  });

  test('then a page that is exactly full is the last one', async () => {
    const { after } = await listByStatus({ noun: 'things', prefix: 'open#', after: undefined, limit: 300 });
    expect(after).toBeUndefined();
  });
});
