import * as z from 'zod';
import { brokenLink, type StoredEvent, type Tracked } from '#shared/core/history.ts';
import { all, is } from './condition.ts';
import { listEvents } from './history-store.ts';
import { type Item, query, read } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | everything of a noun, page after page, or what sorts behind a prefix | byStatus | `<noun>#<shard 0–7>` |
 * | everything of a kind that lies with another thing, such as a partner | table | pk = that thing, sk from `<kind>#` |
 * | the history of each | table | pk = subject, sk from `event#` |
 */
const perPage = 100;
const lowest = ' ';
const highest = '\u{10FFFF}';

/** Every item of a noun that lists show, shard by shard; what changes its status meanwhile may come twice or not at all. */
export async function* pagesOf(noun: string, prefix = ''): AsyncGenerator<readonly Item[]> {
  for (let shard = 0; shard < 8; shard += 1) {
    let page: readonly Item[] = [];
    do {
      const last: Item | undefined = page.at(-1);
      page = await query({
        index: 'byStatus',
        key: all(is('statusKey', '=', `${noun}#${shard}`), {
          test: 'between',
          name: 'statusSort',
          // Behind the last one, which a blank more comes right after.
          from: last ? `${last.statusSort} ` : prefix || lowest,
          to: `${prefix}${highest}`,
        }),
        limit: perPage,
      });
      const items = await read(page.map(({ pk, sk }) => ({ pk, sk })));
      yield items.filter((item) => item !== undefined);
      // A page may also end for its size.
    } while (page.length > 0);
  }
}

/** Every item of a kind that lies in the partition of another thing. */
export async function* pagesWith(thing: string, kind: string): AsyncGenerator<readonly Item[]> {
  let page: readonly Item[] = [];
  do {
    const from: string = page.at(-1)?.sk ?? '';
    page = await query({
      // `$` comes right after `#`, and a blank after nothing: from the last one on, which is not asked for again.
      key: all(is('pk', '=', thing), {
        test: 'between',
        name: 'sk',
        from: from ? `${from} ` : `${kind}#`,
        to: `${kind}$`,
      }),
      limit: perPage,
    });
    yield page;
  } while (page.length > 0);
}

/** What a thing says of its own history. */
export const Chained = z.object({ id: z.string(), version: z.int().nonnegative(), head: z.string() });
export type Chained = Pick<Tracked, 'id' | 'version' | 'head'>;

/**
 * What is wrong with the history of a thing, in words; undefined when it holds: every event from the first to the one that the thing
 * itself names is there, unchanged and in order. Events that came after the thing was read are not looked at.
 */
export const faultOf = async ({ id, version, head }: Chained): Promise<string | undefined> => {
  const events: StoredEvent[] = [];
  while (events.length < version) {
    const page = await listEvents(id, events.length + 1, Math.min(perPage, version - events.length));
    if (page.length === 0) return `${id} is at version ${version}, and its history ends with event ${events.length}`;
    events.push(...page);
  }
  const broken = brokenLink(events);
  if (broken) return broken;
  return events.at(-1)?.hash === head ? undefined : `event ${version} of ${id} is not the one that ${id} names`;
};
