import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Body, type Here, serve } from './bad-line.ts';
import type { Request } from './fault.ts';

/**
 * The way from our code to the bad line without the SDK between: nine tenths of a history's time are the SDK's, which the histories do
 * not test. It gives the same values, the same three tries and the same errors; `lines.test.ts` plays histories on both and wants
 * them to be the same to the last commit.
 */
export interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

type Wired = Readonly<Record<string, AttributeValue>>;

/** A value as the wire has it; undefined fields are left out, as our client is told to do. */
const put = (value: unknown): AttributeValue => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(put) };
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error('The short line knows plain values only.');
  return { M: wire(value as object) };
};

const wire = (map: object): Record<string, AttributeValue> => {
  const wired: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(map)) if (value !== undefined) wired[name] = put(value);
  return wired;
};

const take = (value: AttributeValue): unknown => {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L) return value.L.map(take);
  return value.M ? unwire(value.M) : null;
};

const unwire = (wired: Wired): Record<string, unknown> => {
  const map: Record<string, unknown> = {};
  for (const name in wired) map[name] = take(wired[name] as AttributeValue);
  return map;
};

/** The model engine answers items as the wire has them. */
const plain = (items: unknown): unknown => (items as readonly Wired[]).map(unwire);

type Entry = Readonly<Record<string, unknown>>;

const values = ({ Item, Key, ExpressionAttributeValues, ...rest }: Entry): Entry => ({
  ...rest,
  ...(Item === undefined ? {} : { Item: wire(Item as object) }),
  ...(Key === undefined ? {} : { Key: wire(Key as object) }),
  ...(ExpressionAttributeValues === undefined
    ? {}
    : { ExpressionAttributeValues: wire(ExpressionAttributeValues as object) }),
});

const each = <T>(of: unknown, change: (value: T) => unknown): Entry =>
  Object.fromEntries(Object.entries(of as Readonly<Record<string, T>>).map(([name, value]) => [name, change(value)]));

interface Keys {
  readonly Keys: readonly object[];
}

interface Dialect {
  readonly operation: string;
  readonly out: (input: Entry) => Body;
  readonly back: (answer: Body) => Body;
}

/** How lib-dynamodb puts the four requests we send, and reads their answers. */
const dialects: Readonly<Record<string, Dialect>> = {
  TransactWriteCommand: {
    operation: 'TransactWriteItems',
    out: ({ TransactItems }) => ({
      TransactItems: (TransactItems as readonly Entry[]).map((entry) => each(entry, values)),
      ClientRequestToken: randomUUID(),
    }),
    back: (answer) => answer,
  },
  BatchGetCommand: {
    operation: 'BatchGetItem',
    out: ({ RequestItems }) => ({
      RequestItems: each<Keys>(RequestItems, (asked) => ({ ...asked, Keys: asked.Keys.map(wire) })),
    }),
    back: ({ Responses, UnprocessedKeys }) => ({
      Responses: each(Responses, plain),
      UnprocessedKeys: each<Keys>(UnprocessedKeys, ({ Keys }) => ({ Keys: plain(Keys) })),
    }),
  },
  QueryCommand: {
    operation: 'Query',
    out: (input) => values(input),
    back: (answer) => ({ ...answer, Items: plain(answer.Items) }),
  },
  UpdateCommand: {
    operation: 'UpdateItem',
    out: (input) => values(input),
    back: ({ Attributes }) => ({ Attributes: unwire(Attributes as Wired) }),
  },
};

const services = {
  SFNClient: 'states',
  SESv2Client: 'ses',
  CognitoIdentityProviderClient: 'cognito-idp',
  S3Client: 's3',
  DynamoDBClient: 'dynamodb',
} as const;

const requestOf = (
  client: object,
  { constructor: kind, input }: Sent,
  label: string,
): Request & { readonly dialect?: Dialect } => {
  // Whoever uses the plain client speaks as the wire does.
  const dialect = client.constructor.name === 'DynamoDBClient' ? undefined : dialects[kind.name];
  if (dialect) {
    const { operation } = dialect;
    return { service: 'dynamodb', operation, body: dialect.out(input as Entry), label, dialect };
  }
  const service = services[client.constructor.name as keyof typeof services];
  return { service, operation: kind.name.replace(/Command$/, ''), body: { ...input }, label };
};

const tries = 3;
const passing = new Set(['TimeoutError', 'ProvisionedThroughputExceededException', 'ThrottlingException']);

/** Sends it as the SDK would, on the short line. */
export const sendShortly = async (client: object, command: Sent, place: Here): Promise<Body> => {
  // The SDK lets others go on before it sends anything.
  await Promise.resolve();
  const { dialect, ...request } = requestOf(client, command, place.invocation.label);
  for (let count = 1; ; count += 1) {
    try {
      const answer = await serve(request, place);
      return dialect ? dialect.back(answer) : answer;
    } catch (error) {
      if (count === tries || !(error instanceof Error) || !passing.has(error.name)) throw error;
    }
  }
};
