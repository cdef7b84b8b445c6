import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { startDynamoDb } from '#local/dynamodb.ts';
import { noteChild } from '#local/orphans.ts';
import { programTable, testTable } from '#test/platform/dynamodb.ts';

const folder = await mkdtemp(join(tmpdir(), 'tandem-dynamodb-'));
const runFolder = join(folder, 'run');
afterAll(() => rm(folder, { recursive: true, force: true }));

const clientOf = (endpoint: string) => new DynamoDBClient({ endpoint });

test('when a test asks for its table, then a plain client reaches it', async () => {
  const { tableName } = await testTable();
  const client = new DynamoDBClient({});
  await client.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { pk: { S: 'a' }, sk: { S: 'b' } } }),
  );
  expect(Item).toEqual({ pk: { S: 'a' }, sk: { S: 'b' } });
});

test('when the process died without stopping the engine, then the next start stops it and nothing written is lost', async () => {
  const options = { folder: join(folder, 'ddb'), runFolder };
  const first = await startDynamoDb(options);
  const client = clientOf(first.endpoint);
  await client.send(new CreateTableCommand({ TableName: 'kept-table', ...programTable }));
  await client.send(new PutItemCommand({ TableName: 'kept-table', Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));
  // What a killed owner leaves behind: a child whose parent is not the owner that the note names.
  await noteChild(runFolder, { pid: first.pid, owner: 1, mark: 'DynamoDBLocal.jar', folder: options.folder });

  const second = await startDynamoDb(options);
  const { Count } = await clientOf(second.endpoint).send(new ScanCommand({ TableName: 'kept-table' }));
  expect(Count).toBe(1);
  expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
  await second.stop();
  expect(await readdir(runFolder)).toEqual([]);
});

test('when another living process has the folder open, then the start is refused and says what to do', async () => {
  const options = { folder: join(folder, 'busy'), runFolder };
  const first = await startDynamoDb(options);
  await expect(startDynamoDb(options)).rejects.toThrow(/already runs here \(process \d+\): stop it first/);
  await clientOf(first.endpoint).send(new ListTablesCommand({}));
  await first.stop();
});
