import { all, begins, is } from '#shared/platform/condition.ts';
import type { ItemPage } from '#shared/platform/lists.ts';
import { type Item, type Key, query, read, type Write } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | a partner's budgets, latest quarter first | table | pk = partner id, sk = `mdf-budget#<quarter>#<budget id>` |
 * | a partner's fund requests, newest first | table | pk = partner id, sk = `mdf-request#<createdAt>#<request id>` |
 * | a partner's claims, newest first | table | pk = partner id, sk = `mdf-claim#<createdAt>#<claim id>` |
 *
 * Under the partner stand references only; the things themselves are read with them.
 */
export type Listed = 'mdf-budget' | 'mdf-request' | 'mdf-claim';

/** What is put under the partner for a new thing of it, in the order of `order`. */
export const listUnder = (
  partnerId: string,
  listed: Listed,
  thing: { readonly id: string; readonly order: string },
): Write => ({
  write: 'insert',
  item: {
    pk: partnerId,
    sk: `${listed}#${thing.order}#${thing.id}`,
    kind: `${listed}-reference`,
    refersTo: thing.id,
  },
  refuse: () => new Error('A new thing met the reference of an old one.'),
});

const mostReferences = 100;

/** One page of a partner's list. */
export interface PartnerList {
  readonly listed: Listed;
  readonly partnerId: string;
  readonly keyOf: (id: string) => Key;
  readonly keep: (item: Item) => boolean;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Newest first, those that `keep` keeps. A page may be the last one and not know it yet; then the next is empty. */
export const listOfPartner = async (list: PartnerList): Promise<ItemPage> => {
  const items: Item[] = [];
  let { after } = list;
  for (;;) {
    const references = await query({
      key: all(
        is('pk', '=', list.partnerId),
        after ? { test: 'between', name: 'sk', from: `${list.listed}#`, to: after } : begins('sk', `${list.listed}#`),
      ),
      descending: true,
      limit: mostReferences,
    });
    const seen = after;
    const fresh = references.filter(({ sk }) => sk !== seen);
    const things = await read(fresh.map(({ refersTo }) => list.keyOf(String(refersTo))));
    for (const [index, item] of things.entries()) {
      after = fresh[index]?.sk;
      if (item && list.keep(item)) items.push(item);
      const isLast = index === fresh.length - 1 && references.length < mostReferences;
      if (items.length === list.limit) return { items, after: isLast ? undefined : after };
    }
    if (references.length < mostReferences) return { items, after: undefined };
  }
};
