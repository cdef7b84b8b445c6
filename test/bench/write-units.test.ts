import { describe, expect, test } from 'vitest';
import { costOf, itemBytes, type WireItem } from '#bench/write-units.ts';

const item = (fields: WireItem = {}): WireItem => ({ pk: { S: 'deal_1' }, sk: { S: 'deal' }, ...fields });
const listed = (status: string, summary = 'Acme'): WireItem =>
  item({
    statusKey: { S: 'deals#1' },
    statusSort: { S: `${status}#deal_1` },
    summary: { M: { companyName: { S: summary } } },
  });
const units = (before: WireItem | undefined, after: WireItem | undefined, inTransaction = true) => {
  const { tableUnits, indexUnits } = costOf('it', { before, after }, inTransaction);
  return [tableUnits, indexUnits];
};

describe('bytes of an item', () => {
  test('when it holds texts, then they are their names and values in UTF-8', () => {
    expect(itemBytes({ pk: { S: 'ä' }, sk: { S: 'b' } })).toBe(2 + 2 + 2 + 1);
  });

  test('when it holds lists and maps, then each has 3 bytes of its own and 1 for each element', () => {
    expect(itemBytes({ a: { L: [{ S: 'x' }, { BOOL: true }] } })).toBe(1 + 3 + 2 + 2);
    expect(itemBytes({ a: { M: { b: { N: '125' } } } })).toBe(1 + 3 + 1 + 1 + 3);
  });

  test('when there is no item, then it has none', () => {
    expect(itemBytes(undefined)).toBe(0);
  });
});

describe('units of a write', () => {
  const large = item({ notes: { S: 'x'.repeat(1025) } });
  const rows: readonly (readonly [label: string, expected: readonly number[], found: readonly number[]])[] = [
    ['a small item in a transaction', [2, 0], units(undefined, item())],
    ['a small item alone', [1, 0], units(undefined, item(), false)],
    ['a check of what is not there', [2, 0], units(undefined, undefined)],
    ['an item that passes a kilobyte', [4, 0], units(undefined, large)],
    ['an item that shrinks, by its old image', [4, 0], units(large, item())],
    ['a new entry of an index', [2, 1], units(undefined, listed('submitted'))],
    ['an entry that moves', [2, 2], units(listed('submitted'), listed('approved'))],
    ['an entry that changes in place', [2, 1], units(listed('submitted'), listed('submitted', 'Acme Ltd'))],
    ['an entry that stays', [2, 0], units(listed('submitted'), { ...listed('submitted'), notes: { S: 'x' } })],
    ['an entry that goes', [2, 1], units(listed('submitted'), item())],
  ];

  test.each(rows)('when it is %s, then they are %o', (_label, expected, found) => {
    expect(found).toEqual(expected);
  });
});
