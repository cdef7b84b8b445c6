import { beforeAll, describe, expect, test } from 'vitest';
import { testTable } from '#test/platform/dynamodb.ts';
import { prepare } from './environment.ts';
import { runHistory, startOf } from './history.ts';

beforeAll(async () => {
  prepare();
  await testTable({ activity: true });
});

/** Asks Amazon's engine, without the SDK: the very body that the model was given. */
const askAmazon = async (operation: string, body: object): Promise<Record<string, unknown>> => {
  const credential = 'Credential=local/20260101/eu-central-1/dynamodb/aws4_request';
  const reply = await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  // DynamoDB answers objects only.
  return (await reply.json()) as Record<string, unknown>;
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
};

interface Answered {
  readonly answer?: Record<string, unknown>;
  readonly error?: { readonly name: string; readonly CancellationReasons?: readonly object[] };
}

interface Reason {
  readonly Code: string;
  readonly Item?: unknown;
}

/** What matters of an answer: items, in their order where there is one; why a transaction was cancelled, with the images. */
const essence = (answer: Record<string, unknown>): unknown => {
  const { Items, Responses, CancellationReasons, Attributes } = answer;
  const got = Object.values((Responses as Record<string, unknown[]> | undefined) ?? {}).flat();
  const reasons = (CancellationReasons as readonly Reason[] | undefined)?.map(({ Code, Item }) =>
    sorted({ Code, Item }),
  );
  return { Items: sorted(Items), got: got.map((item) => JSON.stringify(sorted(item))).sort(), reasons, Attributes };
};

describe('when histories run on the model and on Amazon’s engine', () => {
  test.each([
    ['deals', 3],
    ['deals', 14],
    ['deals', 15],
    ['deals', 92],
    ['money', 65],
    ['money', 35],
    ['money', 89],
    ['payouts', 34],
    ['health', 21],
  ] as const)(
    'then every answer is the same: %s, seed %i',
    async (plot, seed) => {
      const { PROGRAM_TABLE: TableName, ACTIVITY_TABLE: activity } = process.env;
      await runHistory(seed, { plot });
      const start = await startOf(plot, seed);
      for (const item of start.items) await askAmazon('PutItem', { TableName, Item: item });
      for (const item of start.facts) await askAmazon('PutItem', { TableName: activity, Item: item });
      const compared: string[] = [];
      const { recording } = await runHistory(seed, {
        plot,
        mirror: async (operation, body, ours) => {
          // Where a partition lies is each engine's own affair.
          if (operation === 'Scan' || operation === 'DescribeTable') return;
          compared.push(operation);
          const { answer, error } = ours as Answered;
          const told = error ? { CancellationReasons: error.CancellationReasons } : (answer ?? {});
          const theirs = await askAmazon(operation, body);
          if (operation === 'UpdateItem') return;
          if (operation === 'PutItem') expect(String(theirs.__type)).toContain(error?.name ?? 'undefined');
          expect(essence(theirs), operation).toEqual(essence(told));
        },
      });
      expect(compared.length).toBeGreaterThan(50);
      // The next history begins with a table that holds nothing of this one.
      for (const { pk, sk } of recording.items)
        await askAmazon('DeleteItem', { TableName, Key: { pk: { S: pk }, sk: { S: sk } } });
      for (const { pk, sk } of recording.facts.items)
        await askAmazon('DeleteItem', { TableName: activity, Key: { pk, sk } });
    },
    300_000,
  );
});

test('when a history is played again, then it is the same', async () => {
  const [once, again] = [await runHistory(7), await runHistory(7)];
  expect(again.recording.commits).toEqual(once.recording.commits);
  expect(again.counts).toEqual(once.counts);
});
