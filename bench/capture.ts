import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { StoredEvent } from '#shared/core/history.ts';
import { documents } from '#shared/platform/table.ts';
import { costOf, type ItemCost, type WireItem } from './write-units.ts';

type WireKey = Record<string, AttributeValue>;
/** The four writes of a transaction as the wire has them; each names its item by a key or brings it. */
type WireWrite = Partial<
  Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', { readonly Item?: WireKey; readonly Key?: WireKey }>
>;

/** One request that reached the database: its name, and what each item of it costs if it writes. */
export interface Captured {
  readonly request: string;
  readonly items: readonly ItemCost[];
  /** Those that it wrote. */
  readonly events: readonly StoredEvent[];
  /** One for each item that is asked for, one for a query: what is read here is smaller than the four kilobytes of a unit. */
  readonly readUnits: number;
}

interface WireBody {
  readonly TransactItems?: readonly WireWrite[];
  readonly Item?: WireKey;
  readonly Key?: WireKey;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly WireKey[] }>>;
}

const captured: Captured[] = [];
let client: DynamoDBClient | undefined;

const imageOf = async ({ pk, sk }: WireKey): Promise<WireItem | undefined> => {
  if (!pk || !sk) throw new Error('A write names no key.');
  client ??= new DynamoDBClient({});
  const key = { TableName: process.env.PROGRAM_TABLE, Key: { pk, sk }, ConsistentRead: true };
  return (await client.send(new GetItemCommand(key))).Item;
};

const keysOf = (command: string, body: WireBody): readonly WireKey[] => {
  if (body.TransactItems) {
    return body.TransactItems.flatMap((write) => Object.values(write).map(({ Item, Key }) => Item ?? Key ?? {}));
  }
  return /^(Put|Update|Delete)Item/.test(command) ? [body.Item ?? body.Key ?? {}] : [];
};

const readUnitsOf = (command: string, body: WireBody): number => {
  if (!/^(BatchGetItem|GetItem|Query|Scan)$/.test(command)) return 0;
  return Object.values(body.RequestItems ?? {}).reduce((sum, { Keys = [] }) => sum + Keys.length, 0) || 1;
};

const nameOf = ({ pk, sk }: WireKey): string => `${String(pk?.S).split(/[_#]/)[0]} ${String(sk?.S).split('#')[0]}`;

const eventsAmong = (images: readonly (WireItem | undefined)[]): readonly StoredEvent[] =>
  images.flatMap((image) => {
    if (!image?.sk?.S?.startsWith('event#')) return [];
    const { pk: _pk, sk: _sk, kind: _kind, ...told } = unmarshall(image);
    return [StoredEvent.parse(told)];
  });

// At the wire and inside the SDK's own retries: what is seen is what is sent, each time it is sent.
documents.middlewareStack.add(
  (next) => async (args) => {
    const { headers, body } = args.request as { headers: Record<string, string>; body: Uint8Array | string };
    const request = String(headers['x-amz-target']).split('.')[1] ?? '';
    const asked: WireBody = JSON.parse(Buffer.from(body).toString());
    const keys = keysOf(request, asked);
    const before = await Promise.all(keys.map(imageOf));
    const answer = await next(args);
    const after = await Promise.all(keys.map(imageOf));
    const inTransaction = request === 'TransactWriteItems';
    // A write that was refused is billed too, by what was there.
    const items = keys.map((key, index) =>
      costOf(nameOf(key), { before: before[index], after: after[index] }, inTransaction),
    );
    const events = eventsAmong(after.filter((_, index) => before[index] === undefined));
    captured.push({ request, items, events, readUnits: readUnitsOf(request, asked) });
    return answer;
  },
  { step: 'deserialize', priority: 'low', name: 'captureWrites' },
);

/** What reached the database while `work` ran. */
export const captureOf = async <Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly requests: readonly Captured[] }> => {
  const before = captured.length;
  const result = await work();
  return { result, requests: captured.slice(before) };
};
