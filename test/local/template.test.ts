import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCloud } from '#local/template/cloud.ts';
import { readSystem } from '#local/template/system.ts';
import { aCloudFolder, serviceResources } from './a-cloud.ts';

const places = {
  issuer: 'http://localhost:4000',
  api: 'http://localhost:3000',
  secret: (id: string) => `secret of ${id}`,
};
const read = (folder: string) => readSystem(readCloud(folder, places));
const dealsArn = 'arn:aws:lambda:eu-central-1:000000000000:function:Deals';

test('when a function names things of both stacks, then its environment holds their names on the laptop', () => {
  const folder = aCloudFolder();
  expect(read(folder).functions).toEqual([
    {
      name: 'Deals',
      arn: dealsArn,
      folder: join(folder, 'asset.abc'),
      handler: 'index.handler',
      timeoutSeconds: 10,
      memoryMb: 128,
      environment: {
        TABLE: 'Program',
        MACHINE: 'arn:aws:states:eu-central-1:000000000000:stateMachine:approval',
        ISSUER: 'http://localhost:4000',
        SECRET: 'secret of arn:aws:secretsmanager:eu-central-1:000000000000:secret:Secret',
        SECOND: 'two',
      },
      statements: [
        {
          actions: ['dynamodb:Query'],
          resources: ['arn:aws:dynamodb:eu-central-1:000000000000:table/Program/index/byStatus'],
          conditions: {},
        },
        {
          actions: ['dynamodb:PutItem'],
          resources: ['arn:aws:dynamodb:eu-central-1:000000000000:table/Program'],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['rate#*'] } },
        },
      ],
    },
  ]);
});

test('when a route has an authorizer, then both lead to their functions', () => {
  expect(read(aCloudFolder()).routes).toEqual([
    {
      method: 'GET',
      path: '/v1/deals/{dealId}',
      functionArn: dealsArn,
      authorizer: { functionArn: dealsArn, identityHeaders: ['authorization'], cacheSeconds: 60 },
    },
  ]);
});

test('when a stream, a workflow and a schedule are described, then nothing of them is lost', () => {
  const { streamMappings, machines, schedules, tables, clientId } = read(aCloudFolder());
  expect(streamMappings).toEqual([
    {
      id: 'Stored',
      tableName: 'Program',
      functionArn: dealsArn,
      batchSize: 10,
      patterns: [{ eventName: ['INSERT'] }],
      reportsItemFailures: true,
      bisects: false,
      maximumRetries: Number.POSITIVE_INFINITY,
    },
  ]);
  expect(machines.map(({ name, definition }) => [name, definition])).toEqual([['approval', `{"Ask":"${dealsArn}"}`]]);
  expect(schedules.map(({ name, expression }) => [name, expression])).toEqual([['Sweep', 'rate(15 minutes)']]);
  expect(tables[0]?.create).toMatchObject({
    TableName: 'Program',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  expect(clientId).toBe('Portal');
});

test('when buckets and rules of events are described, then nothing of them is lost', () => {
  const { buckets, eventRules } = read(aCloudFolder());
  const versions = { isVersioned: true, canLock: false, tellsEvents: false, methodsForBrowsers: [] };
  expect(buckets).toEqual([
    { ...versions, name: 'papers', arn: 'arn:aws:s3:::papers', tellsEvents: true, methodsForBrowsers: ['POST'] },
    {
      ...versions,
      name: 'roots',
      arn: 'arn:aws:s3:::roots',
      canLock: true,
      retention: { mode: 'COMPLIANCE', days: 7 },
    },
  ]);
  const pattern = { source: ['aws.s3'], detail: { bucket: { name: ['papers'] } } };
  expect(eventRules).toEqual([{ id: 'Uploads', pattern, functionArn: dealsArn }]);
});

test.each([
  [
    'a kind of resource it does not know',
    { ...serviceResources, Orders: { Type: 'AWS::Kinesis::Stream' } },
    'The laptop cannot serve AWS::Kinesis::Stream (Orders)',
  ],
  [
    'a function of templates it does not know',
    { Odd: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: { 'Fn::Cidr': [] } } } },
    'The laptop does not know Fn::Cidr',
  ],
  [
    'a bucket that tells its events in another way',
    {
      Odd: {
        Type: 'AWS::S3::Bucket',
        Properties: { NotificationConfiguration: { LambdaConfigurations: [] } },
      },
    },
    'LambdaConfigurations',
  ],
  [
    'a rule that leads to something else than a function',
    {
      Odd: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: {}, Targets: [{ Id: 'a', Arn: 'arn:aws:sqs:eu-central-1:000000000000:q' }] },
      },
    },
    'arn:aws:lambda:',
  ],
  [
    'a right under a condition that nobody knows',
    {
      Odd: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: ['role'],
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: 'a', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '::1' } } },
            ],
          },
        },
      },
    },
    'IpAddress',
  ],
  [
    'a schedule in another time zone',
    {
      ...serviceResources,
      Odd: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'rate(1 day)',
          ScheduleExpressionTimezone: 'Europe/Berlin',
          Target: { Arn: dealsArn },
        },
      },
    },
    'ScheduleExpressionTimezone',
  ],
])('when the template has %s, then it is refused by name', (_, resources, message) => {
  expect(() => read(aCloudFolder(resources))).toThrow(message);
});
