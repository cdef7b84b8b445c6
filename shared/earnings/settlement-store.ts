import { absent, any, is } from '#shared/platform/condition.ts';
import { read, transact } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how far the settlement of a quarter or year has come | table | pk = `settlement`, sk = period |
 *
 * The mark is set before the first sale is looked at: a sale that comes later finds it and settles its partner itself, so that none
 * falls between the two.
 */
const keyOf = (period: string) => ({ pk: 'settlement', sk: period });

export type Progress = 'not begun' | 'begun' | 'done';

export const settlementOf = async (period: string): Promise<Progress> => {
  const [item] = await read([keyOf(period)]);
  if (!item) return 'not begun';
  return item.doneAt === undefined ? 'begun' : 'done';
};

/** Whoever begins, or ends, second changes nothing. */
export const markSettlement = async (period: string, mark: 'begunAt' | 'doneAt', at: string): Promise<void> => {
  await transact([
    {
      write: 'change',
      key: keyOf(period),
      change: { set: { kind: 'settlement', [mark]: at } },
      when: any(absent(mark), is(mark, '>', at)),
      refuse: () => new Error('It is marked already.'),
    },
  ]);
};
