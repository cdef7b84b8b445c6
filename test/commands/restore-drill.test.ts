import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { exportTable, restoreTable } from '#local/commands/copy-table.ts';
import { brokenLink, StoredEvent } from '#shared/core/history.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { now } from '#test/partners/a-partner.ts';
import { programTable, testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { manager, repOf } from '#test/support/people.ts';

const original = process.env.PROGRAM_TABLE ?? '';
const restored = `${original}-restored`;
const client = new DynamoDBClient({});
let partnerId = '';
let dealId = '';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  for (let n = 0; n < 12; n += 1) ({ partnerId, dealId } = await thingsOfAPartner());
  await client.send(new CreateTableCommand({ TableName: restored, ...programTable }));
});

const all = async (tableName: string): Promise<ReadonlyMap<string, Record<string, unknown>>> => {
  const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: tableName }));
  expect(LastEvaluatedKey).toBeUndefined();
  return new Map(Items.map((item) => unmarshall(item)).map((item) => [`${item.pk} ${item.sk}`, item]));
};

test('when all is lost and restored from an export, then every record is the same, every chain whole, and work goes on', async () => {
  const lines: string[] = [];
  for await (const line of exportTable(client, original)) lines.push(line);
  expect(await restoreTable(client, restored, lines)).toBe(lines.length);

  const [before, after] = [await all(original), await all(restored)];
  expect(before.size).toBeGreaterThan(50);
  expect(after).toEqual(before);

  const events = [...after.values()].filter((item) => item.kind === 'event').map((item) => StoredEvent.parse(item));
  const chains = Map.groupBy(events, (event) => event.subject);
  expect(chains.size).toBeGreaterThan(20);
  const heads = new Map([...after.values()].map((item) => [item.id, item.head]));
  for (const [subject, chain] of chains) {
    const inOrder = chain.toSorted((one, other) => one.seq - other.seq);
    expect(brokenLink(inOrder)).toBeUndefined();
    expect([subject, heads.get(subject) ?? inOrder.at(-1)?.hash]).toEqual([subject, inOrder.at(-1)?.hash]);
  }

  process.env.PROGRAM_TABLE = restored;
  const read = await send(deals, { operation: 'get-deal', caller: manager, at: now, params: { dealId } });
  expect(read).toMatchObject({ status: 200, body: { id: dealId } });
  const again = await send(deals, {
    operation: 'register-deal',
    caller: repOf(partnerId),
    at: now,
    body: aRegistration(),
  });
  expect([201, 409]).toContain(again.status);
});

test('when the table is not empty, then nothing is restored into it', async () => {
  await expect(restoreTable(client, original, [])).rejects.toThrow(`${original} is not empty`);
});

test('when a line is not an item, then it is refused', async () => {
  const empty = `${original}-empty`;
  await client.send(new CreateTableCommand({ TableName: empty, ...programTable }));
  await expect(restoreTable(client, empty, ['{"pk": "plain"}'])).rejects.toThrow();
});
