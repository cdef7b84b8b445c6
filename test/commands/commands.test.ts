import { spawnSync } from 'node:child_process';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetAccountCommand, GetEmailIdentityCommand, NotFoundException, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stageNamed } from '#infra/stages.ts';
import { checkupsOf, examine } from '#local/commands/checkups.ts';
import { idleCost, tellCost } from '#local/commands/idle-cost.ts';
import type { StackTemplate } from '#local/commands/stack-template.ts';
import { changesBetween, tellChanges } from '#local/commands/template-changes.ts';
import { whatStays } from '#local/commands/what-stays.ts';

const { AWS_REGION } = process.env;
const formation = mockClient(CloudFormationClient);
const identity = mockClient(STSClient);
const lambda = mockClient(LambdaClient);
const mail = mockClient(SESv2Client);
beforeEach(() => {
  for (const mock of [formation, identity, lambda, mail]) mock.reset();
});
afterEach(() => {
  process.env.AWS_REGION = AWS_REGION;
});

describe('doctor', () => {
  const checkups = checkupsOf(stageNamed('prod'));
  const inCloud = checkups.filter((checkup) => checkup.inCloud);
  const lineOf = async (name: string): Promise<string> => {
    const { lines } = await examine(checkups.filter((checkup) => checkup.name === name));
    return lines.join('\n');
  };

  test('looks at seven things, one line each', async () => {
    const { lines } = await examine(checkups);
    expect(lines.map((line) => line.slice(8).split(' ')[0])).toEqual([
      'Node',
      'Java',
      'region',
      'credentials',
      'bootstrap',
      'quotas',
      'mail',
    ]);
  });

  test('when all is well in the cloud, then it says so', async () => {
    identity.on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:iam::1:user/ada' });
    formation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'CDKToolkit', CreationTime: new Date(0), StackStatus: 'UPDATE_COMPLETE' }],
    });
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1000 } });
    mail.on(GetEmailIdentityCommand, { EmailIdentity: 'tandem.example' }).resolves({ VerifiedForSendingStatus: true });
    mail.on(GetAccountCommand).resolves({ ProductionAccessEnabled: true, SendingEnabled: true });
    const { lines, well } = await examine(inCloud);
    expect(well).toBe(true);
    expect(lines.every((line) => line.startsWith('ok'))).toBe(true);
    expect(lines[0]).toContain('arn:aws:iam::1:user/ada');
  });

  /** An error as the SDK or Node throws it. */
  const anError = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

  test('when AWS cannot be reached, then it says what it cannot tell, and that is no fault', async () => {
    const noNetwork = anError('getaddrinfo ENOTFOUND\nsts', { code: 'ENOTFOUND', $metadata: { attempts: 3 } });
    identity.on(GetCallerIdentityCommand).rejects(noNetwork);
    formation.on(DescribeStacksCommand).rejects(noNetwork);
    lambda.on(GetAccountSettingsCommand).rejects(noNetwork);
    mail.on(GetEmailIdentityCommand).rejects(noNetwork);
    const { lines, well } = await examine(inCloud);
    expect(well).toBe(true);
    expect(lines.every((line) => line.startsWith('?'))).toBe(true);
    expect(lines[0]).toBe('?       credentials  cannot be told from here: getaddrinfo ENOTFOUND');
  });

  test.each([
    ['missing', anError('Could not load credentials from any providers', { name: 'CredentialsProviderError' })],
    ['expired', anError('The security token is expired', { name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } })],
    ['denied', anError('Not authorized to perform', { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })],
  ])('when credentials are %s, then that is to be mended', async (_, error) => {
    identity.on(GetCallerIdentityCommand).rejects(error);
    const { lines, well } = await examine(checkups.filter(({ name }) => name === 'credentials'));
    expect(well).toBe(false);
    expect(lines).toEqual([
      `MEND    credentials  ${error.message}: sign in anew, as by \`aws sso login\`, or set AWS_PROFILE`,
    ]);
  });

  test.each([
    ['AWS fails by itself', anError('Internal failure', { $metadata: { httpStatusCode: 500 } })],
    ['nothing answers in time', anError('Connection timed out', { name: 'TimeoutError' })],
  ])('when %s, then nothing is said of credentials', async (_, error) => {
    identity.on(GetCallerIdentityCommand).rejects(error);
    expect(await lineOf('credentials')).toBe(`?       credentials  cannot be told from here: ${error.message}`);
  });

  test.each([
    ['no verified identity', 'tandem.example is no verified identity: verify it in this region'],
    ['in the sandbox', 'the account is in the sandbox: ask AWS for production access'],
    ['paused', 'AWS has paused the sending of mails: ask it why'],
  ])('when the sender of mails is %s, then it says what to do', async (fault, text) => {
    const missing = new NotFoundException({ message: 'not there', $metadata: {} });
    const identities = mail.on(GetEmailIdentityCommand);
    if (fault === 'no verified identity') identities.rejects(missing);
    else identities.resolves({ VerifiedForSendingStatus: true });
    const account = { ProductionAccessEnabled: fault !== 'in the sandbox', SendingEnabled: fault !== 'paused' };
    mail.on(GetAccountCommand).resolves(account);
    expect(await lineOf('mail')).toBe(`MEND    mail         ${text}`);
  });

  test('when no region is set, then AWS is not asked', async () => {
    delete process.env.AWS_REGION;
    const { lines, well } = await examine(checkups);
    expect(well).toBe(false);
    expect(lines.filter((line) => line.includes('cannot be asked without a region'))).toHaveLength(4);
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

  test.each([
    ['the keys of a table', 'AWS::DynamoDB::Table', { KeySchema: ['pk'] }, { KeySchema: ['id'] }],
    ['the name of a table', 'AWS::DynamoDB::Table', {}, { TableName: 'other' }],
    ['how people are named', 'AWS::Cognito::UserPool', {}, { AliasAttributes: ['email'] }],
  ])('says loudly when a change of %s puts a new and empty one in its place', (_, Type, old, next) => {
    const [before, after] = [
      { Type, Properties: old },
      { Type, Properties: next },
    ];
    const told = (one: typeof before, other: typeof before) =>
      tellChanges(changesBetween(template({ Kept: one }), template({ Kept: other })));
    const name = Type.replace('AWS::', '');
    expect(told(before, after)).toEqual([`REPLACE        ${name} Kept: A NEW AND EMPTY ONE TAKES ITS PLACE`]);
    expect(told(before, { Type, Properties: { ...old, Tags: [] } })).toEqual([`change     1 × ${name}`]);
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
