import { beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '#shared/core/canonical.ts';
import { DomainError } from '#shared/core/errors.ts';
import { brokenLink, type Intent, record, type Tracked } from '#shared/core/history.ts';
import { is } from '#shared/platform/condition.ts';
import { checkIntent, commit, commitChange, entityAt, listEvents } from '#shared/platform/history-store.ts';
import { type Item, read, type Write } from '#shared/platform/table.ts';
import { testTable } from './dynamodb.ts';

beforeAll(() => testTable());

interface Thing extends Tracked {
  readonly value: number;
}

const at = '2026-07-01T12:00:00.000Z';
const intentOf = (name: string, body: unknown = name): Intent => ({
  writeId: hashOf(['intent', name]),
  bodyHash: hashOf(body),
  by: 'usr_1',
  at,
});
const happening = (intent: Intent) => ({ type: 'thing.changed', intent, personalFields: [] });
const toItem = (thing: Thing): Item => ({ pk: thing.id, sk: 'thing', ...thing });
const refuse = () => new DomainError('conflict', 'thing.refused', 'Refused.');

let serial = 0;
const make = async (intent = intentOf(`make ${serial}`), value = 0) => {
  serial += 1;
  const id = `thing_${serial}`;
  const fresh: Thing = { id, status: 'new', version: 0, head: '', createdAt: at, updatedAt: at, value };
  const { entity, event } = record(undefined, fresh, happening(intent));
  await commit([event], [{ write: 'insert', item: toItem(entity), refuse }]);
  return entity;
};

const changeTo = (before: Thing, value: number, intent: Intent) => {
  const change = record(before, { ...before, value }, happening(intent));
  const write: Write = {
    write: 'replace',
    item: toItem(change.entity),
    when: is('version', '=', before.version),
    refuse,
  };
  return { ...change, writes: [write] };
};
const stored = async ({ id }: Thing): Promise<Item | undefined> => (await read([{ pk: id, sk: 'thing' }]))[0];
const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'done';
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe('when a change is committed', () => {
  test('then the thing and its event are there, and the history holds', async () => {
    const thing = await make();
    const { entity, replayed } = await commitChange(thing, changeTo(thing, 1, intentOf('one')));
    expect([replayed, entity.version, (await stored(thing))?.value]).toEqual([false, 2, 1]);
    expect(brokenLink(await listEvents(thing.id, 1, 10))).toBeUndefined();
  });

  test('then the same intent again is a repeat, told with what the first one did', async () => {
    const thing = await make();
    const first = await commitChange(thing, changeTo(thing, 1, intentOf('two')));
    const again = await commitChange(thing, changeTo(thing, 1, intentOf('two')));
    expect(again.replayed).toBe(true);
    const { doneKeys: _keys, ...told } = first.entity;
    expect(again.entity).toEqual(told);
  });

  test('then the same intent with another body is refused as such', async () => {
    const thing = await make();
    await commitChange(thing, changeTo(thing, 1, intentOf('three')));
    const other = () => commitChange(thing, changeTo(thing, 2, intentOf('three', 'other')));
    expect(await codeOf(other)).toBe('idempotency.key_reused');
  });

  test('then another intent on the same version is old', async () => {
    const thing = await make();
    await commitChange(thing, changeTo(thing, 1, intentOf('four')));
    expect(await codeOf(() => commitChange(thing, changeTo(thing, 2, intentOf('five'))))).toBe('version.stale');
    expect((await stored(thing))?.value).toBe(1);
  });

  test('then what another write refuses leaves no event behind', async () => {
    const thing = await make();
    const change = changeTo(thing, 1, intentOf('six'));
    const impossible: Write = { write: 'check', key: { pk: 'no', sk: 'no' }, when: is('pk', '=', 'no'), refuse };
    expect(await codeOf(() => commit([change.event], [...change.writes, impossible]))).toBe('thing.refused');
    expect(await listEvents(thing.id, 1, 10)).toHaveLength(1);
  });

  test('then of twenty at once on one version one is written', async () => {
    const thing = await make();
    const tries = Array.from({ length: 20 }, (_, n) =>
      codeOf(() => commitChange(thing, changeTo(thing, n, intentOf(`race ${n}`)))),
    );
    const said = (await Promise.all(tries)).sort();
    expect(said).toEqual(['done', ...Array.from({ length: 19 }, () => 'version.stale')]);
    expect(await listEvents(thing.id, 1, 10)).toHaveLength(2);
  });

  test('then two things change in one transaction, or neither', async () => {
    const [one, other] = [await make(), await make()];
    await commitChange(other, changeTo(other, 1, intentOf('seven')));
    const [first, second] = [changeTo(one, 5, intentOf('eight')), changeTo(other, 5, intentOf('eight'))];
    const both = () => commit([first.event, second.event], [...first.writes, ...second.writes]);
    expect(await codeOf(both)).toBe('version.stale');
    expect([(await stored(one))?.value, (await stored(other))?.value]).toEqual([0, 1]);
  });
});

describe('when a thing is asked for an earlier version of it', () => {
  test('then it is as it was', async () => {
    let thing = await make();
    for (let value = 1; value <= 12; value += 1) {
      thing = (await commitChange(thing, changeTo(thing, value, intentOf(`step ${value}`)))).entity;
    }
    for (const version of [1, 2, 7, 13]) {
      expect(await entityAt(thing, version)).toMatchObject({ version, value: version - 1, createdAt: at });
    }
  });

  test('then, of a history that does not fit into one answer of the table, too', async () => {
    const [long, last] = ['a', 'b'].map((letter) => letter.repeat(300_000));
    let thing: Thing & { readonly words?: string | undefined } = await make();
    for (const words of [long, last, long, last, long, last]) {
      const after = { ...thing, words };
      const change = record(thing, after, happening(intentOf(`long ${thing.version}`)));
      await commitChange(thing, { ...change, writes: [] });
      thing = change.entity;
    }
    expect(await entityAt({ ...thing, version: 8 }, 7)).toMatchObject({ version: 7, words: last });
  });

  test('then its events are told from any number on, oldest first', async () => {
    let thing = await make();
    for (let value = 1; value <= 4; value += 1) {
      thing = (await commitChange(thing, changeTo(thing, value, intentOf(`tell ${value}`)))).entity;
    }
    const numbers = async (from: number, limit: number) =>
      (await listEvents(thing.id, from, limit)).map(({ seq }) => seq);
    expect([await numbers(1, 10), await numbers(3, 10), await numbers(2, 2), await numbers(6, 10)]).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
      [2, 3],
      [],
    ]);
  });
});

describe('when a request comes to an existing thing', () => {
  const done = intentOf('done');
  const thing: Tracked = {
    ...{ id: 'thing_x', status: 'new', version: 4, head: 'h', createdAt: at, updatedAt: at },
    doneKeys: { [done.writeId.slice(0, 12)]: `3.${done.bodyHash.slice(0, 12)}` },
  };
  const rows: readonly (readonly [
    label: string,
    intent: Intent,
    version: number | undefined,
    required: boolean,
    said: string,
  ])[] = [
    ['a repeat is known', done, undefined, false, 'version 3'],
    ['a repeat is known without the version it should say', done, undefined, true, 'version 3'],
    ['a repeat is known with an old version', done, 1, true, 'version 3'],
    ['a repeat with another body is refused first', intentOf('done', 'other'), 1, true, 'idempotency.key_reused'],
    ['a new one with the present version goes on', intentOf('new'), 4, true, 'goes on'],
    ['a new one without a version goes on where none is needed', intentOf('new'), undefined, false, 'goes on'],
    ['a new one without a version is asked for it', intentOf('new'), undefined, true, 'version.required'],
    ['a new one with an old version is old', intentOf('new'), 3, false, 'version.stale'],
    ['a new one with a version to come is old too', intentOf('new'), 5, false, 'version.stale'],
  ];
  test.each(rows)('then %s', async (_label, intent, version, required, said) => {
    let answer: number | undefined;
    const code = await codeOf(() => {
      answer = checkIntent(thing, intent, { version, required });
    });
    expect(code === 'done' ? (answer === undefined ? 'goes on' : `version ${answer}`) : code).toBe(said);
  });
});
