import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { routes } from '#functions/routes.ts';
import { schedules } from '#functions/schedules.ts';
import { DataStack } from '#infra/data-stack.ts';
import { EdgeStack } from '#infra/edge-stack.ts';
import { functions, uploadWorkers } from '#infra/functions.ts';
import type { Permission } from '#infra/permissions.ts';
import { ServiceStack } from '#infra/service-stack.ts';
import { stageNamed } from '#infra/stages.ts';
import { statementsOf } from '#infra/statements.ts';
import type { Surroundings } from '#infra/surroundings.ts';
import { Uploads } from '#infra/uploads.ts';
import { idleCost } from '#local/commands/idle-cost.ts';
import { StackTemplate } from '#local/commands/stack-template.ts';
import { at, functionName, listOf, ofType, type Resource, type Template, type Value, wordsOf } from './template.ts';

/** Both stacks of a stage, without bundling: every function gets one line of code. */
const synthesized = (stageName: string): { readonly data: Template; readonly service: Template } => {
  const app = new App({ analyticsReporting: false });
  const stage = stageNamed(stageName);
  const data = new DataStack(app, 'Data', stage);
  new ServiceStack(app, 'Service', { stage, data, codeOf: () => Code.fromInline('exports.handler = () => {}') });
  const assembly = app.synth();
  return { data: assembly.getStackByName('Data').template, service: assembly.getStackByName('Service').template };
};

const { data, service } = synthesized('dev');
const prod = synthesized('prod');

const edgeOf = (stageName: string): Template => {
  const app = new App({ analyticsReporting: false });
  new EdgeStack(app, 'Edge', stageNamed(stageName));
  return app.synth().getStackByName('Edge').template;
};

const words = (value: Value | undefined): string => wordsOf(value, service, [data]);
const only = (template: Template, type: string): Resource => {
  const found = ofType(template, type);
  expect(found, `exactly one ${type}`).toHaveLength(1);
  return found[0]?.[1] as Resource;
};

const lambdas = ofType(service, 'AWS::Lambda::Function');
const lambdaByName = new Map(lambdas.map(([, resource]) => [functionName(resource), resource]));

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Value | undefined;
}

const statementsOfRole = (template: Template, roleId: string, from: readonly Template[]): readonly Statement[] =>
  ofType(template, 'AWS::IAM::Policy')
    .filter(([, policy]) => listOf(policy.Properties.Roles).some((role) => at(role, 'Ref') === roleId))
    .flatMap(([, policy]) => listOf(at(policy.Properties.PolicyDocument, 'Statement')))
    .map((statement) => ({
      actions: listOf(at(statement, 'Action')).map(String),
      resources: listOf(at(statement, 'Resource')).map((resource) => wordsOf(resource, template, from)),
      condition: at(statement, 'Condition'),
    }));

const roleOf = (name: string): string => String(at(lambdaByName.get(name)?.Properties.Role, 'Fn::GetAtt', 0));

/** What a function may do besides writing its log and its dead letters: `action resource`, `(condition)` where there is one. */
const may = (name: string): readonly string[] =>
  statementsOfRole(service, roleOf(name), [data])
    .flatMap(({ actions, resources, condition }) =>
      actions.flatMap((action) =>
        resources.map((resource) => `${action} ${resource}${condition ? ` if ${JSON.stringify(condition)}` : ''}`),
      ),
    )
    .filter((line) => !/^(logs|sqs):/.test(line))
    .sort();

const table = '<DynamoDB::Table.Arn>';
const workflow = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:Tandem-dev-Approval';
const inTransactions = 'if {"ForAnyValue:StringEquals":{"dynamodb:EnclosingOperation":["TransactWriteItems"]}}';
const pool = '<Cognito::UserPool.Arn>';

const read = [`dynamodb:BatchGetItem ${table}`, `dynamodb:Query ${table}`];
const list = [`dynamodb:Query ${table}/index/byStatus`];
const write = ['ConditionCheckItem', 'PutItem', 'UpdateItem'].map(
  (action) => `dynamodb:${action} ${table} ${inTransactions}`,
);
const scan = ['DescribeTable', 'Scan'].map((action) => `dynamodb:${action} <Activity.Arn>`);
const count = [`dynamodb:UpdateItem ${table} if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["rate#*"]}}`];
const payoutRun = workflow.replace('Approval', 'PayoutRun');
const scoringRun = workflow.replace('Approval', 'ScoringRun');
const start = [workflow, payoutRun, scoringRun].map((arn) => `states:StartExecution ${arn}`);
const answer = [workflow, payoutRun].map((arn) => `states:SendTaskSuccess ${arn}`);
const invite = [`cognito-idp:AdminCreateUser ${pool}`];
const lockOut = [`cognito-idp:AdminDisableUser ${pool}`, `cognito-idp:AdminUserGlobalSignOut ${pool}`];
const mail = [
  'ses:SendEmail arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/dev.tandem.example if {"StringEquals":{"ses:FromAddress":"partners@dev.tandem.example"}}',
];
const follow = [
  ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
    (action) => `dynamodb:${action} <DynamoDB::Table.StreamArn>`,
  ),
  'dynamodb:ListStreams *',
];
const files = '<S3::Bucket.Arn>';
const put = [`s3:PutObject ${files}/quarantine/*`];
const show = [`s3:GetObject ${files}/kept/*`, `s3:GetObjectVersion ${files}/kept/*`];
const check = [
  `s3:GetObject ${files}/quarantine/*`,
  `s3:GetObjectVersion ${files}/quarantine/*`,
  `s3:PutObject ${files}/kept/*`,
  `s3:ListBucket ${files}`,
];
const due = [`dynamodb:Query ${table}/index/byDue`];

/** The same rights, where the keys are or begin with these. */
const only_ = (rights: readonly string[], ...keys: readonly string[]): readonly string[] =>
  rights.map((right) => {
    const [what, condition = '{}'] = right.split(' if ');
    const within = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
    return `${what} if ${JSON.stringify({ ...JSON.parse(condition), ...within })}`;
  });

describe('who may do what', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['authorizer', 'reads callers', only_(read, 'usr_*', 'key_*')],
    ['partners', 'reads and writes', [...read, ...list, ...write]],
    ['users', 'reads and writes', [...read, ...list, ...write]],
    ['deals', 'reads and writes, and counts calls', [...read, ...list, ...write, ...count]],
    ['known-accounts', 'reads and writes', [...read, ...write]],
    ['facts', 'reads and writes', [...read, ...write]],
    ['approvals', 'reads and writes, and does not touch the workflow', [...read, ...list, ...write]],
    ['documents', 'reads and writes, and lends its rights on files', [...read, ...write, ...put, ...show]],
    ['verify-document', 'looks at what comes in and keeps what is well', [...read, ...write, ...check]],
    ['program', 'reads and writes the program', only_([...read, ...write], 'program')],
    ['guide', 'only reads the program', only_(read, 'program')],
    ['events', 'only reads', read],
    ['tasks', 'only reads', read],
    ['kpis', 'reads and writes, and reads facts', [...read, ...list, ...write, 'dynamodb:Query <Activity.Arn>']],
    ['statements', 'only reads', [...read, ...list]],
    ['docs', 'may do nothing', []],
    [
      'on-stored-change',
      'follows the stream, drives workflows, keeps sign-ins, sends mail',
      [...read, ...list, ...write, ...follow, ...start, ...answer, ...invite, ...lockOut, ...mail],
    ],
    [
      'write-facts',
      'reads what happened, and writes facts of it',
      [...read, ...follow, 'dynamodb:BatchWriteItem <Activity.Arn>', 'dynamodb:PutItem <Activity.Arn>'],
    ],
    [
      'sweep',
      'finds what is due and drives it on',
      [...read, ...list, ...due, ...write, ...start, ...answer, ...check, 'dynamodb:Query <Activity.Arn>'],
    ],
    ['verify-chains', 'reads everything and changes nothing', [...read, ...list]],
    ['publish-roots', 'reads everything and publishes roots', [...read, ...list, `s3:PutObject ${files}/roots/*`]],
    ['reconcile', 'reads the books and changes nothing', [...read, ...list]],
    [
      'request-approval',
      'asks, and answers or asks again what was decided meanwhile',
      [...read, ...list, ...write, ...start, ...answer],
    ],
    ['follow-up', 'writes, sends mail', [...read, ...list, ...write, ...mail]],
    ['needs-attention', 'reads and writes', [...read, ...write]],
    ['payouts', 'reads and writes', [...read, ...list, ...write]],
    ['load-run', 'reads and writes', [...read, ...write]],
    ['collect-payouts', 'finds what is not paid, reads and writes', [...read, ...list, ...write]],
    ['freeze-run', 'compares with what is frozen, reads and writes', [...read, ...list, ...write]],
    ['pay-chunk', 'reads and writes', [...read, ...write]],
    ['release-chunk', 'reads and writes', [...read, ...write]],
    ['close-run', 'finds what is left, reads and writes', [...read, ...list, ...write]],
    ['health', 'reads and writes', [...read, ...list, ...write]],
    ['scorecards', 'only reads', read],
    ['scorecard-reviews', 'reads and writes', [...read, ...write]],
    [
      'success-plans',
      'reads and writes, and reads facts',
      [...read, ...list, ...write, 'dynamodb:Query <Activity.Arn>'],
    ],
    ['load-scoring', 'looks how many facts there are, reads and writes', [...read, ...write, ...scan]],
    ['score-segment', 'scans facts, reads and writes', [...read, ...write, ...scan]],
    ['close-scoring', 'reads and writes', [...read, ...write]],
  ])('%s: %s, and nothing else', (name, _inWords, expected) => {
    expect(may(name)).toEqual([...expected].sort());
  });

  const statements = ofType(service, 'AWS::IAM::Role').flatMap(([id]) => statementsOfRole(service, id, [data]));

  test('nobody scans the program table, deletes from a table or writes to the program table in batches', () => {
    const onlyFacts = ({ actions, resources }: Statement): boolean =>
      resources.every((each) => each === '<Activity.Arn>') && !actions.some((action) => /Delete/.test(action));
    const actions = statements.filter((each) => !onlyFacts(each)).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /Scan|DeleteItem|BatchWrite|PartiQL/.test(action))).toEqual([]);
  });

  test('no action is a pattern, and no resource either where AWS knows a narrower one', () => {
    expect(statements.flatMap((statement) => statement.actions).filter((action) => action.includes('*'))).toEqual([]);
    // A file has no name before it comes, and an item of a Map none before it runs.
    const files = /^<S3::Bucket\.Arn>\/(quarantine|kept|roots)\/\*$|:execution:Tandem-dev-(Payout|Scoring)Run\/\*$/;
    const wide = statements.filter(({ resources }) =>
      resources.some((each) => each.includes('*') && !files.test(each)),
    );
    expect(
      wide.flatMap((statement) => statement.actions).filter((action) => !/LogDelivery|^logs:/.test(action)),
    ).toEqual(['dynamodb:ListStreams', 'dynamodb:ListStreams']);
  });

  test('no role takes a policy that somebody else keeps', () => {
    expect(ofType(service, 'AWS::IAM::Role').filter(([, role]) => role.Properties.ManagedPolicyArns)).toEqual([]);
  });

  test('workflows call their steps, the scheduler its workers, and no other function', () => {
    const calls = (service_: string) =>
      ofType(service, 'AWS::IAM::Role')
        .filter(([, role]) => JSON.stringify(role.Properties.AssumeRolePolicyDocument).includes(service_))
        .flatMap(([id]) => statementsOfRole(service, id, [data]))
        .filter((statement) => statement.actions.includes('lambda:InvokeFunction'))
        .flatMap((statement) => statement.resources);
    const [approval, run] = ['request-approval follow-up', 'request-approval load-run collect-payouts freeze-run'].map(
      (names) => names.split(' '),
    );
    const scoring = ['load-scoring', 'score-segment', 'close-scoring'];
    const steps = [...(approval ?? []), ...(run ?? []), 'pay-chunk', 'release-chunk', 'close-run', ...scoring];
    expect(calls('states.amazonaws.com').sort()).toEqual(
      [...steps, 'needs-attention', 'needs-attention', 'needs-attention'].map((name) => `<${name}.Arn>`).sort(),
    );
    const scheduled = new Set(schedules.map(({ worker }) => `<${worker}.Arn>`));
    expect(new Set(calls('scheduler.amazonaws.com'))).toEqual(scheduled);
  });

  test('where the table has a key of its own, whoever reads it may use the key, through the table only', () => {
    const withKey = ofType(prod.service, 'AWS::Lambda::Function').filter(([, resource]) => {
      const role = String(at(resource.Properties.Role, 'Fn::GetAtt', 0));
      const key = statementsOfRole(prod.service, role, [prod.data]).find((each) =>
        each.actions.includes('kms:Decrypt'),
      );
      if (key) {
        expect(key.resources).toEqual(['<KMS::Key.Arn>']);
        expect(JSON.stringify(key.condition)).toContain('kms:ViaService');
      }
      return key !== undefined;
    });
    expect(withKey.map(([, resource]) => functionName(resource)).sort()).toEqual(
      functions.flatMap((row) => (row.name === 'docs' ? [] : [row.name])).sort(),
    );
  });
});

describe('who may call', () => {
  const authorizers = ofType(service, 'AWS::ApiGatewayV2::Authorizer');
  const needsToken = ({ Properties }: Resource): boolean => JSON.stringify(Properties.IdentitySource) !== '[]';
  const [authorizerId, authorizer] = authorizers.find(([, it]) => needsToken(it)) ?? [];
  const [heedingId, heeding] = authorizers.find(([, it]) => !needsToken(it)) ?? [];
  const deployed = ofType(service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const integrationId = String(words(Properties.Target)).replace('integrations/', '');
    const guarded = Properties.AuthorizationType === 'CUSTOM' && at(Properties.AuthorizerId, 'Ref') === authorizerId;
    const heeds = Properties.AuthorizationType === 'CUSTOM' && at(Properties.AuthorizerId, 'Ref') === heedingId;
    const open = heeds || Properties.AuthorizationType === 'NONE';
    return { key: String(Properties.RouteKey), guarded, open, heeds, integrationId };
  });

  test('every route of the table of contents is deployed once, and no other', () => {
    expect(deployed.map((route) => route.key).sort()).toEqual(
      routes.map((route) => `${route.method} ${route.path}`).sort(),
    );
  });

  test('these are open to anyone, all others are behind the authorizer', () => {
    expect(deployed.filter((route) => route.open).map((route) => route.key)).toEqual([
      'POST /v1/partners',
      'GET /v1/partners/{partnerId}/application',
      'POST /v1/partners/{partnerId}/resubmission',
      'POST /v1/provider-events/stripe',
      'GET /v1/program',
      'GET /v1/program/guide',
      'GET /openapi.json',
      'GET /docs',
      'GET /docs/scalar.js',
    ]);
    expect(deployed.filter((route) => !route.open && !route.guarded)).toEqual([]);
  });

  test('only whoever applies may come with a token to a route that is open, and is asked about every time', () => {
    expect(deployed.filter((route) => route.heeds).map((route) => route.key)).toEqual(['POST /v1/partners']);
    expect(authorizers).toHaveLength(2);
    expect(heeding?.Properties).toMatchObject({ EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 0 });
    expect(words(heeding?.Properties.AuthorizerUri)).toContain('<authorizer.Arn>');
  });

  test('each route leads to its own door', () => {
    const doorOf = (route: Resource): string => {
      const target = JSON.stringify(route.Properties.Target);
      const integration = ofType(service, 'AWS::ApiGatewayV2::Integration').find(([id]) => target.includes(`"${id}"`));
      return words(integration?.[1].Properties.IntegrationUri);
    };
    const doors = ofType(service, 'AWS::ApiGatewayV2::Route').map(
      ([, route]) => `${route.Properties.RouteKey} ${doorOf(route)}`,
    );
    expect(doors.sort()).toEqual(routes.map((route) => `${route.method} ${route.path} <${route.door}.Arn>`).sort());
  });

  test('when the authorizer has answered, then its yes or no is kept for 60 seconds per token', () => {
    const Properties = authorizer?.Properties ?? {};
    expect(Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ['$request.header.Authorization'],
    });
    expect(words(Properties.AuthorizerUri)).toContain('<authorizer.Arn>');
  });

  test('no other origin may call from a browser, and what strangers can call is slower than the rest', () => {
    expect(only(service, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();
    const stage = only(service, 'AWS::ApiGatewayV2::Stage').Properties;
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
    const slow = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    expect(stage.RouteSettings).toEqual({
      'POST /v1/partners': slow,
      'POST /v1/partners/{partnerId}/resubmission': slow,
      'POST /v1/deals/check': slow,
    });
  });

  test('the access log names no person, address or token', () => {
    const format = String(at(only(service, 'AWS::ApiGatewayV2::Stage').Properties.AccessLogSettings, 'Format'));
    expect(format.match(/\$context\.[\w.]+/g)).toEqual([
      '$context.requestId',
      '$context.routeKey',
      '$context.status',
      '$context.error.responseType',
      '$context.authorizer.status',
      '$context.responseLatency',
      '$context.responseLength',
    ]);
  });
});

describe('what must never be lost', () => {
  const tablesOf = (template: Template) => {
    const [program, activity, ...others] = ofType(template, 'AWS::DynamoDB::Table').map(([, resource]) => resource);
    if (!program || !activity || others.length > 0) throw new Error('There are not two tables.');
    return { program, activity };
  };
  const { program, activity } = tablesOf(data);

  test('the program table outlives its stack, can be restored to any second, and is encrypted', () => {
    expect(program).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(program.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('its indexes answer by status, with a summary, and by what is due, with keys only', () => {
    const indexes = listOf(program.Properties.GlobalSecondaryIndexes).map((index) => [
      at(index, 'IndexName'),
      listOf(at(index, 'KeySchema')).map((key) => at(key, 'AttributeName')),
      at(index, 'Projection'),
    ]);
    expect(indexes).toEqual([
      ['byStatus', ['statusKey', 'statusSort'], { ProjectionType: 'INCLUDE', NonKeyAttributes: ['summary'] }],
      ['byDue', ['dueKey', 'dueAt'], { ProjectionType: 'KEYS_ONLY' }],
    ]);
  });

  test('the activity table outlives its stack too, forgets by itself, and is nothing but its items', () => {
    expect(activity).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(activity.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'x', Enabled: true },
    });
    expect(activity.Properties).not.toHaveProperty('StreamSpecification');
    expect(activity.Properties).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  test('in production the tables and their copies are encrypted with a key of our own, which is kept and renewed', () => {
    const { program: theirs, activity: facts } = tablesOf(prod.data);
    for (const table of [theirs, facts]) expect(words(at(table.Properties.SSESpecification, 'SSEType'))).toBe('KMS');
    const key = only(prod.data, 'AWS::KMS::Key');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  });

  test('sign-ins outlive their stack, nobody signs up alone, and in production a second factor is needed', () => {
    const userPool = only(prod.data, 'AWS::Cognito::UserPool');
    expect(userPool).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(userPool.Properties).toMatchObject({
      DeletionProtection: 'ACTIVE',
      AliasAttributes: ['email'],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
    expect(only(data, 'AWS::Cognito::UserPool').Properties.MfaConfiguration).toBe('OPTIONAL');
  });

  test('the portal signs in by code with PKCE and has no secret', () => {
    expect(only(data, 'AWS::Cognito::UserPoolClient').Properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  test('every door, and who opens them, knows the words of the distribution, of which there is a copy where it is', () => {
    const doors = functions.filter((row) => row.entry.endsWith('/door.ts')).map((row) => row.name);
    const know = lambdas.filter(([, { Properties }]) => {
      const told = words(at(Properties.Environment, 'Variables', 'ORIGIN_SECRETS'));
      if (told === 'undefined') return false;
      const secret = '{{resolve:secretsmanager:<SecretsManager::Secret>:SecretString:';
      expect(told).toBe(`${secret}current::}} ${secret}previous::}}`);
      return true;
    });
    expect(know.map(([, resource]) => functionName(resource)).sort()).toEqual([...doors].sort());
    const secret = ofType(data, 'AWS::SecretsManager::Secret').find(
      ([, { Properties }]) => Properties.Name === 'Tandem-dev-Origin',
    );
    expect(at(secret?.[1].Properties.ReplicaRegions, 'Fn::If', 1)).toEqual([{ Region: 'us-east-1' }]);
  });

  test('the secret that signs cursors is kept, and no template holds it', () => {
    const secrets = ofType(data, 'AWS::SecretsManager::Secret');
    expect(secrets).toHaveLength(4);
    for (const [, secret] of secrets) expect(secret).toMatchObject({ DeletionPolicy: 'Retain' });
    const environment = at(lambdaByName.get('deals')?.Properties.Environment, 'Variables', 'CURSOR_SECRET');
    expect(words(environment)).toBe('{{resolve:secretsmanager:<SecretsManager::Secret>:SecretString:::}}');
  });

  test('the secret that payment details are encrypted under is told to those who keep them and to nobody else', () => {
    const told = [...lambdaByName].filter(([, { Properties }]) =>
      Object.hasOwn(at(Properties.Environment, 'Variables') as object, 'PAYEE_SECRET'),
    );
    expect(told.map(([name]) => name).sort()).toEqual(['partners', 'payout-files']);
  });

  test.each([
    ['STRIPE_SECRET_KEY', 'secretKey', 'pay-chunk'],
    ['STRIPE_WEBHOOK_SECRET', 'webhookSecret', 'provider-events'],
  ])('of the secrets of Stripe, %s is told to one function only, and no template holds it', (setting, member, name) => {
    const who = [...lambdaByName].flatMap(([own, { Properties }]) => {
      const told = words(at(Properties.Environment, 'Variables', setting));
      return told === 'undefined' ? [] : [[own, told]];
    });
    expect(who).toEqual([[name, `{{resolve:secretsmanager:<SecretsManager::Secret>:SecretString:${member}::}}`]]);
  });
});

describe('files', () => {
  const buckets = new Map(
    ofType(data, 'AWS::S3::Bucket').map(([id, bucket]) => [id.replace(/[0-9A-F]{8}$/, ''), bucket]),
  );
  const documents = buckets.get('DocumentsBucket')?.Properties;
  const roots = (stage: Template) => stage.Resources.AuditBucket?.Properties;

  test('lie in these buckets, each of which is ours alone, encrypted, and outlives its stack', () => {
    expect([...buckets.keys()]).toEqual(['AccessLogsBucket', 'DocumentsBucket', 'AuditBucket']);
    for (const bucket of buckets.values()) {
      expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(Object.values(bucket.Properties.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
      expect(bucket.Properties).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
    }
  });

  test('nobody reaches without TLS', () => {
    const policies = ofType(data, 'AWS::S3::BucketPolicy').map(([, { Properties }]) =>
      JSON.stringify(Properties.PolicyDocument),
    );
    expect(policies).toHaveLength(buckets.size);
    for (const policy of policies) {
      expect(policy).toContain('"Bool":{"aws:SecureTransport":"false"}');
      expect(policy).toContain('"NumericLessThan":{"s3:TlsVersion":1.2}');
    }
  });

  test('that are uploaded come from the portal, keep their versions, and go after a day unless they are kept', () => {
    expect(documents).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(at(documents?.CorsConfiguration, 'CorsRules')).toMatchObject([
      { AllowedMethods: ['POST'], AllowedOrigins: [stageNamed('dev').portalUrl] },
    ]);
    const rules = listOf(at(documents?.LifecycleConfiguration, 'Rules'));
    const goes = rules.map((rule) => [at(rule, 'Prefix'), at(rule, 'ExpirationInDays')]);
    expect(goes).toEqual([
      ['quarantine/', 1],
      ['kept/', undefined],
    ]);
    expect(rules.map((rule) => at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays'))).toEqual([1, undefined]);
  });

  test.each([
    ['dev', data, 1],
    ['prod', prod.data, 3653],
  ])('with the roots of the audit trail cannot be changed by anybody: in %s', (_, template, Days) => {
    expect(roots(template)).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days } },
      },
    });
  });

  test('each that comes into quarantine calls every worker that waits for it, and what fails goes to the dead letters', () => {
    const app = new App({ analyticsReporting: false });
    const stage = stageNamed('dev');
    const dataStack = new DataStack(app, 'Data', stage);
    const stack = new ServiceStack(app, 'Service', {
      stage,
      data: dataStack,
      codeOf: () => Code.fromInline('exports.handler = () => {}'),
    });
    new Uploads(stack, 'TriedUploads', {
      bucketName: dataStack.documents.bucket.bucketName,
      functions: stack.functions,
      // As if it waited for uploads: a worker that nothing calls asynchronously otherwise.
      workers: ['needs-attention'],
      deadLetters: stack.schedules.deadLetters,
    });
    const assembly = app.synth();
    const template: Template = assembly.getStackByName('Service').template;
    const tried = ofType(template, 'AWS::Events::Rule').find(([id]) => id.startsWith('TriedUploads'));
    const say = (value: Value | undefined) => wordsOf(value, template, [assembly.getStackByName('Data').template]);
    const { EventPattern, Targets } = tried?.[1].Properties ?? {};
    expect(EventPattern).toMatchObject({ source: ['aws.s3'], 'detail-type': ['Object Created'] });
    expect(say(at(EventPattern, 'detail', 'bucket', 'name', 0))).toBe('<S3::Bucket>');
    expect(at(EventPattern, 'detail', 'object', 'key')).toEqual([{ prefix: 'quarantine/' }]);
    expect(listOf(Targets).map((target) => say(at(target, 'Arn')))).toEqual(['<needs-attention.Arn>']);
    expect(listOf(Targets).map((target) => say(at(target, 'DeadLetterConfig', 'Arn')))).toEqual(['<SQS::Queue.Arn>']);
  });

  test.each<readonly [Permission, readonly string[]]>([
    ['take uploads', ['s3:PutObject documents/quarantine/*']],
    [
      'check uploads',
      [
        's3:GetObject documents/quarantine/*',
        's3:GetObjectVersion documents/quarantine/*',
        's3:PutObject documents/kept/*',
        's3:ListBucket documents',
      ],
    ],
    ['show documents', ['s3:GetObject documents/kept/*', 's3:GetObjectVersion documents/kept/*']],
    ['publish roots', ['s3:PutObject audit/roots/*']],
  ])('who may %s, may that and nothing else', (permission, expected) => {
    const given = statementsOf([permission], {
      documentsBucketArn: 'documents',
      auditBucketArn: 'audit',
    } as Surroundings);
    expect(
      given.flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((on) => `${action} ${on}`))),
    ).toEqual(expected);
  });
});

const drives = [
  'PROGRAM_TABLE',
  'APPROVAL_STATE_MACHINE_ARN',
  'PAYOUT_RUN_STATE_MACHINE_ARN',
  'SCORING_RUN_STATE_MACHINE_ARN',
];

describe('functions', () => {
  test('every function of the list is deployed once, and no other', () => {
    expect(lambdas.map(([, resource]) => functionName(resource)).sort()).toEqual(
      functions.map((row) => row.name).sort(),
    );
  });

  test('every function runs on Node 24 and ARM, in bounded time, and keeps its log for 90 days', () => {
    for (const [, { Properties }] of lambdas) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(Properties.Timeout).toBeGreaterThan(0);
      const log = service.Resources[String(at(Properties.LoggingConfig, 'LogGroup', 'Ref'))];
      expect(log?.Properties.RetentionInDays).toBe(90);
    }
  });

  test('every log is kept for 90 days', () => {
    for (const [, log] of ofType(service, 'AWS::Logs::LogGroup')) expect(log.Properties.RetentionInDays).toBe(90);
  });

  test.each([
    ['authorizer', ['PROGRAM_TABLE', 'ISSUER_URL', 'CLIENT_ID', 'ORIGIN_SECRETS', 'SECRETS_SINCE']],
    ['deals', ['PROGRAM_TABLE', 'CURSOR_SECRET', 'RATE_LIMITS', 'ORIGIN_SECRETS', 'SECRETS_SINCE']],
    ['users', ['PROGRAM_TABLE', 'CURSOR_SECRET', 'RATE_LIMITS', 'ORIGIN_SECRETS', 'SECRETS_SINCE']],
    ['on-stored-change', [...drives, 'USER_POOL_ID', 'MAIL_FROM', 'PORTAL_URL']],
    ['write-facts', ['PROGRAM_TABLE', 'ACTIVITY_TABLE']],
    ['sweep', [...drives, 'ACTIVITY_TABLE', 'DOCUMENTS_BUCKET']],
    ['request-approval', drives],
    ['follow-up', ['PROGRAM_TABLE', 'MAIL_FROM', 'PORTAL_URL']],
    ['needs-attention', ['PROGRAM_TABLE']],
  ])('%s is told of what it reaches, and of nothing else', (name, variables) => {
    expect(Object.keys(at(lambdaByName.get(name)?.Properties.Environment, 'Variables') ?? {}).sort()).toEqual(
      [...variables].sort(),
    );
  });
});

describe('nothing that is handed on gets lost', () => {
  test('two functions read the stream, and each has dead letters of its own', () => {
    const mappings = ofType(service, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping);
    expect(mappings.map((mapping) => words(mapping.Properties.FunctionName))).toEqual([
      '<on-stored-change>',
      '<write-facts>',
    ]);
    const queues = mappings.map(({ Properties }) => at(Properties.DestinationConfig, 'OnFailure', 'Destination'));
    expect(new Set(queues.map((queue) => JSON.stringify(queue))).size).toBe(2);
  });

  test.each([
    ['on-stored-change', undefined],
    ['write-facts', 10],
  ])(
    'the stream brings %s new events only, in one lane, and what cannot be handled goes to the dead letters',
    (worker, window) => {
      const { Properties } =
        ofType(service, 'AWS::Lambda::EventSourceMapping').find(
          ([, mapping]) => words(mapping.Properties.FunctionName) === `<${worker}>`,
        )?.[1] ?? only(service, 'nothing');
      expect(words(Properties.EventSourceArn)).toBe('<DynamoDB::Table.StreamArn>');
      expect(Properties.MaximumBatchingWindowInSeconds).toBe(window);
      expect(Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        ParallelizationFactor: 1,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10,
      });
      const patterns = listOf(at(Properties.FilterCriteria, 'Filters')).map((filter) => String(at(filter, 'Pattern')));
      expect(patterns.map((pattern) => JSON.parse(pattern))).toEqual([
        { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'event#' }] } } } },
      ]);
      expect(words(at(Properties.DestinationConfig, 'OnFailure', 'Destination'))).toBe('<SQS::Queue.Arn>');
    },
  );

  test('every schedule of the table of contents is deployed once, with the instant it stands for and dead letters', () => {
    const deployed = ofType(service, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => ({
      expression: Properties.ScheduleExpression,
      worker: words(at(Properties.Target, 'Arn')),
      input: JSON.parse(String(at(Properties.Target, 'Input'))),
      deadLetters: words(at(Properties.Target, 'DeadLetterConfig', 'Arn')),
    }));
    expect(deployed).toEqual(
      schedules.map((schedule) => ({
        expression: schedule.expression,
        worker: `<${schedule.worker}.Arn>`,
        input: { schedule: schedule.name, time: '<aws.scheduler.scheduled-time>' },
        deadLetters: '<SQS::Queue.Arn>',
      })),
    );
  });

  test('when a worker that is called by schedule or upload fails at every try, then its call goes to the dead letters', () => {
    const configured = ofType(service, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => {
      expect(words(at(Properties.DestinationConfig, 'OnFailure', 'Destination'))).toBe('<SQS::Queue.Arn>');
      return words(Properties.FunctionName);
    });
    const called = new Set([...schedules.map(({ worker }) => worker), ...uploadWorkers]);
    expect(configured.sort()).toEqual([...called].map((worker) => `<${worker}>`).sort());
  });

  test('dead letters are encrypted and lie for 14 days', () => {
    for (const [, queue] of ofType(service, 'AWS::SQS::Queue')) {
      expect(queue.Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
  });
});

describe.each([
  [
    'Approval',
    'workflows/approvals/approval.asl.json',
    ['RequestApproval request-approval', 'FollowUp follow-up', 'NeedsAttention needs-attention'],
  ],
  [
    'PayoutRun',
    'workflows/payouts/payout-run.asl.json',
    [
      'LoadRun load-run',
      'CollectPayouts collect-payouts',
      'FreezeRun freeze-run',
      'RequestApproval request-approval',
      'PayChunk pay-chunk',
      'ReleaseChunk release-chunk',
      'CloseRun close-run',
      'NeedsAttention needs-attention',
    ],
  ],
  [
    'ScoringRun',
    'workflows/health/scoring-run.asl.json',
    [
      'LoadScoring load-scoring',
      'ScoreSegment score-segment',
      'CloseScoring close-scoring',
      'NeedsAttention needs-attention',
    ],
  ],
])('the workflow %s', (name, file, expected) => {
  const machine = ofType(service, 'AWS::StepFunctions::StateMachine')
    .map(([, { Properties }]) => Properties)
    .find(({ StateMachineName }) => StateMachineName === `Tandem-dev-${name}`);

  test('each of its steps is a function that is deployed', () => {
    const steps = Object.entries(machine?.DefinitionSubstitutions ?? {});
    expect(steps.map(([step, arn]) => `${step} ${words(arn)}`)).toEqual(
      expected.map((each) => each.replace(/^(\w+) (.+)$/, '$1FunctionArn <$2.Arn>')),
    );
    const used = [...readFileSync(file, 'utf8').matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]);
    expect(new Set(used)).toEqual(new Set(steps.map(([step]) => step)));
  });

  test('is a standard one under the name its steps know, and logs every step, without what people wrote', () => {
    expect(machine).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: false },
    });
  });
});

test('what stands idle costs each month what docs/performance.md says', () => {
  const told = readFileSync('docs/performance.md', 'utf8');
  const rows = idleCost([prod.data, prod.service, edgeOf('prod')].map((template) => StackTemplate.parse(template)));
  const idleCents = rows.reduce((sum, { cents }) => sum + cents, 0);
  const sweepsCents = 2;
  const dollars = (cents: number): string => (cents / 100).toFixed(2);
  const idle = rows.map(({ type, count, cents }) => `| ${type.replace('AWS::', '')} | ${count} | ${dollars(cents)} |`);
  const months = [
    ['100', '0.23'],
    ['1,000', '2.30'],
    ['10,000', '23'],
  ].map(([partners, use]) => {
    const allCents = Number(use) * 100 + idleCents + sweepsCents;
    return `| ${partners} | ${use} | ${dollars(idleCents + sweepsCents)} | **about ${Math.round(allCents / 100)}** |`;
  });
  expect(told).toContain([...idle, `| in all | | ${dollars(idleCents)} |`].join('\n'));
  expect(told).toContain(months.join('\n'));
});
