import { globSync, readFileSync } from 'node:fs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { handler as program } from '#functions/program/door.ts';
import { hashOf } from '#shared/core/canonical.ts';
import { StoredEvent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { lastScoredAt } from '#shared/health/scoring-run-store.ts';
import { log } from '#shared/platform/logger.ts';
import { documents, type Item } from '#shared/platform/table.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { freshCustomer } from '#test/deals/at-the-deals-door.ts';
import { aScoredQuarter, reviewDay } from '#test/health/a-scoring-run.ts';
import { now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { send } from '#test/support/call.ts';
import { admin, manager } from '#test/support/people.ts';
import { handler } from '#workflows/verify-chains.ts';

const TableName = process.env.PROGRAM_TABLE ?? '';

const recordAccount = async (openOpportunity: boolean, customer = freshCustomer()) => {
  const body = { companyName: 'Acme', websiteUrl: customer.websiteUrl, openOpportunity };
  await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body });
  return customer;
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  const source = readFileSync('examples/program.yaml', 'utf8');
  const publication = { operation: 'publish-program', caller: admin, at: now } as const;
  await send(program, { ...publication, body: { source, effectiveFrom: now } });
  await send(program, { ...publication, body: { source, effectiveFrom: addDays(now, 40) } });
  for (let n = 0; n < 3; n += 1) await thingsOfAPartner();
  await recordAccount(true, await recordAccount(false));
});

afterEach(() => vi.restoreAllMocks());

const items = async (): Promise<readonly Item[]> => {
  const { Items = [], LastEvaluatedKey } = await new DynamoDBClient({}).send(new ScanCommand({ TableName }));
  expect(LastEvaluatedKey).toBeUndefined();
  return Items.map((item) => unmarshall(item) as Item);
};
const put = (item: Item) => documents.send(new PutCommand({ TableName, Item: item }));

/** The histories by subject, each in order. */
const histories = async (): Promise<ReadonlyMap<string, readonly Item[]>> => {
  const events = (await items()).filter((item) => item.sk.startsWith('event#'));
  return Map.groupBy(
    events.toSorted((one, other) => (one.sk < other.sk ? -1 : 1)),
    ({ pk }) => pk,
  );
};

/** What the nightly look tells: its one line, and each fault. */
const look = async (time: string = now) => {
  const info = vi.spyOn(log, 'info').mockReturnValue();
  const error = vi.spyOn(log, 'error').mockReturnValue();
  await handler({ schedule: 'check-histories', time });
  const [[line, told] = []] = info.mock.calls;
  const faults = error.mock.calls.map(([, about]) => about);
  vi.restoreAllMocks();
  return { line, told, faults };
};

test('when nobody has touched them, then every history of the table is looked at and holds', async () => {
  const subjects = [...(await histories()).keys()];
  expect(new Set(subjects.map((id) => id.split('_')[0]))).toEqual(
    new Set('program ptr usr key deal apr acc doc bud mdr clm ern run pay scr hlt asm scd qrv cst spl'.split(' ')),
  );
  expect(await look()).toEqual({
    line: 'reconciled',
    told: { what: 'histories', time: now, subjects: subjects.length, faults: 0 },
    faults: [],
  });
});

test('when a noun is listed by status, then its histories are looked at', () => {
  const stores = globSync('shared/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  const nouns = stores.flatMap((text) => [...text.matchAll(/statusKey: `([\w-]+)#/g)].map((match) => match[1]));
  const looked = readFileSync('workflows/verify-chains.ts', 'utf8');
  expect(nouns.length).toBeGreaterThan(5);
  // These lie with their partners; in the list of earnings stand bonuses that wait.
  const lying = new Set<string | undefined>(['earnings', 'statements']);
  expect(
    nouns.filter((noun) => !lying.has(noun) && !new RegExp(`^  '?${noun}'?: \\(item\\)`, 'm').test(looked)),
  ).toEqual([]);
});

test('when a score has changed lately, then its history is looked at; and later on in the turn of its quarter', async () => {
  for (let quarters = 0; quarters < 2; quarters += 1) await aScoredQuarter();
  const [, events = []] = [...(await histories())].find(([subject]) => subject.startsWith('hlt_')) ?? [];
  await documents.send(new DeleteCommand({ TableName, Key: { pk: events[0]?.pk, sk: events[0]?.sk } }));
  expect((await look(reviewDay)).faults).toHaveLength(1);
  const nights: number[] = [];
  const quarters = (await lastScoredAt()).size;
  for (let night = 0; night < quarters; night += 1)
    nights.push((await look(addDays(reviewDay, 400 + night))).faults.length);
  expect(nights.toSorted()).toEqual([...Array.from({ length: quarters - 1 }, () => 0), 1]);
  for (const event of events) await put(event);
});

/** A forger who knows how it is made signs what was changed anew. */
const signed = (event: Item): Item => {
  const { pk, sk, kind, ...told } = event;
  const { hash: _hash, ...rest } = StoredEvent.parse(told);
  return { pk, sk, kind, ...rest, hash: hashOf(rest) };
};

test.each<readonly [string, (events: readonly Item[]) => Promise<unknown>, RegExp]>([
  ['an event is edited', ([first]) => put({ ...(first as Item), by: 'usr_somebody' }), /event 1 of \S+ was edited/],
  [
    'an event is edited and signed anew',
    ([first]) => put(signed({ ...(first as Item), by: 'usr_somebody' })),
    /event 2 of \S+ does not follow the one before it/,
  ],
  [
    'the last event is edited and signed anew',
    (events) => put(signed({ ...(events.at(-1) as Item), by: 'usr_somebody' })),
    /event \d+ of \S+ is not the one that \S+ names/,
  ],
  [
    'an event is deleted',
    ([first]) => documents.send(new DeleteCommand({ TableName, Key: { pk: first?.pk, sk: first?.sk } })),
    /event 1 of \S+ is missing/,
  ],
  [
    'the end of a history is cut off',
    (events) => documents.send(new DeleteCommand({ TableName, Key: { pk: events.at(-1)?.pk, sk: events.at(-1)?.sk } })),
    /is at version \d+, and its history ends with event \d+/,
  ],
  [
    'two events change places',
    async ([one, other]) => {
      if (!one || !other) throw new Error('There are not two events to change.');
      await put({ ...one, sk: other.sk });
      await put({ ...other, sk: one.sk });
    },
    /event 1 of \S+ is missing; 2 stands in its place/,
  ],
])('when %s, then the thing is named, and no other', async (_, tamper, expected) => {
  const all = await histories();
  const [subject, events] = [...all].find(([, its]) => its.length > 2) ?? ['', []];
  await tamper(events);
  const { told, faults } = await look();
  expect(told).toMatchObject({ subjects: all.size, faults: 1 });
  expect(faults).toEqual([{ subjectId: subject, fault: expect.stringMatching(expected) }]);
  for (const event of events) await put(event);
  expect((await look()).faults).toEqual([]);
});
