import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

type StoredItem = Record<string, AttributeValue>;

/** What our tables hold; bytes are not among it, and JSON could not carry them. */
const Value: z.ZodType<AttributeValue> = z.lazy(() =>
  z.union([
    z.strictObject({ S: z.string() }),
    z.strictObject({ N: z.string() }),
    z.strictObject({ BOOL: z.boolean() }),
    z.strictObject({ NULL: z.literal(true) }),
    z.strictObject({ L: z.array(Value) }),
    z.strictObject({ M: z.record(z.string(), Value) }),
    z.strictObject({ SS: z.array(z.string()) }),
  ]),
) as z.ZodType<AttributeValue>;
const Line = z.record(z.string(), Value);

/** Every item of a table, page after page. What is written meanwhile may be in it or not: stop the writers first, or restore to an instant. */
async function* itemsOf(client: DynamoDBClient, tableName: string): AsyncGenerator<StoredItem> {
  let from: StoredItem | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** One line of JSON for each item, types and all. Throws at an item that could not be read back. */
export async function* exportTable(client: DynamoDBClient, tableName: string): AsyncGenerator<string> {
  for await (const item of itemsOf(client, tableName)) yield `${JSON.stringify(Line.parse(item))}\n`;
}

const perRequest = 25;
const attempts = 10;

const put = async (client: DynamoDBClient, tableName: string, items: readonly StoredItem[]): Promise<void> => {
  let left = items.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > attempts)
      throw new Error(`${tableName} took no more items: wait a little and begin with an empty table again.`);
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }));
    // What comes back is what was sent.
    left = (UnprocessedItems?.[tableName] ?? []) as typeof left;
  }
};

/**
 * Puts exported lines into an empty table and answers how many. Throws when something is there already: two histories of a thing cannot be
 * mixed. The items are put as they were, so hashes, versions and locks stay what they are.
 */
export const restoreTable = async (
  client: DynamoDBClient,
  tableName: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<number> => {
  const { Count } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true, Limit: 1 }));
  if (Count) throw new Error(`${tableName} is not empty: restore into a new table.`);
  let count = 0;
  let batch: StoredItem[] = [];
  for await (const line of lines) {
    if (line.trim() === '') continue;
    batch.push(Line.parse(JSON.parse(line)));
    count += 1;
    if (batch.length < perRequest) continue;
    await put(client, tableName, batch);
    batch = [];
  }
  await put(client, tableName, batch);
  return count;
};
