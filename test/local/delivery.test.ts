import { expect, test } from 'vitest';
import { deliver } from '#local/stream/delivery.ts';
import type { StreamRecord } from '#local/stream/stream-record.ts';
import { aStreamRecord } from './a-stream-record.ts';

const recordOf = (SequenceNumber: string): StreamRecord => aStreamRecord({ SequenceNumber });
const mapping = {
  id: 'stored',
  tableName: 'table',
  functionArn: 'worker',
  batchSize: 10,
  patterns: [],
  reportsItemFailures: true,
  bisects: true,
  maximumRetries: 2,
};
const numbersOf = (records: readonly StreamRecord[]): string =>
  records.map(({ dynamodb }) => dynamodb.SequenceNumber).join('');

/** Delivers records named by single letters, and tells what the function and the grave saw. */
const run = async (letters: string, handle: (batch: string, call: number) => unknown, overrides = {}) => {
  const calls: string[] = [];
  const buried: string[] = [];
  const finished = await deliver(
    [...letters].map(recordOf),
    { ...mapping, ...overrides },
    {
      invoke: async (_, event) => {
        const batch = numbersOf((event as { Records: readonly StreamRecord[] }).Records);
        calls.push(batch);
        return handle(batch, calls.length);
      },
      pause: async () => calls.length < 50,
      bury: (records) => void buried.push(numbersOf(records)),
    },
  );
  return { calls, buried, finished };
};
const failed = (...letters: readonly string[]) => ({
  batchItemFailures: letters.map((itemIdentifier) => ({ itemIdentifier })),
});
const throwIf = (wrong: boolean): null => {
  if (wrong) throw new Error('poison');
  return null;
};

test('when the function handles everything, then it is called once', async () => {
  expect(await run('abc', () => failed())).toEqual({ calls: ['abc'], buried: [], finished: true });
});

test('when the function reports failures, then the first of them and all behind it come again', async () => {
  const { calls, buried } = await run('abcd', (_, call) => (call === 1 ? failed('c', 'b') : null));
  expect(calls).toEqual(['abcd', 'bcd']);
  expect(buried).toEqual([]);
});

test('when the function throws, then the batch is halved until the poison stands alone and is buried', async () => {
  const { calls, buried } = await run('abcd', (batch) => throwIf(batch.includes('c')));
  expect(calls).toEqual(['abcd', 'ab', 'cd', 'c', 'c', 'c', 'd']);
  expect(buried).toEqual(['c']);
});

test('when batches are not halved, then the whole batch is buried after its retries', async () => {
  const { calls, buried } = await run('ab', () => throwIf(true), { bisects: false });
  expect(calls).toEqual(['ab', 'ab', 'ab']);
  expect(buried).toEqual(['ab']);
});

test('when the same record is reported again and again, then what begins with it is buried after the retries', async () => {
  const { calls, buried } = await run('ab', () => failed('b'));
  expect(calls).toEqual(['ab', 'b', 'b']);
  expect(buried).toEqual(['b']);
});

test('when a function names a record that was not sent, then the whole batch counts as failed', async () => {
  const { calls } = await run('ab', (_, call) => (call === 1 ? failed('z') : null));
  expect(calls).toEqual(['ab', 'ab']);
});

test('when the mapping does not report failures, then what the function answers does not matter', async () => {
  const { calls } = await run('ab', () => failed('a'), { reportsItemFailures: false });
  expect(calls).toEqual(['ab']);
});

test('when the laptop stops between two tries, then the batch is not taken as handled', async () => {
  const { finished, buried } = await run('a', () => throwIf(true), { maximumRetries: Number.POSITIVE_INFINITY });
  expect(finished).toBe(false);
  expect(buried).toEqual([]);
});
