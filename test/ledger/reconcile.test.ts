import { globSync, readFileSync } from 'node:fs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { StoredEvent, systemIntent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { holdFrom, newEarning } from '#shared/earnings/earning.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { readBooks } from '#shared/ledger/books-store.ts';
import type { StoredItem } from '#shared/ledger/chains.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { log } from '#shared/platform/logger.ts';
import { documents, type Item } from '#shared/platform/table.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { handler } from '#workflows/ledger/reconcile.ts';

const now = '2026-07-01T12:00:00.000Z';
const TableName = process.env.PROGRAM_TABLE ?? '';
const program = aProgram();

let partnerId = '';

/** Earnings as the program books them; the stream has folded all but what is said. */
const earn = async (id: string, amountMinor: number, folded = true): Promise<void> => {
  const fields = {
    id,
    kind: 'commission',
    partnerId,
    amount: { amountMinor, currency: 'USD' },
    createdAt: now,
  } as const;
  const explanation = { rule: 'referral', programVersion: 1, inputs: {} };
  const earning = newEarning({ ...fields, status: 'on_hold', ...holdFrom('commission', now, program), explanation });
  const change = bookEarning(earning, systemIntent('earn', id, now));
  await saveEarning(change);
  if (folded) await foldEvent(change.event);
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(program);
  partnerId = await anActivePartner();
  for (let number = 1; number <= 5; number += 1) await earn(`ern_${number}`, number * 1_000);
});

afterEach(() => vi.restoreAllMocks());

const whole = async (): Promise<readonly Item[]> => {
  const { Items = [], LastEvaluatedKey } = await new DynamoDBClient({}).send(new ScanCommand({ TableName }));
  expect(LastEvaluatedKey).toBeUndefined();
  return Items.map((item) => unmarshall(item) as Item);
};
const put = (item: Item) => documents.send(new PutCommand({ TableName, Item: item }));
const remove = ({ pk, sk }: Item) => documents.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
const find = async (is: (item: Item) => boolean): Promise<Item> => {
  const found = (await whole()).find(is);
  if (!found) throw new Error('There is no such item.');
  return found;
};

/** What the nightly look tells. */
const night = async (time = addDays(now, 1)) => {
  const info = vi.spyOn(log, 'info').mockReturnValue();
  const error = vi.spyOn(log, 'error').mockReturnValue();
  await handler({ schedule: 'check-books', time });
  const [[line, told] = []] = info.mock.calls;
  const faults = error.mock.calls.map(([, about]) => tellFault(about as unknown as Parameters<typeof tellFault>[0]));
  vi.restoreAllMocks();
  return { line, told, faults };
};

/** What a look at the whole table tells. */
const wholeLook = async (): Promise<readonly string[]> => {
  const reconciliation = openReconciliation();
  for (const item of await whole()) reconciliation.take(item);
  return reconciliation.judge().faults.map(tellFault);
};

describe('when the books of a real table are looked at', () => {
  test('then nothing is wrong, without a scan and with one', async () => {
    expect(await night()).toEqual({
      line: 'reconciled',
      told: { what: 'ledger', time: addDays(now, 1), events: 5, journals: 10, faults: 0 },
      faults: [],
    });
    expect(await wholeLook()).toEqual([]);
  });

  test('then each item is read once', async () => {
    const items: StoredItem[] = [];
    for await (const item of readBooks()) items.push(item);
    const places = items.map(({ pk, sk }) => `${pk} ${sk}`);
    expect(new Set(places).size).toBe(places.length);
    const kinds = new Set(items.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['commission', 'entry', 'event', 'journal', 'ledger-totals', 'statement']);
  });

  test.each<readonly [string, (item: Item) => boolean, (item: Item) => Promise<unknown>, RegExp]>([
    [
      'an entry is changed',
      ({ kind }) => kind === 'entry',
      (item) => put({ ...item, amountMinor: Number(item.amountMinor) + 1 }),
      /^I1: account#\S+ \S+: is not what its event says; right would be .*"amountMinor"/,
    ],
    [
      'totals are lost',
      ({ kind }) => kind === 'ledger-totals',
      remove,
      /^I1: totals#\d \S+: is missing; right would be/,
    ],
    ['a folded journal is lost', ({ kind }) => kind === 'journal', remove, /^I1: journals#\S+ \S+: is missing/],
    [
      'an event is lost',
      ({ kind, pk }) => kind === 'event' && pk === 'ern_3',
      remove,
      /^I8: event 1 of ern_3: is missing at the end; right would be version 1/,
    ],
    [
      'an earning says another amount',
      ({ id }) => id === 'ern_2',
      (item) => put({ ...item, amount: { amountMinor: 2_001, currency: 'USD' } }),
      /^I8: amount of ern_2: is not what its events tell/,
    ],
    [
      'a statement is off',
      ({ kind }) => kind === 'statement',
      (item) => put({ ...item, amountDue: 1 }),
      /^I1: ptr_\S+ statement#USD#2026-07: 1 is due for 5 earnings .*; right would be 15000 for 5 /,
    ],
  ])('and %s, then that is told, without a scan and with one', async (_, is, spoil, words) => {
    const item = await find(is);
    await spoil(item);
    const [{ told, faults }, wholeFaults] = [await night(), await wholeLook()];
    await put(item);
    for (const found of [faults, wholeFaults]) {
      expect(found.some((fault) => words.test(fault)) ? '' : found.join('\n')).toBe('');
    }
    expect(told).toMatchObject({ faults: faults.length });
    expect((await night()).faults).toEqual([]);
  });

  test('then an event that the stream has not told of yet is no fault, and a day later it is one', async () => {
    await earn('ern_late', 700, false);
    expect((await night(addDays(now, 0))).faults).toEqual([]);
    expect((await night()).faults.filter((fault) => fault.includes('is missing'))).toHaveLength(7);
    const [event] = (await whole()).filter(({ kind, pk }) => kind === 'event' && pk === 'ern_late');
    const { pk: _pk, sk: _sk, kind: _kind, ...told } = event as Item;
    await foldEvent(told as unknown as Parameters<typeof foldEvent>[0]);
    expect((await night()).faults).toEqual([]);
  });
});

test('when a table has one of everything, then nothing is wrong once the stream has told of it', async () => {
  await thingsOfAPartner();
  for (const { pk: _pk, sk: _sk, kind, ...told } of await whole()) {
    if (kind === 'event') await foldEvent(StoredEvent.parse(told));
  }
  expect(await wholeLook()).toEqual([]);
  expect((await night()).faults).toEqual([]);
});

/** Their histories are looked at by another worker each night; earnings lie with their partners, which are read. */
const withoutMoney = [
  'deals',
  'approvals',
  'users',
  'api-keys',
  'known-accounts',
  'documents',
  'earnings',
  'payout-runs',
  'scoring-runs',
  'health',
  'assessments',
  'scorecard-reviews',
  'quarter-reviews',
  'program-costs',
  'success-plans',
];

test('when a noun is listed by status, then the reconciler reads it, or it has no money', () => {
  const stores = globSync('shared/**/*-store.ts').map((path) => readFileSync(path, 'utf8'));
  const nouns = stores.flatMap((text) => [...text.matchAll(/statusKey: `([\w-]+)#/g)].map(([, noun]) => noun ?? ''));
  const reader = readFileSync('shared/ledger/books-store.ts', 'utf8');
  expect(nouns).toContain('mdf-budgets');
  expect(reader).toContain("'statement#'");
  const known = [...withoutMoney, 'statements'];
  expect(nouns.filter((noun) => !known.includes(noun) && !reader.includes(`'${noun}'`))).toEqual([]);
});
