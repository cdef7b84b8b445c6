import * as z from 'zod';
import { account, region } from '#local/template/cloud.ts';
import type { Use } from './policy.ts';

/** A request of an AWS client, as it goes out. */
export interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

const arnOf = (service: string, name: string): string => `arn:aws:${service}:${region}:${account}:${name}`;

interface Named {
  readonly TableName?: string;
  readonly Key?: { readonly pk: { readonly S: string } };
  readonly Item?: { readonly pk: { readonly S: string } };
}

/** What the requests of DynamoDB have that IAM looks at. */
interface TableRequest extends Named {
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
  readonly TransactItems?: readonly Readonly<Record<string, Named>>[];
  /** By table: what is read names keys, what is written is a list. */
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly Required<Named>['Key'][] } | readonly { readonly PutRequest: Named }[]>
  >;
}

const partitionKeys = /^(pk|statusKey|dueKey)$/;

/** The value that a question names its partition by: `pk = :pk`, whatever its names stand for. */
const keyAskedFor = ({
  KeyConditionExpression = '',
  ExpressionAttributeNames,
  ExpressionAttributeValues,
}: TableRequest): readonly string[] =>
  Array.from(KeyConditionExpression.matchAll(/(#?\w+) = (:\w+)/g)).flatMap(([, name = '', value = '']) =>
    partitionKeys.test(ExpressionAttributeNames?.[name] ?? name) ? [ExpressionAttributeValues?.[value]?.S ?? ''] : [],
  );

const keysOf = ({ Key, Item }: Named): readonly string[] => [Key ?? Item].flatMap((named) => named?.pk.S ?? []);

const inTransaction: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** A transaction needs the right of each of its parts; a batch that of each of its tables. */
const usesOfTable = (operation: string, body: string): readonly Use[] => {
  // Every one of these comes from the SDK, which makes them of typed commands.
  const asked = JSON.parse(body) as TableRequest;
  const use = (action: string, table: string, keys: readonly string[]): Use => ({
    action: `dynamodb:${action}`,
    resource: arnOf('dynamodb', `table/${table}`),
    context: {
      'dynamodb:LeadingKeys': keys,
      ...(asked.TransactItems && { 'dynamodb:EnclosingOperation': [operation] }),
    },
  });
  if (asked.TransactItems) {
    return asked.TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, named]) =>
        use(inTransaction[kind] ?? kind, named.TableName ?? '', keysOf(named)),
      ),
    );
  }
  if (asked.RequestItems) {
    return Object.entries(asked.RequestItems).map(([table, items]) => {
      const keys =
        'Keys' in items ? items.Keys.map(({ pk }) => pk.S) : items.flatMap(({ PutRequest }) => keysOf(PutRequest));
      return use(operation, table, keys);
    });
  }
  const table = asked.IndexName ? `${asked.TableName}/index/${asked.IndexName}` : (asked.TableName ?? '');
  const keys = keysOf(asked);
  return [use(operation, table, keys.length > 0 ? keys : keyAskedFor(asked))];
};

const WorkflowRequest = z.looseObject({ stateMachineArn: z.string().optional() });
const PoolRequest = z.looseObject({ UserPoolId: z.string() });
const MailRequest = z.looseObject({ FromEmailAddress: z.string() });

const usesOfFiles = ({ method, path, header }: Call): readonly Use[] => {
  const { pathname, searchParams } = new URL(path, 'http://files');
  const object = (name: string): string => `arn:aws:s3:::${name}`;
  const here = object(decodeURIComponent(pathname.slice(1)));
  const reading = (query: URLSearchParams): string => (query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject');
  if (searchParams.has('list-type')) return [{ action: 's3:ListBucket', resource: here, context: {} }];
  if (method === 'GET' || method === 'HEAD') return [{ action: reading(searchParams), resource: here, context: {} }];
  if (method === 'DELETE') return [{ action: 's3:DeleteObject', resource: here, context: {} }];
  const source = header('x-amz-copy-source');
  const from = source === undefined ? undefined : new URL(source.replace(/^\/?/, '/'), 'http://files');
  return [
    { action: 's3:PutObject', resource: here, context: {} },
    ...(from
      ? [
          {
            action: reading(from.searchParams),
            resource: object(decodeURIComponent(from.pathname.slice(1))),
            context: {},
          },
        ]
      : []),
  ];
};

/** What a request asks of AWS. Throws when it is one that nobody has taught the laptop. */
export const usesOfCall = (call: Call): readonly Use[] => {
  const [service, operation = ''] = (call.header('x-amz-target') ?? '').split('.');
  switch (service) {
    case 'DynamoDB_20120810':
      return usesOfTable(operation, call.body);
    case 'AWSStepFunctions':
      return [
        {
          action: `states:${operation}`,
          resource: WorkflowRequest.parse(JSON.parse(call.body)).stateMachineArn,
          context: {},
        },
      ];
    case 'AWSCognitoIdentityProviderService': {
      const { UserPoolId } = PoolRequest.parse(JSON.parse(call.body));
      return [
        { action: `cognito-idp:${operation}`, resource: arnOf('cognito-idp', `userpool/${UserPoolId}`), context: {} },
      ];
    }
  }
  if (call.path.startsWith('/v2/email/outbound-emails')) {
    const from = MailRequest.parse(JSON.parse(call.body)).FromEmailAddress;
    const identity = arnOf('ses', `identity/${from.slice(from.indexOf('@') + 1)}`);
    return [{ action: 'ses:SendEmail', resource: identity, context: { 'ses:FromAddress': [from] } }];
  }
  return usesOfFiles(call);
};
