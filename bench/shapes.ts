import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { documents } from '#shared/platform/table.ts';
import { costOf, type WireItem } from './write-units.ts';

type WireKey = Record<string, AttributeValue>;
type WireWrite = Partial<
  Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', { readonly Item?: WireKey; readonly Key?: WireKey }>
>;

/** Transactions that write items of the same kinds in the same states; they cost the same but for a few bytes. */
interface Shape {
  count: number;
  readonly samples: number[];
}

/** What reached the database. */
export interface Counted {
  readonly requests: Readonly<Record<string, number>>;
  readonly writeUnits: number;
  /** Of each shape of transaction: how many there were, and what one costs. */
  readonly transactions: readonly { readonly shape: string; readonly count: number; readonly units: number }[];
}

/** Looking at an item before and after costs more than the write, so it is done with so many of each shape. */
const samplesOfShape = 5;

const requests = new Map<string, number>();
const shapes = new Map<string, Shape>();
let client: DynamoDBClient | undefined;
let isCounting = false;

const keyOf = (write: WireWrite): WireKey => {
  const [operation] = Object.values(write);
  return operation?.Item ?? operation?.Key ?? {};
};

const wordOf = (write: WireWrite): string => {
  const [name = ''] = Object.keys(write);
  const { pk, sk, status } = keyOf(write);
  const what = `${String(pk?.S).split(/[_#]/)[0]} ${String(sk?.S).split('#')[0]}`;
  return `${name} ${what}${status?.S ? ` (${status.S})` : ''}`;
};

const imageOf = async ({ pk, sk }: WireKey): Promise<WireItem | undefined> => {
  if (!pk || !sk) throw new Error('A write names no key.');
  client ??= new DynamoDBClient({});
  const key = { TableName: process.env.PROGRAM_TABLE, Key: { pk, sk }, ConsistentRead: true };
  return (await client.send(new GetItemCommand(key))).Item;
};

const shapeOf = (writes: readonly WireWrite[]): Shape => {
  const name = writes.map(wordOf).join(' · ');
  const shape = shapes.get(name) ?? { count: 0, samples: [] };
  shapes.set(name, shape);
  shape.count += 1;
  return shape;
};

// At the wire and inside the SDK's own retries: what is seen is what is sent, each time it is sent.
documents.middlewareStack.add(
  (next) => async (args) => {
    if (!isCounting) return next(args);
    const { headers, body } = args.request as { headers: Record<string, string>; body: Uint8Array | string };
    const request = String(headers['x-amz-target']).split('.')[1] ?? '';
    requests.set(request, (requests.get(request) ?? 0) + 1);
    if (request !== 'TransactWriteItems') return next(args);
    const { TransactItems = [] } = JSON.parse(Buffer.from(body).toString()) as { TransactItems?: readonly WireWrite[] };
    const shape = shapeOf(TransactItems);
    if (shape.count > samplesOfShape) return next(args);
    const before = await Promise.all(TransactItems.map((write) => imageOf(keyOf(write))));
    const answer = await next(args);
    const after = await Promise.all(TransactItems.map((write) => imageOf(keyOf(write))));
    const costs = TransactItems.map((write, at) =>
      costOf(wordOf(write), { before: before[at], after: after[at] }, true),
    );
    shape.samples.push(costs.reduce((sum, { tableUnits, indexUnits }) => sum + tableUnits + indexUnits, 0));
    return answer;
  },
  { step: 'deserialize', priority: 'low', name: 'countShapes' },
);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Counts what reaches the database while `work` runs. */
export const countedOf = async (work: () => Promise<void>): Promise<Counted> => {
  requests.clear();
  shapes.clear();
  isCounting = true;
  await work();
  isCounting = false;
  client?.destroy();
  const transactions = [...shapes].map(([shape, { count, samples }]) => ({ shape, count, units: mean(samples) }));
  return {
    requests: Object.fromEntries(requests),
    writeUnits: transactions.reduce((sum, { count, units }) => sum + count * units, 0),
    transactions,
  };
};
