import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as facts } from '#functions/facts/door.ts';
import { importFacts, reportOf } from '#local/commands/import-facts.ts';
import { factDifferences, mendFacts } from '#local/commands/rebuild-facts.ts';
import { type Api, connectApi } from '#local/import/api-client.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { itemOf, listFacts } from '#shared/facts/fact-store.ts';
import { aSummer, storedEvents } from '#test/facts/a-history.ts';
import { anActivePartner, now } from '#test/partners/a-partner.ts';
import { activityTable, testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { recordOf } from '#test/support/stored-record.ts';
import { wholeItems } from '#test/support/whole-table.ts';
import { handler as writeFacts } from '#workflows/facts/write-facts.ts';

const later = '2026-09-30T12:00:00.000Z';
const folder = mkdtempSync(join(tmpdir(), 'tandem-facts-'));
const quiet = { note: () => undefined, tick: () => undefined };
const asked: number[] = [];
/** After so many requests nobody answers any more. */
let answers = Number.POSITIVE_INFINITY;
let api: Api;
let people: Awaited<ReturnType<typeof aSummer>>;

/** The door behind HTTP, as a partner manager meets it. */
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text);
  if (asked.length >= answers) return response.writeHead(403).end();
  asked.push(body.facts.length);
  const key = String(request.headers['idempotency-key']);
  const reply = await send(facts, { operation: 'report-facts', caller: manager, at: now, body, key });
  return response.writeHead(reply.status, reply.headers).end(reply.text);
});

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  people = await aSummer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  api = connectApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => server.close());

async function* allItems() {
  yield* await wholeItems();
}

const follow = async () => writeFacts({ Records: (await storedEvents()).map(recordOf) });

describe('facts made anew', () => {
  test('are those that the stream made', async () => {
    await follow();
    const { facts: count, differences } = await factDifferences(allItems(), later);
    expect(differences).toEqual([]);
    expect(count).toBeGreaterThan(30);
  });

  test('when one is missing, two were changed and one is of no event, then each is told, and mended', async () => {
    const [one, two, ...others] = await listFacts(people.partnerId, { from: '2026-Q3', to: '2026-Q3' });
    const stranger: Fact = { ...(others[0] as Fact), id: 'nobody-told' };
    const client = new DynamoDBClient({});
    const TableName = `${process.env.ACTIVITY_TABLE}-other`;
    await client.send(new CreateTableCommand({ TableName, ...activityTable }));
    process.env.ACTIVITY_TABLE = TableName;
    await follow();
    const put = (fact: Fact) => client.send(new PutItemCommand({ TableName, Item: itemOf(fact) }));
    await put({ ...(two as Fact), value: 7 });
    await put(stranger);
    await mendFacts([{ what: 'unexpected', key: '', stored: itemOf(one as Fact) }]);
    const profile = others.find(({ kind }) => kind === 'partner.profile') as Fact;
    await put({ ...profile, about: 'active;platinum;amer;reseller', at: profile.at + 1_000_000 });

    const { differences } = await factDifferences(allItems(), later);
    expect(differences.map(({ what, key }) => `${what} ${key.split('/').at(-2)}`).sort()).toEqual([
      'different ad',
      'different pp',
      'missing ad',
      'unexpected ad',
    ]);
    await mendFacts(differences);
    expect((await factDifferences(allItems(), later)).differences).toEqual([]);
  });

  test('when the whole table is lost, then all of it comes back', async () => {
    const before = await listFacts(people.partnerId, { from: '2026-Q1', to: '2026-Q4' });
    const TableName = `${process.env.ACTIVITY_TABLE}-new`;
    await new DynamoDBClient({}).send(new CreateTableCommand({ TableName, ...activityTable }));
    process.env.ACTIVITY_TABLE = TableName;
    const { facts: count, differences } = await factDifferences(allItems(), later);
    expect(differences.filter(({ what }) => what === 'missing')).toHaveLength(count);
    await mendFacts(differences);
    expect(await listFacts(people.partnerId, { from: '2026-Q1', to: '2026-Q4' })).toEqual(before);
  });
});

describe('a file of facts', () => {
  const aFile = (name: string, lines: readonly string[]): string => {
    const file = join(folder, name);
    writeFileSync(file, `${['id,kind,partnerId,occurredAt,value,currency', ...lines].join('\n')}\n`);
    return file;
  };
  const load = (file: string) =>
    importFacts({ api, token: 'token', file, source: 'academy', perBatch: 4, progress: quiet });

  test('when some rows are bad, then they are named by their place in the file, and the others are told', async () => {
    const partnerId = await anActivePartner();
    const file = aFile('bad.csv', [
      `c1,training.completed,${partnerId},2026-06-01,,`,
      `c2,training.completed,ptr_none,2026-06-01,,`,
      `c3,nps.answer,${partnerId},2026-06-01,nine,`,
      `c4,nps.answer,${partnerId},2026-06-01,9,`,
      `c5,lead.won,${partnerId},2026-06-01,100,EUR`,
      `c6,lead.won,${partnerId},2026-06-01,100,USD`,
    ]);
    expect(await load(file)).toMatchObject({ rows: 6, accepted: 3, known: 0, refused: 3 });
    const report = readFileSync(reportOf(file), 'utf8').trim().split('\n');
    expect(report[0]).toBe('row,id,code,detail');
    expect(report.slice(1).map((line) => line.split(',').slice(0, 3).join(','))).toEqual([
      '2,c2,fact.unknown_partner',
      '3,c3,request.invalid',
      '5,c5,money.currency_mismatch',
    ]);
  });

  test('when it is stopped, then it goes on where it was, and tells nothing twice', async () => {
    const partnerId = await anActivePartner();
    const rows = Array.from(
      { length: 10 },
      (_, n) => `d${n},training.completed,${partnerId},2026-06-0${(n % 9) + 1},,`,
    );
    const file = aFile('stopped.csv', [...rows, 'd11,nothing,,2026-06-01,,']);
    asked.length = 0;
    answers = 1;
    await expect(load(file)).rejects.toThrow('POST /v1/facts');
    answers = Number.POSITIVE_INFINITY;
    expect(await load(file)).toMatchObject({ rows: 11, accepted: 10, known: 0, refused: 1 });
    expect(asked).toEqual([4, 4, 3]);
    expect(await load(file)).toMatchObject({ rows: 11, accepted: 10, known: 0, refused: 1 });
    expect(asked).toHaveLength(3);
  });

  test('when it has other columns, then it says which there are', async () => {
    const file = join(folder, 'other.csv');
    writeFileSync(file, 'id,name\n1,Acme\n');
    await expect(load(file)).rejects.toThrow('must have columns out of id, kind, partnerId');
  });
});
