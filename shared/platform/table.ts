import { type CancellationReason, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DomainError } from '#shared/core/errors.ts';
import { absent, type Condition, compile, type Placeholders, placeName, placeValue } from './condition.ts';
import { setting } from './config.ts';

/** The Program table: every write is one of these four, has a condition, and goes out with its companions in one transaction. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & Readonly<Record<string, unknown>>;

/** What a failed condition means to the caller; the image is the item as it stood, absent when there was none. */
export type Refusal = (image: Item | undefined) => Error;

export type Write = {
  readonly refuse: Refusal;
  /** Whether this refusal is only told when nothing else was refused. */
  readonly yields?: (image: Item | undefined) => boolean;
} & (
  | { readonly write: 'insert'; readonly item: Item }
  | { readonly write: 'replace'; readonly item: Item; readonly when: Condition }
  | { readonly write: 'change'; readonly key: Key; readonly change: Change; readonly when: Condition }
  | { readonly write: 'check'; readonly key: Key; readonly when: Condition }
);

/** Attributes to set, to add a number to, and to remove. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/** A write whose condition did not hold. */
export interface Failure {
  readonly index: number;
  readonly image: Item | undefined;
}

export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

const table = (): string => setting('PROGRAM_TABLE');

const compileChange = (change: Change, placeholders: Placeholders): string => {
  const list = (verb: string, parts: readonly string[]): readonly string[] =>
    parts.length > 0 ? [`${verb} ${parts.join(', ')}`] : [];
  const assign = (values: Readonly<Record<string, unknown>> | undefined, sign: string): readonly string[] =>
    Object.entries(values ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${placeName(name, placeholders)}${sign}${placeValue(value, placeholders)}`);
  return [
    ...list('SET', assign(change.set, ' = ')),
    ...list('ADD', assign(change.add, ' ')),
    ...list(
      'REMOVE',
      (change.remove ?? []).map((name) => placeName(name, placeholders)),
    ),
  ].join(' ');
};

const compileWrite = (write: Write) => {
  const placeholders: Placeholders = { names: {}, values: {} };
  const update = write.write === 'change' ? compileChange(write.change, placeholders) : '';
  const condition = compile(write.write === 'insert' ? absent('pk') : write.when, placeholders);
  const expression = {
    TableName: table(),
    ConditionExpression: condition,
    ExpressionAttributeNames: placeholders.names,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ...(Object.keys(placeholders.values).length > 0 ? { ExpressionAttributeValues: placeholders.values } : {}),
  };
  switch (write.write) {
    case 'insert':
    case 'replace':
      return { Put: { ...expression, Item: write.item } };
    case 'change':
      return { Update: { ...expression, Key: write.key, UpdateExpression: update } };
    case 'check':
      return { ConditionCheck: { ...expression, Key: write.key } };
  }
};

const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
const attempts = 6;

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));

/** lib-dynamodb leaves the images in cancellation reasons as the wire has them. */
const imageOf = (reason: CancellationReason): Item | undefined =>
  // The table holds only what `transact` wrote, so every item has a key.
  reason.Item ? (unmarshall(reason.Item) as Item) : undefined;

/**
 * Writes everything or nothing, in one request. Answers `undefined` when it is written, else the first failure that does not yield.
 * `knows` looks at each failure as it comes and may say that it settles the matter, even when other items were only busy.
 * Cancellations for conflict or throttling, which the SDK does not retry, are tried again with jitter; throws `idempotency.in_flight` when they last.
 */
export const transact = async (
  writes: readonly Write[],
  knows: (failure: Failure) => boolean = () => false,
): Promise<Failure | undefined> => {
  const TransactItems = writes.map(compileWrite);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const failures = reasons.flatMap((reason, index): Failure[] =>
        reason.Code === 'ConditionalCheckFailed' ? [{ index, image: imageOf(reason) }] : [],
      );
      const settled = failures.find(knows);
      if (settled) return settled;
      const busy = reasons.some((reason) => passing.has(reason.Code ?? ''));
      const first = failures.find(({ index, image }) => !writes[index]?.yields?.(image)) ?? failures[0];
      if (first && !busy) return first;
      if (!busy) throw error;
      await pause(attempt);
    }
  }
  throw new DomainError('conflict', 'idempotency.in_flight', 'The same things are being changed right now. Try again.');
};

const perRead = 100;

/** DynamoDB refuses a question that names an item twice; whoever lists things by their ids may. */
const distinct = (keys: readonly Key[]): readonly Key[] => [
  ...new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values(),
];

/** Reads items consistently, in the order of their keys, in one request for each 100; what is not there is `undefined`. */
export const read = async (keys: readonly Key[]): Promise<readonly (Item | undefined)[]> => {
  if (keys.length > perRead) return [...(await read(keys.slice(0, perRead))), ...(await read(keys.slice(perRead)))];
  const found: Item[] = [];
  let pending = keys.length > 1 ? distinct(keys) : keys;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table()]: { Keys: [...pending], ConsistentRead: true } } }),
    );
    // The table holds only what `transact` wrote, so every item has a key.
    found.push(...((Responses?.[table()] ?? []) as Item[]));
    pending = (UnprocessedKeys?.[table()]?.Keys ?? []) as unknown as Key[];
    if (pending.length > 0 && attempt >= attempts) throw new Error('DynamoDB left keys unread after all tries.');
    if (pending.length > 0) await pause(attempt);
  }
  return keys.map((key) => found.find((item) => item.pk === key.pk && item.sk === key.sk));
};

/** A question to the table or to one of its indexes. */
export interface Question {
  readonly index?: 'byStatus' | 'byDue';
  readonly key: Condition;
  readonly filter?: Condition;
  readonly descending?: boolean;
  readonly limit: number;
}

const ask = async (question: Question, after?: Record<string, unknown>) => {
  const placeholders: Placeholders = { names: {}, values: {} };
  const { Items, LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table(),
      ...(question.index ? { IndexName: question.index } : { ConsistentRead: true }),
      KeyConditionExpression: compile(question.key, placeholders),
      ...(question.filter ? { FilterExpression: compile(question.filter, placeholders) } : {}),
      ExpressionAttributeNames: placeholders.names,
      ExpressionAttributeValues: placeholders.values,
      ScanIndexForward: !question.descending,
      Limit: question.limit,
      ...(after ? { ExclusiveStartKey: after } : {}),
    }),
  );
  return { items: (Items ?? []) as Item[], last: LastEvaluatedKey };
};

/** The items that answer, at most `limit` of them; base-table reads are consistent, indexes are not. */
export const query = async (question: Question): Promise<readonly Item[]> => (await ask(question)).items;

/** All items that answer, `limit` of them at once. */
export async function* queryAll(question: Question): AsyncGenerator<readonly Item[]> {
  let page = await ask(question);
  yield page.items;
  while (page.last) {
    page = await ask(question, page.last);
    yield page.items;
  }
}
