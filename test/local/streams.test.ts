import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamRecord } from '#local/stream/stream-record.ts';
import { type Streams, startStreams } from '#local/stream/streams.ts';
import { documents } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';

const { tableName } = await testTable({ streamed: true });
const mapping = {
  id: 'stored',
  tableName,
  functionArn: 'worker',
  batchSize: 3,
  patterns: [{ eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'event#' }] } } } }],
  reportsItemFailures: true,
  bisects: true,
  maximumRetries: 1,
};

let batches: string[][] = [];
let observed: string[] = [];
let streams: Streams | undefined;
let folder = '';
let poison = '';

beforeEach(() => {
  batches = [];
  observed = [];
  poison = '';
  folder = mkdtempSync(join(tmpdir(), 'tandem-streams-'));
});
afterEach(() => streams?.stop());

const nameOf = ({ dynamodb }: StreamRecord): string => {
  const keys = dynamodb.Keys as { pk: { S: string }; sk: { S: string } };
  return `${keys.pk.S} ${keys.sk.S}`;
};
const start = async (): Promise<void> => {
  streams = await startStreams({
    mappings: [mapping],
    endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    invoke: async (_, event) => {
      const names = (event as { Records: readonly StreamRecord[] }).Records.map(nameOf);
      batches.push(names);
      if (names.some((name) => name === poison)) throw new Error('poison');
      return { batchItemFailures: [] };
    },
    observe: (record) => void observed.push(nameOf(record)),
    file: (name) => join(folder, name),
  });
  await streams.drained();
  batches = [];
  observed = [];
};
const put = (pk: string, sk: string): Promise<unknown> =>
  documents.send(new PutCommand({ TableName: tableName, Item: { pk, sk } }));

test('when items are written, then the wanted ones come in order and in batches, and all are observed', async () => {
  await start();
  for (const number of [1, 2, 3, 4]) {
    await put('deal_1', `event#${number}`);
    await put('deal_1', `other#${number}`);
  }
  await streams?.drained();
  const wanted = ['deal_1 event#1', 'deal_1 event#2', 'deal_1 event#3', 'deal_1 event#4'];
  expect(batches.flat()).toEqual(wanted);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(mapping.batchSize);
  expect(observed).toHaveLength(8);
});

test('when one record cannot be handled, then it is buried and those around it are not', async () => {
  await start();
  poison = 'deal_2 event#2';
  for (const number of [1, 2, 3]) await put('deal_2', `event#${number}`);
  await streams?.drained();
  expect(batches.flat()).toContain('deal_2 event#3');
  expect(streams?.deadLetters).toMatchObject([{ mapping: 'stored', reason: 'poison' }]);
  expect(streams?.deadLetters[0]?.records.map((record) => nameOf(record as StreamRecord))).toEqual([poison]);
});

test('when the laptop is started again, then it goes on behind what was handled, and forgets no dead letter', async () => {
  await start();
  await put('deal_3', 'event#1');
  await streams?.drained();
  await streams?.stop();
  await put('deal_3', 'event#2');
  const seen: string[] = [];
  streams = await startStreams({
    mappings: [mapping],
    endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    invoke: async (_, event) => void seen.push(...(event as { Records: readonly StreamRecord[] }).Records.map(nameOf)),
    observe: () => undefined,
    file: (name) => join(folder, name),
  });
  await streams.drained();
  expect(seen).toEqual(['deal_3 event#2']);
});
