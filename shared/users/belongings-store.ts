import { all, begins, is } from '#shared/platform/condition.ts';
import type { ItemPage } from '#shared/platform/lists.ts';
import { type Item, query, read } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | a partner's users, or its API keys, newest first | table | pk = partner id, sk = `user#<createdAt>#<id>` or `api-key#…` |
 *
 * Under the partner stand references only; the things themselves are read in one more request.
 */
export type Belonging = 'user' | 'api-key';

const referenceKey = (what: Belonging, createdAt: string, id: string): string => `${what}#${createdAt}#${id}`;

/** What is put under the partner for a new thing of it. */
export const belongingTo = (
  partnerId: string,
  what: Belonging,
  thing: { readonly id: string; readonly createdAt: string },
): Item => ({
  pk: partnerId,
  sk: referenceKey(what, thing.createdAt, thing.id),
  kind: `${what}-reference`,
  refersTo: thing.id,
});

export const listBelongings = async (
  what: Belonging,
  list: { readonly partnerId: string; readonly after: string | undefined; readonly limit: number },
): Promise<ItemPage> => {
  const { partnerId, after, limit } = list;
  const references = await query({
    key: all(
      is('pk', '=', partnerId),
      after ? { test: 'between', name: 'sk', from: `${what}#`, to: after } : begins('sk', `${what}#`),
    ),
    descending: true,
    // The last of the page before comes again, and one more says whether the list goes on.
    limit: limit + 2,
  });
  const fresh = references.filter((reference) => reference.sk !== after);
  const chosen = fresh.slice(0, limit);
  const items = await read(chosen.map(({ refersTo }) => ({ pk: String(refersTo), sk: what })));
  return {
    items: items.filter((item) => item !== undefined),
    after: fresh.length > limit ? chosen.at(-1)?.sk : undefined,
  };
};
