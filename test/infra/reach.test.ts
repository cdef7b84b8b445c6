import { describe, expect, test } from 'vitest';
import { environmentOf } from '#infra/environment.ts';
import { functions } from '#infra/functions.ts';
import { type Permission, permissions } from '#infra/permissions.ts';
import { stageNamed } from '#infra/stages.ts';
import type { Surroundings } from '#infra/surroundings.ts';
import { readSourceFiles } from '#test/architecture/source-files.ts';

/** What a call to AWS, as it is written in the code, needs. Calls to the table are every store's, and are not told apart here. */
const needs: Readonly<Record<string, Permission | 'the table'>> = {
  BatchGetCommand: 'the table',
  QueryCommand: 'the table',
  TransactWriteCommand: 'the table',
  UpdateCommand: 'count calls',
  BatchWriteItemCommand: 'write facts',
  PutItemCommand: 'write facts',
  ScanCommand: 'scan facts',
  DescribeTableCommand: 'scan facts',
  StartExecutionCommand: 'start workflows',
  SendTaskSuccessCommand: 'answer workflows',
  AdminCreateUserCommand: 'invite people',
  AdminDisableUserCommand: 'lock people out',
  AdminUserGlobalSignOutCommand: 'lock people out',
  SendEmailCommand: 'send mail',
  PutObjectCommand: 'publish roots',
  GetObjectCommand: 'check uploads',
  CopyObjectCommand: 'check uploads',
};

const callable: readonly Permission[] = [
  'list by status',
  'count calls',
  'read what is due',
  'write facts',
  'read facts',
  'scan facts',
  'start workflows',
  'answer workflows',
  'invite people',
  'lock people out',
  'send mail',
];

const surroundings: Surroundings = {
  stage: stageNamed('dev'),
  tableName: 'name',
  tableArn: 'arn',
  streamArn: 'arn',
  activityTableName: 'name',
  activityTableArn: 'arn',
  tableKeyArn: undefined,
  region: 'region',
  userPoolId: 'id',
  userPoolArn: 'arn',
  issuerUrl: 'url',
  clientId: 'id',
  cursorSecret: 'secret',
  payeeSecret: 'secret',
  stripeKey: 'secret',
  stripeWebhookSecret: 'secret',
  originSecrets: 'current previous',
  approvalWorkflowName: 'name',
  approvalWorkflowArn: 'arn',
  payoutRunWorkflowName: 'name',
  payoutRunWorkflowArn: 'arn',
  scoringRunWorkflowName: 'name',
  scoringRunWorkflowArn: 'arn',
  mailIdentityArn: 'arn',
  documentsBucketName: 'name',
  documentsBucketArn: 'arn',
  auditBucketName: 'name',
  auditBucketArn: 'arn',
};

const files = new Map(readSourceFiles().map((file) => [file.path, file]));

const storesAndContracts = [...files.keys()].filter((path) => /-(store|contract)\.ts$/.test(path));

/** Every list that some store answers from the index byStatus. */
const listsByStatus =
  /\b(listDeals|listApiKeys|listUsers|listStaffEmails|listApprovals|listDecidedSince|listPartners|listMatrix|listWaiting|listBudgets|listRequests|listRuns|listScoringRuns|listHealth|listPlans|unsettledStatements|pagesOf|readBooks|listHeads)\b/;

/** The text of all our files that are loaded with this one. */
const textBehind = (path: string, seen = new Set<string>()): string => {
  const file = files.get(path);
  if (!file || seen.has(path)) return '';
  seen.add(path);
  const loaded = file.imports.filter((each) => each.isOurs && !each.isType);
  return [file.text, ...loaded.map((each) => textBehind(each.target, seen))].join('\n');
};

/** The same without stores, which hold lists beside what every function reads, and contracts, which are named like them. */
const ownTextBehind = (path: string): string => textBehind(path, new Set(storesAndContracts));

const all = (pattern: RegExp, text: string): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

describe.each(functions.map((row) => [row.name, row.entry] as const))('%s', (name, entry) => {
  const text = textBehind(entry);
  const calls = all(/new (\w+Command)\(/g, text);
  const needed = new Set([
    ...calls.map((call) => needs[call] ?? `a permission for ${call}`),
    ...(/\bindex: 'byDue'/.test(text) ? ['read what is due'] : []),
    ...(/\blistFacts\b/.test(ownTextBehind(entry)) ? ['read facts'] : []),
    ...(listsByStatus.test(ownTextBehind(entry)) ? ['list by status'] : []),
  ]);

  test('may do every call that its code makes', () => {
    const granted = new Set<string>([...permissions[name], 'the table']);
    expect([...needed].filter((permission) => !granted.has(permission))).toEqual([]);
  });

  test('may make no call that its code does not', () => {
    const granted = permissions[name].filter((permission) => callable.includes(permission));
    expect(granted.filter((permission) => !needed.has(permission))).toEqual([]);
  });

  test('is told every setting that its code asks for', () => {
    const told = Object.keys(environmentOf(name, surroundings));
    expect(all(/\bsetting\('(\w+)'\)/g, text).filter((asked) => !told.includes(asked))).toEqual([]);
  });
});
