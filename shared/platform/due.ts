import { all, is } from './condition.ts';
import { query } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | ids of what is due by an instant, earliest first in each shard | byDue | `due#<shard 0–7>`, up to `<instant>$` |
 */
const perShard = 100;

/** `$` comes right after the `#` that ends the instant in a sort key, so what is due at the very instant is included. */
export const listDue = async (now: string): Promise<readonly string[]> => {
  const shards = await Promise.all(
    Array.from({ length: 8 }, (_, shard) =>
      query({
        index: 'byDue',
        key: all(is('dueKey', '=', `due#${shard}`), is('dueAt', '<', `${now}$`)),
        limit: perShard,
      }),
    ),
  );
  return shards.flat().map((item) => item.pk);
};
