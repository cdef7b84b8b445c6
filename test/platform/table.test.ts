import { beforeAll, describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { absent, all, any, begins, type Condition, contains, is, not, present } from '#shared/platform/condition.ts';
import { query, read, transact, type Write } from '#shared/platform/table.ts';
import { requestsOf } from '#test/support/count-requests.ts';
import { testTable } from './dynamodb.ts';

beforeAll(() => testTable());

const refusedAs = (name: string) => () => new DomainError('conflict', name, name);
const keyOf = (pk: string) => ({ pk, sk: 'thing' });
const insert = (pk: string, fields: Record<string, unknown> = {}): Write => ({
  write: 'insert',
  item: { ...keyOf(pk), ...fields },
  refuse: refusedAs(`insert ${pk}`),
});
const checkThat = (pk: string, when: Condition): Write => ({
  write: 'check',
  key: keyOf(pk),
  when,
  refuse: refusedAs(`check ${pk}`),
});

describe('when a condition is asked of an item', () => {
  const item = { name: 'Acme', total: 5, size: { width: 2 }, tags: ['a', 'b'], status: 'open' };
  beforeAll(async () => {
    await transact([insert('asked', item)]);
  });

  const rows: readonly (readonly [label: string, condition: Condition, holds: boolean])[] = [
    ['present', present('name'), true],
    ['absent', absent('name'), false],
    ['equal', is('status', '=', 'open'), true],
    ['different', is('status', '<>', 'open'), false],
    ['a reserved word', is('total', '>=', 5), true],
    ['inside of a map', is('size.width', '<', 3), true],
    ['inside of a map that is not there', absent('nothing.width'), true],
    ['contained', contains('tags', 'b'), true],
    ['not contained', not(contains('tags', 'c')), true],
    ['the beginning', begins('name', 'Ac'), true],
    ['between', { test: 'between', name: 'name', from: 'A', to: 'B' }, true],
    ['all of them', all(is('total', '=', 5), present('name'), absent('other')), true],
    ['all but one', all(is('total', '=', 5), absent('name')), false],
    ['one of them', any(absent('name'), is('total', '=', 5)), true],
    ['one alone', all(is('total', '=', 5)), true],
    ['one alone inside of one alone', any(all(any(is('total', '=', 5)))), true],
    ['one alone beside others', all(any(all(is('total', '=', 5))), not(any(absent('name')))), true],
  ];
  test.each(rows)('then it finds what is %s', async (_label, condition, holds) => {
    expect((await transact([checkThat('asked', condition)])) === undefined).toBe(holds);
  });
});

describe('when several things are written', () => {
  test('then all are, or none', async () => {
    await transact([insert('there')]);
    const failure = await transact([insert('other'), insert('there')]);
    expect(failure).toMatchObject({ index: 1, image: keyOf('there') });
    expect(await read([keyOf('other')])).toEqual([undefined]);
  });

  test('then the first refusal is told, whatever else was refused', async () => {
    await transact([insert('one'), insert('two')]);
    expect(await transact([insert('three'), insert('one'), insert('two')])).toMatchObject({ index: 1 });
  });

  test('then one that yields is told only when no other was refused', async () => {
    await transact([insert('first'), insert('second')]);
    const yielding = { ...insert('first'), yields: () => true };
    expect(await transact([yielding, insert('second')])).toMatchObject({ index: 1 });
    expect(await transact([yielding, insert('third')])).toMatchObject({ index: 0 });
  });

  test('then a condition that fails on nothing brings no image', async () => {
    const failure = await transact([checkThat('nowhere', present('pk'))]);
    expect(failure).toEqual({ index: 0, image: undefined });
  });

  test('then what is undefined is not stored, and an attribute can be set, counted up and taken away at once', async () => {
    await transact([insert('changed', { count: 1, gone: 'x', empty: undefined })]);
    const change = { set: { name: 'Acme', nothing: undefined }, add: { count: 2 }, remove: ['gone'] };
    const write: Write = {
      write: 'change',
      key: keyOf('changed'),
      change,
      when: present('pk'),
      refuse: refusedAs('x'),
    };
    await transact([write]);
    expect(await read([keyOf('changed')])).toEqual([{ ...keyOf('changed'), count: 3, name: 'Acme' }]);
  });

  test('then a hundred writers at once are counted a hundred times', async () => {
    await transact([insert('counted', { count: 0 })]);
    const change: Write = {
      write: 'change',
      key: keyOf('counted'),
      change: { add: { count: 1 } },
      when: present('pk'),
      refuse: refusedAs('x'),
    };
    await Promise.all(Array.from({ length: 100 }, () => transact([change])));
    expect(await read([keyOf('counted')])).toMatchObject([{ count: 100 }]);
  });

  test('then a request that is wrong in itself is a bug, and thrown as such', async () => {
    await expect(transact([insert('')])).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('when items are read', () => {
  test('then they come in the order of their keys, a hundred in each request', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `many${n}`);
    for (let start = 0; start < names.length; start += 50) {
      await transact(names.slice(start, start + 50).map((name) => insert(name)));
    }
    const keys = [...names, 'missing'].reverse().map(keyOf);
    const { result, requests } = await requestsOf(() => read(keys));
    expect(result.map((item) => item?.pk)).toEqual([undefined, ...[...names].reverse()]);
    expect(requests).toEqual(['BatchGetItem', 'BatchGetItem']);
  });

  test('then what is asked twice is read once and answered twice', async () => {
    await transact([insert('twice')]);
    const found = await read(['twice', 'missing', 'twice'].map(keyOf));
    expect(found.map((item) => item?.pk)).toEqual(['twice', undefined, 'twice']);
  });

  test('then nothing asked is nothing read', async () => {
    expect((await requestsOf(() => read([]))).requests).toEqual([]);
  });

  test('then a query answers in order, from either end, and not more than asked', async () => {
    const item = (n: number): Write => ({
      write: 'insert',
      item: { pk: 'list', sk: `n#${n}` },
      refuse: refusedAs('x'),
    });
    await transact([1, 2, 3, 4, 5].map(item));
    const key = all(is('pk', '=', 'list'), begins('sk', 'n#'));
    const found = async (descending: boolean) => (await query({ key, descending, limit: 3 })).map(({ sk }) => sk);
    expect([await found(false), await found(true)]).toEqual([
      ['n#1', 'n#2', 'n#3'],
      ['n#5', 'n#4', 'n#3'],
    ]);
  });
});
