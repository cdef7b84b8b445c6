import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type Expression, satisfies, updated, type WireItem } from './expressions.ts';

/**
 * A DynamoDB table in memory that answers the requests we send, as Amazon's engine does: the real one takes 5 to 10 ms for a
 * transaction on a laptop, so a thousand histories would take half an hour. `model-engine.test.ts` runs histories on both and holds
 * every answer of one against the other's.
 */
type Body = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, AttributeValue>>;

/** What one request wrote, in the order in which the engine took it. */
export interface Commit {
  readonly written: readonly { readonly before: WireItem | undefined; readonly after: WireItem }[];
}

export interface ModelEngine {
  /** Answers as the wire would, or throws the SDK's exception. */
  readonly send: (operation: string, body: Body) => Body;
  readonly commits: readonly Commit[];
  readonly items: () => readonly WireItem[];
  readonly perPage: number;
}

interface Ask {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Attributes;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly Item?: WireItem;
  readonly Key?: WireItem;
}

const keyText = (key: WireItem): string => `${key.pk?.S}\n${key.sk?.S}`;

const expressionOf = (ask: Ask, text: string): Expression => ({
  text,
  names: ask.ExpressionAttributeNames ?? {},
  values: ask.ExpressionAttributeValues ?? {},
});

const metadata = { $metadata: { httpStatusCode: 400 } };

const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The key that a question names: `#n = :v` first, then how the sort key is narrowed. */
const partitionOf = (ask: Ask & { KeyConditionExpression: string }): readonly [name: string, value: string] => {
  const [, alias = '', value = ''] = /(#?\w+) = (:\w+)/.exec(ask.KeyConditionExpression) ?? [];
  return [ask.ExpressionAttributeNames?.[alias] ?? alias, ask.ExpressionAttributeValues?.[value]?.S ?? ''];
};

export interface Question extends Ask {
  readonly IndexName?: 'byStatus' | 'byDue';
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
}

const projections = {
  byStatus: ['pk', 'sk', 'statusKey', 'statusSort', 'summary'],
  byDue: ['pk', 'sk', 'dueKey', 'dueAt'],
} as const;
const sortKeys = { byStatus: 'statusSort', byDue: 'dueAt' } as const;

const project = (item: WireItem, names: readonly string[]): WireItem =>
  Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));

/** What a question finds among these items. */
export const find = (question: Question, items: Iterable<WireItem>): Body => {
  const index = question.IndexName;
  const [name, value] = partitionOf(question);
  const sortKey = index ? sortKeys[index] : 'sk';
  const key = expressionOf(question, question.KeyConditionExpression);
  const found: WireItem[] = [];
  for (const item of items) if (item[name]?.S === value && item[sortKey] && satisfies(key, item)) found.push(item);
  found.sort(
    (a, b) => byText(a[sortKey]?.S ?? '', b[sortKey]?.S ?? '') * (question.ScanIndexForward === false ? -1 : 1),
  );
  const page = found.slice(0, question.Limit).map((item) => (index ? project(item, projections[index]) : item));
  return { Items: page, Count: page.length };
};

/** The table after so many commits: what an index that lags still says. */
export const asOf = (items: readonly WireItem[], commits: readonly Commit[], upTo: number): readonly WireItem[] => {
  const state = new Map(items.map((item) => [keyText(item), item]));
  for (const { written } of commits.slice(upTo).toReversed()) {
    for (const { before, after } of written.toReversed()) {
      if (before) state.set(keyText(before), before);
      else state.delete(keyText(after));
    }
  }
  return [...state.values()];
};

interface Part extends Body {
  readonly Segment: number;
  readonly TotalSegments: number;
  readonly ExclusiveStartKey?: WireItem;
}

const places = new Map<string, number>();

/** Where a partition lies, from 0 to 1, as good as at random: a scan goes neither by keys nor by what was written first. */
const placeOf = ({ pk }: WireItem): number => {
  const known = places.get(pk?.S ?? '');
  if (known !== undefined) return known;
  const place = hash('sha256', pk?.S ?? '', 'buffer').readUInt32BE() / 0x1_0000_0000;
  places.set(pk?.S ?? '', place);
  return place;
};

const inScan = (a: WireItem, b: WireItem): number => {
  if (a.pk?.S !== b.pk?.S) return placeOf(a) - placeOf(b);
  // Keys of facts are of letters that sort as their bytes do.
  return (a.sk?.S ?? '') < (b.sk?.S ?? '') ? -1 : Number(a.sk?.S !== b.sk?.S);
};

/** One page of a part of the table; the items of a partition are neighbours. */
export const scan = (part: Body, items: Iterable<WireItem>, perPage: number): Body => {
  // The wire's body of a Scan is such a part.
  const { Segment, TotalSegments, ExclusiveStartKey: after } = part as Part;
  const isIn = (item: WireItem): boolean => Math.floor(placeOf(item) * TotalSegments) === Segment;
  const found = [...items].filter((item) => isIn(item) && (!after || inScan(item, after) > 0)).sort(inScan);
  const page = found.slice(0, perPage);
  const last = page.at(-1);
  const isFull = page.length === perPage && last;
  return { Items: page, ...(isFull ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk } } : {}) };
};

/** How large the table says it is, and how many items a scan reads at once. */
export interface Measures {
  readonly bytes: number;
  readonly perPage: number;
}

export const createModelEngine = (
  first: readonly WireItem[],
  { bytes, perPage }: Measures = { bytes: 0, perPage: 1000 },
): ModelEngine => {
  const table = new Map(first.map((item) => [keyText(item), item]));
  const commits: Commit[] = [];
  const done = new Set<string>();
  const write = (asks: readonly (Ask & { readonly verb: string })[]): Commit => {
    const written = asks.flatMap((ask) => {
      const key = ask.Item ?? ask.Key ?? {};
      const before = table.get(keyText(key));
      if (ask.verb === 'ConditionCheck') return [];
      const after = ask.Item ?? updated(expressionOf(ask, ask.UpdateExpression ?? ''), before ?? key);
      table.set(keyText(key), after);
      return [{ before, after }];
    });
    const commit = { written };
    commits.push(commit);
    return commit;
  };
  const passes = (ask: Ask): boolean =>
    ask.ConditionExpression === undefined ||
    satisfies(expressionOf(ask, ask.ConditionExpression), table.get(keyText(ask.Item ?? ask.Key ?? {})));
  const transact = (body: Body): Body => {
    // The SDK repeats a lost request under the same token; the engine then says that it is done.
    const token = String(body.ClientRequestToken);
    if (done.has(token)) return {};
    const asks = (body.TransactItems as readonly Record<string, Ask>[]).map((entry) => {
      const [[verb, ask] = ['', {}]] = Object.entries(entry);
      return { ...ask, verb };
    });
    if (!asks.every(passes)) {
      const CancellationReasons = asks.map((ask) => {
        if (passes(ask)) return { Code: 'None' };
        const image = table.get(keyText(ask.Item ?? ask.Key ?? {}));
        const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
        return image ? { ...failed, Item: { ...image } } : failed;
      });
      throw new TransactionCanceledException({ message: 'Transaction cancelled', CancellationReasons, ...metadata });
    }
    done.add(token);
    write(asks);
    return {};
  };
  const update = (body: Body): Body => {
    const ask = body as Ask;
    if (!passes(ask))
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', ...metadata });
    const after = write([{ ...ask, verb: 'Update' }]).written[0]?.after ?? {};
    return { Attributes: after };
  };
  const put = (body: Body): Body => {
    const ask = body as Ask;
    if (!passes(ask))
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', ...metadata });
    write([{ ...ask, verb: 'Put' }]);
    return {};
  };
  const batchWrite = (body: Body): Body => {
    const [asked = []] = Object.values(body.RequestItems as Record<string, { readonly PutRequest: Ask }[]>);
    // One after another: somebody may look in between.
    for (const { PutRequest } of asked) write([{ ...PutRequest, verb: 'Put' }]);
    return { UnprocessedItems: {} };
  };
  const batchGet = (body: Body): Body => {
    const [[name, asked] = ['', { Keys: [] }]] = Object.entries(
      body.RequestItems as Record<string, { Keys: WireItem[] }>,
    );
    return {
      Responses: { [name]: asked.Keys.map((key) => table.get(keyText(key))).filter((item) => item !== undefined) },
      UnprocessedKeys: {},
    };
  };
  return {
    commits,
    perPage,
    items: () => [...table.values()],
    send: (operation, body) => {
      switch (operation) {
        case 'TransactWriteItems':
          return transact(body);
        case 'BatchGetItem':
          return batchGet(body);
        case 'Query':
          return find(body as unknown as Question, table.values());
        case 'UpdateItem':
          return update(body);
        case 'PutItem':
          return put(body);
        case 'BatchWriteItem':
          return batchWrite(body);
        case 'Scan':
          return scan(body, table.values(), perPage);
        case 'DescribeTable':
          return { Table: { TableSizeBytes: bytes } };
        default:
          throw new Error(`The model engine does not know ${operation}.`);
      }
    },
  };
};
