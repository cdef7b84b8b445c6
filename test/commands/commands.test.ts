import { spawnSync } from 'node:child_process';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkups, examine } from '#local/commands/checkups.ts';
import { idleCost, tellCost } from '#local/commands/idle-cost.ts';
import type { StackTemplate } from '#local/commands/stack-template.ts';
import { changesBetween, tellChanges } from '#local/commands/template-changes.ts';
import { whatStays } from '#local/commands/what-stays.ts';

const { AWS_REGION } = process.env;
const formation = mockClient(CloudFormationClient);
const identity = mockClient(STSClient);
const lambda = mockClient(LambdaClient);
beforeEach(() => {
  for (const mock of [formation, identity, lambda]) mock.reset();
});
afterEach(() => {
  process.env.AWS_REGION = AWS_REGION;
});

describe('doctor', () => {
  const inCloud = checkups.filter((checkup) => checkup.inCloud);
  const lineOf = async (name: string): Promise<string> => {
    const { lines } = await examine(checkups.filter((checkup) => checkup.name === name));
    return lines.join('\n');
  };

  test('looks at six things, one line each', async () => {
    const { lines } = await examine(checkups);
    expect(lines.map((line) => line.slice(8).split(' ')[0])).toEqual([
      'Node',
      'Java',
      'region',
      'credentials',
      'bootstrap',
      'quotas',
    ]);
  });

  test('when all is well in the cloud, then it says so', async () => {
    identity.on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:iam::1:user/ada' });
    formation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'CDKToolkit', CreationTime: new Date(0), StackStatus: 'UPDATE_COMPLETE' }],
    });
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1000 } });
    const { lines, well } = await examine(inCloud);
    expect(well).toBe(true);
    expect(lines.every((line) => line.startsWith('ok'))).toBe(true);
    expect(lines[0]).toContain('arn:aws:iam::1:user/ada');
  });

  test('when AWS cannot be reached, then it says what it cannot tell, and that is no fault', async () => {
    identity.on(GetCallerIdentityCommand).rejects(new Error('Could not load credentials\nfrom anywhere'));
    formation.on(DescribeStacksCommand).rejects(new Error('getaddrinfo ENOTFOUND'));
    lambda.on(GetAccountSettingsCommand).rejects(new Error('getaddrinfo ENOTFOUND'));
    const { lines, well } = await examine(inCloud);
    expect(well).toBe(true);
    expect(lines[0]).toBe('?       credentials  cannot be told from here: Could not load credentials');
  });

  test('when no region is set, then AWS is not asked', async () => {
    delete process.env.AWS_REGION;
    const { lines, well } = await examine(checkups);
    expect(well).toBe(false);
    expect(lines.filter((line) => line.includes('cannot be asked without a region'))).toHaveLength(3);
    expect(identity.calls()).toHaveLength(0);
  });

  test('when the account is not bootstrapped or its quota is small, then it says what to do', async () => {
    formation.on(DescribeStacksCommand).rejects(new Error('Stack with id CDKToolkit does not exist'));
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 10 } });
    process.env.AWS_REGION = 'eu-central-1';
    expect(await lineOf('bootstrap')).toBe(
      'MEND    bootstrap    eu-central-1 not there, us-east-1 not there: run `npx cdk bootstrap aws://ACCOUNT/eu-central-1 aws://ACCOUNT/us-east-1` once',
    );
    process.env.AWS_REGION = 'us-east-1';
    expect(await lineOf('bootstrap')).toBe(
      'MEND    bootstrap    us-east-1 not there: run `npx cdk bootstrap aws://ACCOUNT/us-east-1` once',
    );
    expect(await lineOf('quotas')).toContain('only 10 functions may run at once');
  });
});

const template = (Resources: StackTemplate['Resources']): StackTemplate => ({ Resources });
const table = { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain' };
const queue = (seconds: number) => ({ Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: seconds } });

describe('deploy', () => {
  test('says what is created and changed by kind, and what is removed by name', () => {
    const before = template({ Same: queue(1), Longer: queue(1), Gone: queue(1), Kept: table });
    const after = template({ Same: queue(1), Longer: queue(2), New: queue(1), Newer: queue(1) });
    expect(tellChanges(changesBetween(before, after))).toEqual([
      'change     1 × SQS::Queue',
      'create     2 × SQS::Queue',
      'REMOVE         SQS::Queue Gone',
      'LET GO         DynamoDB::Table Kept',
    ]);
    expect(changesBetween(after, after)).toEqual([]);
  });

  test('says what stands there costs each month, by the metrics of alarms and the rules of firewalls', () => {
    const templates = [
      template({
        Table: table,
        Key: { Type: 'AWS::KMS::Key' },
        Copied: { Type: 'AWS::SecretsManager::Secret', Properties: { ReplicaRegions: {} } },
      }),
      template({
        One: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
        Three: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: ['sum', 'a', 'b', 'c'] } },
        Firewall: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: ['a', 'b'] } },
      }),
    ];
    expect(tellCost(idleCost(templates))).toEqual([
      '   $7.00    1 × WAFv2::WebACL',
      '   $1.00    1 × KMS::Key',
      '   $0.80    1 × SecretsManager::Secret',
      '   $0.40    2 × CloudWatch::Alarm',
      '   $9.20  a month when nobody uses it; all else is paid by use',
    ]);
  });
});

test('destroy names what stays', () => {
  expect(whatStays(template({ Table: table, Queue: queue(1) }))).toEqual(['DynamoDB::Table Table']);
});

test.each(['deploy', 'destroy'])('when %s is told a stage that is not there, then it names those there are', (name) => {
  const { status, stderr } = spawnSync(process.execPath, [`local/commands/${name}.ts`, '--stage', 'nope'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toBe('No stage is called nope. There are: dev, prod.\n');
});
