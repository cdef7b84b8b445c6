import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { documentPlaces } from '#shared/core/document-places.ts';
import type { Permission } from './permissions.ts';
import type { Surroundings } from './surroundings.ts';

type Conditions = Record<string, Record<string, string | string[]>>;

const allow = (actions: readonly string[], resources: readonly string[], conditions: Conditions = {}) =>
  new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources], conditions });

const dynamodb = (...names: string[]) => names.map((name) => `dynamodb:${name}`);

const inTransactions = { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } };
const below = (bucketArn: string, prefix: string) => [`${bucketArn}/${prefix}*`];
const onKeys = (keys: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
});

const meanings: Readonly<Record<Permission, (to: Surroundings, within: Conditions) => readonly PolicyStatement[]>> = {
  read: (to, within) => [allow(dynamodb('BatchGetItem', 'Query'), [to.tableArn], within)],
  'list by status': (to) => [allow(dynamodb('Query'), [`${to.tableArn}/index/byStatus`])],
  'read what is due': (to) => [allow(dynamodb('Query'), [`${to.tableArn}/index/byDue`])],
  write: (to, within) => [
    allow(dynamodb('PutItem', 'UpdateItem', 'ConditionCheckItem'), [to.tableArn], { ...inTransactions, ...within }),
  ],
  'count calls': (to) => [allow(dynamodb('UpdateItem'), [to.tableArn], onKeys(['rate#*']))],
  'follow the stream': (to) => [
    allow(dynamodb('DescribeStream', 'GetRecords', 'GetShardIterator'), [to.streamArn]),
    // AWS knows no narrower resource for this one action.
    allow(dynamodb('ListStreams'), ['*']),
  ],
  'write facts': (to) => [allow(dynamodb('BatchWriteItem', 'PutItem'), [to.activityTableArn])],
  'read facts': (to) => [allow(dynamodb('Query'), [to.activityTableArn])],
  'scan facts': (to) => [allow(dynamodb('DescribeTable', 'Scan'), [to.activityTableArn])],
  'start workflows': (to) => [
    allow(['states:StartExecution'], [to.approvalWorkflowArn, to.payoutRunWorkflowArn, to.scoringRunWorkflowArn]),
  ],
  'answer workflows': (to) => [allow(['states:SendTaskSuccess'], [to.approvalWorkflowArn, to.payoutRunWorkflowArn])],
  'invite people': (to) => [allow(['cognito-idp:AdminCreateUser'], [to.userPoolArn])],
  'lock people out': (to) => [
    allow(['cognito-idp:AdminDisableUser', 'cognito-idp:AdminUserGlobalSignOut'], [to.userPoolArn]),
  ],
  'send mail': (to) => [
    allow(['ses:SendEmail'], [to.mailIdentityArn], { StringEquals: { 'ses:FromAddress': to.stage.mailFrom } }),
  ],
  'take uploads': (to) => [allow(['s3:PutObject'], below(to.documentsBucketArn, documentPlaces.quarantine))],
  'check uploads': (to) => [
    allow(['s3:GetObject', 's3:GetObjectVersion'], below(to.documentsBucketArn, documentPlaces.quarantine)),
    allow(['s3:PutObject'], below(to.documentsBucketArn, documentPlaces.kept)),
    // S3 says that a file is not there only to those who may list its bucket; to others, that it is forbidden.
    allow(['s3:ListBucket'], [to.documentsBucketArn]),
  ],
  'show documents': (to) => [
    allow(['s3:GetObject', 's3:GetObjectVersion'], below(to.documentsBucketArn, documentPlaces.kept)),
  ],
  // What they are encrypted under is a setting; it needs no right.
  'keep payees': () => [],
  'pay by Stripe': () => [],
  'hear Stripe': () => [],
  'publish roots': (to) => [allow(['s3:PutObject'], below(to.auditBucketArn, 'roots/'))],
};

const needKey: readonly Permission[] = ['read', 'write facts', 'read facts', 'scan facts'];

/** Tables with a key of their own are read and written only by who may use the key, and only through the tables. */
const useOfTableKey = (key: string, region: string): PolicyStatement =>
  allow(
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    [key],
    { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
  );

/** The permissions of one function as IAM understands them; `keys` are where its reach in the table ends, if it does. */
export const statementsOf = (
  permissions: readonly Permission[],
  to: Surroundings,
  keys?: readonly string[],
): readonly PolicyStatement[] => {
  const granted = permissions.flatMap((permission) => meanings[permission](to, keys ? onKeys(keys) : {}));
  return to.tableKeyArn && permissions.some((permission) => needKey.includes(permission))
    ? [...granted, useOfTableKey(to.tableKeyArn, to.region)]
    : granted;
};
