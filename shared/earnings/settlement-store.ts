import * as z from 'zod';
import { absent, any, type Condition, is } from '#shared/platform/condition.ts';
import { type Change, read, transact } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how far the settlement of a quarter or year has come | table | pk = `settlement`, sk = period |
 *
 * The mark is set before the first sale is looked at: a sale that comes later finds it and settles its partner itself, so that none
 * falls between the two.
 */
const keyOf = (period: string) => ({ pk: 'settlement', sk: period });

/** Where in the walk through all partners it stands: everybody before is settled. */
const Place = z.object({ step: z.int().nonnegative(), after: z.string().optional() });
export type Place = z.infer<typeof Place>;

const Settlement = z.object({ begunAt: z.string(), doneAt: z.string().optional(), place: Place.optional() });
export type Settlement = z.infer<typeof Settlement>;

/** How far it has come; undefined before it has begun. */
export const findSettlement = async (period: string): Promise<Settlement | undefined> => {
  const [item] = await read([keyOf(period)]);
  return item && Settlement.parse(item);
};

const note = async (period: string, change: Change, when: Condition): Promise<void> => {
  await transact([
    { write: 'change', key: keyOf(period), change, when, refuse: () => new Error('It is noted already.') },
  ]);
};

/** Whoever begins, or ends, second changes nothing. */
export const markSettlement = (period: string, mark: 'begunAt' | 'doneAt', at: string): Promise<void> =>
  note(
    period,
    { set: { kind: 'settlement', [mark]: at }, ...(mark === 'doneAt' ? { remove: ['place'] } : {}) },
    any(absent(mark), is(mark, '>', at)),
  );

/** What breaks off goes on from here. Of two that settle at once either may say where: each has settled everybody before. */
export const notePlace = (period: string, place: Place): Promise<void> =>
  note(period, { set: { place } }, absent('doneAt'));
