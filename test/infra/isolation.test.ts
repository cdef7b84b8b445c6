import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { routes } from '#functions/routes.ts';
import type { FunctionName } from '#infra/functions.ts';
import { permissions, reachedKeys } from '#infra/permissions.ts';
import { stageNamed } from '#infra/stages.ts';
import { statementsOf } from '#infra/statements.ts';
import type { Surroundings } from '#infra/surroundings.ts';
import { approvalIdOf } from '#shared/core/awaited.ts';
import type { Caller } from '#shared/core/caller.ts';
import { addDays } from '#shared/core/time.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { getScoringRun } from '#shared/health/scoring-run-store.ts';
import { activity } from '#shared/platform/activity-table.ts';
import { documents } from '#shared/platform/table.ts';
import { tokenOf } from '#shared/users/api-key.ts';
import { askings, type Things } from '#test/access/askings.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aWaitingDeal } from '#test/approvals/a-waiting-deal.ts';
import { startIssuer } from '#test/authorizer/an-issuer.ts';
import { freshCustomer, freshPartner, large, register } from '#test/deals/at-the-deals-door.ts';
import { aProfile, aStartedScoringRun, reviewDay } from '#test/health/a-scoring-run.ts';
import { knock } from '#test/http/a-door.ts';
import { now } from '#test/partners/a-partner.ts';
import { aCollectedRun, anEarner, ask as askPayouts, decideRun, payDay } from '#test/payouts/a-run.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { type Door, send } from '#test/support/call.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';

/** One thing that was asked of the table, as a policy sees it. */
interface Use {
  readonly action: string;
  readonly resource: string;
  readonly leadingKey: string;
  readonly inTransaction: boolean;
}

const tableArn = 'arn:table';
const to: Surroundings = {
  stage: stageNamed('dev'),
  tableName: 'table',
  tableArn,
  streamArn: 'arn:stream',
  activityTableName: 'activity',
  activityTableArn: 'arn:activity',
  tableKeyArn: undefined,
  region: 'eu-central-1',
  userPoolId: 'pool',
  userPoolArn: 'arn:pool',
  issuerUrl: 'https://issuer.example',
  clientId: 'client',
  cursorSecret: 'secret',
  payeeSecret: 'secret',
  stripeKey: 'secret',
  stripeWebhookSecret: 'secret',
  originSecrets: 'current previous',
  approvalWorkflowName: 'workflow',
  approvalWorkflowArn: 'arn:workflow',
  payoutRunWorkflowName: 'payout-run',
  payoutRunWorkflowArn: 'arn:payout-run',
  scoringRunWorkflowName: 'scoring-run',
  scoringRunWorkflowArn: 'arn:scoring-run',
  mailIdentityArn: 'arn:mail',
  documentsBucketName: 'documents',
  documentsBucketArn: 'arn:documents',
  auditBucketName: 'audit',
  auditBucketArn: 'arn:audit',
};

let running: FunctionName | undefined;
const uses = new Map<FunctionName, Use[]>();
const note = (use: Use): void => {
  if (running) uses.set(running, [...(uses.get(running) ?? []), use]);
};

interface Named {
  readonly Key?: { readonly pk?: unknown };
  readonly Item?: { readonly pk?: unknown };
}
const actionOf: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
};
const keyOf = (named: Named): string => String((named.Key ?? named.Item)?.pk ?? '');

/** What a question or a reading names beside its table. */
interface Asking {
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly { readonly pk?: unknown }[] }>>;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** The partition keys that IAM would see: those of the items that are read, or the one that is asked for. */
const keysAskedFor = (asking: Asking): readonly string[] => {
  const { RequestItems, KeyConditionExpression = '', ExpressionAttributeNames, ExpressionAttributeValues } = asking;
  if (RequestItems) return Object.values(RequestItems).flatMap(({ Keys = [] }) => Keys.map(({ pk }) => String(pk)));
  const equal = [...KeyConditionExpression.matchAll(/(#\w+) = (:\w+)/g)].find(([, name = '']) =>
    /^(pk|statusKey|dueKey)$/.test(ExpressionAttributeNames?.[name] ?? ''),
  );
  return [String(ExpressionAttributeValues?.[equal?.[2] ?? ''] ?? '')];
};

// Before the SDK makes wire format of it, and once for each command, whatever is retried.
documents.middlewareStack.add(
  (next, { commandName = '' }) =>
    (request) => {
      const command = commandName.replace('Command', '');
      // The commands of one client have nothing more in common than being objects.
      const input = request.input as Named & { IndexName?: string; TransactItems?: readonly Record<string, Named>[] };
      const plain = {
        resource: input.IndexName ? `${tableArn}/index/${input.IndexName}` : tableArn,
        inTransaction: false,
      };
      if (command === 'TransactWriteItems') {
        for (const [kind, named] of (input.TransactItems ?? []).flatMap((each) => Object.entries(each))) {
          note({ ...plain, action: actionOf[kind] ?? kind, leadingKey: keyOf(named), inTransaction: true });
        }
      } else {
        const keys = 'Key' in input ? [keyOf(input)] : keysAskedFor(request.input as Asking);
        for (const leadingKey of keys) note({ ...plain, action: command, leadingKey });
      }
      return next(request);
    },
  { step: 'initialize', name: 'noteUses' },
);

// Facts are told apart by their table alone.
activity.middlewareStack.add(
  (next, { commandName = '' }) =>
    (request) => {
      const action = commandName.replace('Command', '');
      note({ action, resource: to.activityTableArn, leadingKey: '', inTransaction: false });
      return next(request);
    },
  { step: 'initialize', name: 'noteUses' },
);

const policyOf = (name: FunctionName) => statementsOf(permissions[name], to, reachedKeys[name]);

const isLike = (key: string, pattern: string): boolean =>
  pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;

/** Whether IAM would let it through: an allowed action on that very resource, and every condition of the statement holds. */
const isAllowed = (name: FunctionName, use: Use): boolean =>
  policyOf(name).some((statement) => {
    const { Action, Resource, Condition = {} } = statement.toStatementJson();
    if (![Action].flat().includes(`dynamodb:${use.action}`) || ![Resource].flat().includes(use.resource)) return false;
    return Object.entries(Condition as Record<string, Record<string, string | string[]>>).every(([, test]) => {
      if ('dynamodb:EnclosingOperation' in test) return use.inTransaction;
      const patterns = [test['dynamodb:LeadingKeys'] ?? []].flat();
      return patterns.some((pattern) => isLike(use.leadingKey, pattern));
    });
  });

/** `action resource` for all of the tables that its policy allows. */
const allowedTo = (name: FunctionName): readonly string[] =>
  policyOf(name)
    .flatMap((statement) => {
      const { Action, Resource } = statement.toStatementJson();
      return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`));
    })
    .filter((each) => each.includes(tableArn) || each.includes(to.activityTableArn))
    .map((each) => each.replace('dynamodb:', ''));

const as = async (name: FunctionName, work: () => Promise<unknown>): Promise<void> => {
  running = name;
  try {
    await work();
  } finally {
    running = undefined;
  }
};

const handlerOf = async (path: string): Promise<(event: unknown) => Promise<unknown>> => {
  const module: { handler: unknown } = await import(pathToFileURL(resolve(path)).href);
  // Every entry exports its Lambda handler under this name.
  return module.handler as (event: unknown) => Promise<unknown>;
};

/** Everybody asks everything of every door, rightly and wrongly; some of it changes something. */
const runDoors = async (things: Things): Promise<void> => {
  const callers: readonly Caller[] = [
    { kind: 'anonymous', id: 'anonymous' },
    repOf(things.partnerId),
    adminOf(things.partnerId),
    manager,
    finance,
    admin,
  ];
  for (const { door, operation } of routes) {
    if (!existsSync(`functions/${door}/door.ts`)) continue;
    // middy's handler type knows more about its context than a test has to give.
    const handler = (await handlerOf(`functions/${door}/door.ts`)) as unknown as Door;
    for (const caller of callers) {
      for (const ifMatch of [undefined, 1, 2]) {
        const call = { operation, caller, ...askings[operation].call(things, caller) };
        // A list of everything, where the asking is for one partner's.
        if (operation.startsWith('list-')) {
          await as(door, () => knock(handler, { operation, caller }));
        }
        const seen = ifMatch === undefined || call.ifMatch === undefined ? {} : { ifMatch };
        await as(door, () => knock(handler, { ...call, ...seen }));
      }
    }
  }
};

const issuer = await startIssuer();
afterAll(issuer.close);

/** A machine's and a person's, neither of whom is there any more. */
const tokens = async (): Promise<readonly string[]> => [
  tokenOf('key_01JZ0000000000000000000000', 'a'.repeat(43)),
  await issuer.sign(issuer.claims()),
];

/** Before anybody has read the program, which each instance of a function keeps for a minute. */
const runGuide = async (): Promise<void> => {
  const guide = (await handlerOf('functions/guide/door.ts')) as unknown as Door;
  await as('guide', () => knock(guide, { operation: 'get-program-guide' }));
};

const runWorkers = async (tableName: string): Promise<void> => {
  await aWaitingDeal();
  // Reminders come after days, expiries after months.
  const sweep = await handlerOf('workflows/sweep.ts');
  for (const days of [5, 30, 400]) await as('sweep', () => sweep({ schedule: 'sweep', time: addDays(now, days) }));
  // Somebody who is no user any more has recorded the account: all partner managers are told.
  const customer = freshCustomer();
  const known = { companyName: 'Acme', websiteUrl: customer.websiteUrl, openOpportunity: false };
  await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body: known });
  const { body } = await register(await freshPartner(), { value: large, customer });
  const subjectId = String(body.id);
  const about = { approvalId: approvalIdOf(subjectId, 1), subjectId, attempt: 1, at: now };
  const { Items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: tableName }));
  const events = Items.filter((item) => item.sk?.S?.startsWith('event#'));
  const record = (NewImage: Record<string, AttributeValue>, index: number) => ({
    eventName: 'INSERT',
    dynamodb: { NewImage, Keys: { pk: NewImage.pk, sk: NewImage.sk }, SequenceNumber: String(index) },
  });
  await anEarner(12_000);
  const rejectedId = await aCollectedRun();
  await decideRun(rejectedId, { body: { outcome: 'reject', reason: 'Not yet.' } });
  const { body: started } = await askPayouts('start-payout-run', { body: { period: '2026-06' } });
  await putFacts([aProfile(await freshPartner())]);
  const { id: scoringId, quarter } = await aStartedScoringRun();
  const scoring = { runId: scoringId, attempt: 1, segment: 0, at: reviewDay };
  const run = { runId: String(started.id), attempt: 1, shard: 0, chunk: 'lines#0#00000', at: payDay };
  const work: readonly (readonly [FunctionName, string, unknown])[] = [
    ['load-run', 'workflows/payouts/load-run.ts', run],
    ['collect-payouts', 'workflows/payouts/collect-payouts.ts', run],
    ['freeze-run', 'workflows/payouts/freeze-run.ts', run],
    ['pay-chunk', 'workflows/payouts/pay-chunk.ts', run],
    ['release-chunk', 'workflows/payouts/release-chunk.ts', run],
    ['close-run', 'workflows/payouts/close-run.ts', { ...run, runId: rejectedId }],
    ['write-facts', 'workflows/facts/write-facts.ts', { Records: events.map(record) }],
    ['load-scoring', 'workflows/health/load-scoring.ts', scoring],
    ['score-segment', 'workflows/health/score-segment.ts', scoring],
    ['close-scoring', 'workflows/health/close-scoring.ts', scoring],
    ['request-approval', 'workflows/approvals/request-approval.ts', { ...about, taskToken: 'token' }],
    ['on-stored-change', 'workflows/on-stored-change.ts', { Records: events.map(record) }],
    ['follow-up', 'workflows/approvals/follow-up.ts', { ...about, outcome: 'approved' }],
    ['needs-attention', 'workflows/approvals/needs-attention.ts', { ...about, error: 'Lost', cause: 'lost' }],
    ['sweep', 'workflows/sweep.ts', { schedule: 'recover', time: addDays(now, 1) }],
    ['sweep', 'workflows/sweep.ts', { schedule: 'score-quarter', time: reviewDay }],
    ['verify-chains', 'workflows/verify-chains.ts', { schedule: 'check-histories', time: addDays(now, 1) }],
    ['publish-roots', 'workflows/ledger/publish-roots.ts', { schedule: 'check-roots', time: addDays(now, 1) }],
    ['reconcile', 'workflows/ledger/reconcile.ts', { schedule: 'check-books', time: addDays(now, 1) }],
    ...(await tokens()).map((token): readonly [FunctionName, string, unknown] => [
      'authorizer',
      'functions/authorizer/door.ts',
      { routeKey: 'GET /v1/deals', headers: { authorization: `Bearer ${token}` } },
    ]),
  ];
  for (const [name, path, event] of work) {
    const handler = await handlerOf(path);
    // What a worker cannot do with an invented event, it refuses; what it asked until then counts.
    await as(name, () => handler(event).catch(() => undefined));
    if (name === 'request-approval') await decide(about.approvalId);
  }
  const query = { quarter, groupBy: 'partner' };
  const kpis = (await handlerOf('functions/kpis/door.ts')) as unknown as Door;
  await as('kpis', () => knock(kpis, { operation: 'get-kpis', caller: manager, query }));
  expect(await getScoringRun(scoringId)).toMatchObject({ status: 'completed', tally: { partners: 1, changed: 1 } });
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:workflow';
  process.env.PAYOUT_RUN_STATE_MACHINE_ARN = 'arn:payout-run';
  process.env.SCORING_RUN_STATE_MACHINE_ARN = 'arn:scoring-run';
  process.env.USER_POOL_ID = 'pool';
  process.env.MAIL_FROM = 'partners@tandem.example';
  process.env.PORTAL_URL = 'https://partners.tandem.example';
  mockClient(SFNClient).onAnyCommand().resolves({});
  mockClient(SESv2Client).onAnyCommand().resolves({});
  mockClient(CognitoIdentityProviderClient).onAnyCommand().resolves({});
  const { tableName } = await testTable({ activity: true });
  await publish(aProgram());
  await runGuide();
  await runDoors(await thingsOfAPartner());
  await runWorkers(tableName);
}, 120_000);

const names = Object.keys(permissions) as FunctionName[];

describe.each(names)('%s', (name) => {
  test('may do everything it did', () => {
    const told = (uses.get(name) ?? []).filter((use) => !isAllowed(name, use)).map((use) => JSON.stringify(use));
    expect([...new Set(told)]).toEqual([]);
  });

  test('reached something by every key where its reach ends', () => {
    const reached = (uses.get(name) ?? []).map(({ leadingKey }) => leadingKey);
    const ends = reachedKeys[name] ?? [];
    expect(ends.filter((pattern) => !reached.some((key) => isLike(key, pattern)))).toEqual([]);
  });

  test('used each index that it may ask, and counts calls if it may', () => {
    const done = new Set((uses.get(name) ?? []).map(({ action, resource }) => `${action} ${resource}`));
    const narrow = allowedTo(name).filter((each) => each.includes('/index/'));
    expect(narrow.filter((each) => !done.has(each))).toEqual([]);
    const counted = (uses.get(name) ?? []).some(({ leadingKey }) => leadingKey.startsWith('rate#'));
    expect(counted).toBe(permissions[name].includes('count calls'));
  });
});

test('everything that anybody may do with the tables is done by somebody', () => {
  const done = new Set([...uses.values()].flat().map(({ action, resource }) => `${action} ${resource}`));
  expect([...new Set(names.flatMap(allowedTo))].filter((each) => !done.has(each))).toEqual([]);
});

test('nobody scans, deletes or writes outside of a transaction, but to count', () => {
  const all = [...uses.values()].flat().filter(({ resource }) => resource.startsWith(tableArn));
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ action }) => /Scan|Delete|BatchWrite/.test(action))).toEqual([]);
  const alone = all.filter(({ action, inTransaction }) => /Put|Update|Check/.test(action) && !inTransaction);
  expect(alone.filter(({ leadingKey }) => !leadingKey.startsWith('rate#'))).toEqual([]);
});
