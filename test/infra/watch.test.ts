import { globSync, readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { alarms } from '#infra/alarms.ts';
import { DataStack } from '#infra/data-stack.ts';
import { functions } from '#infra/functions.ts';
import { countedLines, reconciled, reconcilers } from '#infra/log-counts.ts';
import { ServiceStack } from '#infra/service-stack.ts';
import { stageNamed } from '#infra/stages.ts';
import { at, listOf, ofType, type Template, type Value, wordsOf } from './template.ts';

const app = new App({ analyticsReporting: false });
const stage = stageNamed('dev');
const dataStack = new DataStack(app, 'Data', stage);
new ServiceStack(app, 'Service', {
  stage,
  data: dataStack,
  codeOf: () => Code.fromInline('exports.handler = () => {}'),
});
const assembly = app.synth();
const service: Template = assembly.getStackByName('Service').template;
const data: Template = assembly.getStackByName('Data').template;

const words = (value: Value | undefined): string => wordsOf(value, service, [data]);
const deployed = new Map(
  ofType(service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [String(Properties.AlarmName), Properties]),
);
const alarmNamed = (name: string) => deployed.get(`Tandem-dev-${name}`);

/** `namespace/metric of dimension` for each metric an alarm looks at. */
const looksAt = (name: string): readonly string[] => {
  const properties = alarmNamed(name);
  const told = (metric: Value | undefined): string => {
    const dimensions = listOf(at(metric, 'Dimensions')).map((each) => words(at(each, 'Value')));
    return `${at(metric, 'Namespace')}/${at(metric, 'MetricName')} ${dimensions.join(' ')}`.trim();
  };
  // One metric stands in the alarm itself, several in a list with their sum.
  const several = listOf(properties?.Metrics).flatMap((each) => {
    const stat = at(each, 'MetricStat');
    return stat === undefined ? [] : [told({ ...(at(stat, 'Metric') as Record<string, Value>) })];
  });
  return several.length > 0 ? several.sort() : [told({ ...properties })];
};

test.each<readonly [string, readonly string[], number, string]>([
  ['stored-changes-given-up', ['AWS/SQS/ApproximateNumberOfMessagesVisible <SQS::Queue.QueueName>'], 0, 'above'],
  ['stored-changes-late', ['AWS/Lambda/IteratorAge <on-stored-change>'], 300_000, 'above'],
  ['facts-given-up', ['AWS/SQS/ApproximateNumberOfMessagesVisible <SQS::Queue.QueueName>'], 0, 'above'],
  ['facts-late', ['AWS/Lambda/IteratorAge <write-facts>'], 3_600_000, 'above'],
  ['call-given-up', ['AWS/SQS/ApproximateNumberOfMessagesVisible <SQS::Queue.QueueName>'], 0, 'above'],
  ['sweep-missing', ['AWS/Lambda/Invocations <sweep>'], 1, 'below'],
  ['due-item-failed', ['Tandem/Service-dueItemFailed'], 0, 'above'],
  ['approval-needs-attention', ['Tandem/Service-workflowFailed'], 0, 'above'],
  ['waits-too-long', ['Tandem/Service-waitsTooLong'], 0, 'above'],
  ['payout-needs-attention', ['Tandem/Service-payoutNeedsAttention'], 0, 'above'],
  [
    'workflow-failed',
    // Of approvals, of payout runs and of scoring runs.
    ['Aborted', 'Failed'].flatMap((name) =>
      Array.from({ length: 3 }, () => `AWS/States/Executions${name} <StepFunctions::StateMachine>`),
    ),
    0,
    'above',
  ],
  [
    'throttled',
    [
      'AWS/DynamoDB/ReadThrottleEvents <Activity>',
      'AWS/DynamoDB/ReadThrottleEvents <DynamoDB::Table>',
      'AWS/DynamoDB/ReadThrottleEvents byDue <DynamoDB::Table>',
      'AWS/DynamoDB/ReadThrottleEvents byStatus <DynamoDB::Table>',
      'AWS/DynamoDB/WriteThrottleEvents <Activity>',
      'AWS/DynamoDB/WriteThrottleEvents <DynamoDB::Table>',
      'AWS/DynamoDB/WriteThrottleEvents byDue <DynamoDB::Table>',
      'AWS/DynamoDB/WriteThrottleEvents byStatus <DynamoDB::Table>',
      'AWS/Lambda/Throttles',
      'AWS/States/ThrottledEvents StateTransition',
    ],
    10,
    'above',
  ],
  ['answers-of-5xx', ['AWS/ApiGateway/5xx <ApiGatewayV2::Api>'], 5, 'above'],
  [
    'reconciliation-found-faults',
    ['Tandem/Service-faults-reconcile', 'Tandem/Service-faults-verify-chains'],
    0,
    'above',
  ],
  ['verify-chains-missing', ['Tandem/Service-faults-verify-chains'], 1, 'below'],
  ['reconcile-missing', ['Tandem/Service-faults-reconcile'], 1, 'below'],
  ['authorizer-failed', ['AWS/Lambda/Errors <authorizer>'], 0, 'above'],
])('%s rings by %j at %d and %s', (name, metrics, threshold, side) => {
  const below = side === 'below';
  expect(looksAt(name)).toEqual(metrics);
  expect(alarmNamed(name)).toMatchObject({
    Threshold: threshold,
    ComparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanThreshold',
    // Silence is well, but where silence is the fault.
    TreatMissingData: below ? 'breaching' : 'notBreaching',
  });
});

describe('every alarm', () => {
  test('of the table is deployed, and no other', () => {
    expect([...deployed.keys()].sort()).toEqual(alarms.map(({ name }) => `Tandem-dev-${name}`).sort());
  });

  test.each(alarms)('$name says what it means and what to do, here and in the operations guide', (row) => {
    const { name, meaning, action } = row;
    expect(alarmNamed(name)?.AlarmDescription).toBe(`${meaning} ${action}`);
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(`| \`${name}\` | ${meaning} | ${action} |`);
  });

  test('tells the topic, and the topic tells people', () => {
    const [topic, ...others] = ofType(service, 'AWS::SNS::Topic');
    expect(others).toEqual([]);
    for (const properties of deployed.values()) {
      expect(listOf(properties.AlarmActions)).toEqual([{ Ref: topic?.[0] }]);
    }
    expect(ofType(service, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint)).toEqual([
      stage.alarmsTo,
    ]);
  });

  test('looks at no more metrics than CloudWatch takes for one, and at every index of the tables', () => {
    for (const { name } of alarms) expect(looksAt(name).length).toBeLessThanOrEqual(10);
    const indexes = ofType(data, 'AWS::DynamoDB::Table').flatMap(([, { Properties }]) =>
      listOf(Properties.GlobalSecondaryIndexes).map((index) => String(at(index, 'IndexName'))),
    );
    expect(indexes.length).toBeGreaterThan(0);
    const told = looksAt('throttled').join();
    for (const index of indexes) expect(told).toContain(`ThrottleEvents ${index} `);
  });

  test('is drawn on the one dashboard', () => {
    const [dashboard, ...others] = ofType(service, 'AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const drawn = words(dashboard?.[1].Properties.DashboardBody);
    for (const { name } of alarms) expect(drawn).toContain(`"title":"${name}"`);
  });
});

test('every line that is counted is a line that a worker writes', () => {
  const workers = globSync('workflows/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  for (const line of Object.values(countedLines)) {
    expect(workers.filter((text) => text.includes(`log.error('${line}'`))).toHaveLength(1);
  }
  for (const worker of reconcilers) {
    const entry = functions.find(({ name }) => name === worker)?.entry ?? '';
    expect(readFileSync(entry, 'utf8')).toMatch(new RegExp(`log\\.info\\('${reconciled}', \\{[^}]*\\bfaults\\b`));
  }
});

test('a nightly look that has not ended for 26 hours is told, and what it found is summed up each hour', () => {
  expect(alarmNamed('verify-chains-missing')).toMatchObject({
    Statistic: 'SampleCount',
    Period: 3600,
    EvaluationPeriods: 26,
    DatapointsToAlarm: 26,
  });
  const filter = ofType(service, 'AWS::Logs::MetricFilter').find(([id]) => id.includes('verifychains'));
  expect(filter?.[1].Properties.FilterPattern).toBe('{ $.message = "reconciled" }');
  expect(at(filter?.[1].Properties.MetricTransformations, 0, 'MetricValue')).toBe('$.faults');
});
