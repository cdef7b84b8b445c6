import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createFunctions, type Functions } from '#local/functions/functions.ts';
import type { Statement } from '#local/functions/policy.ts';

let functions: Functions | undefined;
let log = '';
afterEach(() => functions?.close());

/** One function with this code. */
const host = (code: string, timeoutSeconds = 10, statements: readonly Statement[] = []): Functions => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-function-'));
  writeFileSync(join(folder, 'index.mjs'), code);
  const sink = new PassThrough();
  log = '';
  sink.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const rest = { name: 'Deals', arn: 'deals', handler: 'index.handler', memoryMb: 512, timeoutSeconds, statements };
  functions = createFunctions({
    descriptions: [{ ...rest, folder, environment: { PROGRAM_TABLE: 'program' } }],
    environment: { AWS_REGION: 'eu-central-1' },
    log: sink,
  });
  return functions;
};

test('when a function runs, then it sees its environment, its context and nothing of ours', async () => {
  const { invoke } = host(`export const handler = async (event, context) => {
    console.log('hello');
    return { event, env: process.env, name: context.functionName, left: context.getRemainingTimeInMillis() > 1000 };
  };`);
  expect(await invoke('deals', { a: 1 })).toEqual({
    event: { a: 1 },
    env: { PROGRAM_TABLE: 'program', AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'Deals' },
    name: 'Deals',
    left: true,
  });
  await expect.poll(() => log).toContain('hello');
});

test('when a function answers nothing, then the answer is null', async () => {
  expect(await host('export const handler = () => undefined;').invoke('deals', {})).toBeNull();
});

test.each([
  [
    'throws',
    'class Odd extends Error { name = "Odd" } export const handler = () => { throw new Odd("no") };',
    'Odd',
    'no',
  ],
  ['cannot be loaded', 'throw new TypeError("broken");', 'TypeError', 'broken'],
  ['has no handler', 'export const other = 1;', 'Error', 'exports no handler'],
  ['ends its thread', 'export const handler = () => process.exit(1);', 'Runtime.ExitError', 'ended'],
  [
    'is too slow',
    'export const handler = () => new Promise(() => setTimeout(() => 0, 9e6));',
    'Sandbox.Timedout',
    '1 seconds',
  ],
])('when a function %s, then its caller gets the error as Lambda shapes it', async (_, code, errorType, words) => {
  const { invoke, running } = host(code, errorType === 'Sandbox.Timedout' ? 1 : 60);
  await expect(invoke('deals', {})).rejects.toMatchObject({
    name: errorType,
    failure: { errorType, errorMessage: expect.stringContaining(words) },
  });
  expect(running()).toBe(0);
});

test('when a function ended its thread, then the next invocation starts anew', async () => {
  const { invoke } = host('export const handler = ({ end }) => (end ? process.exit(1) : "alive");');
  await expect(invoke('deals', { end: true })).rejects.toThrow();
  expect(await invoke('deals', { end: false })).toBe('alive');
});

test('when several run at once, then settled waits for all of them', async () => {
  const { invoke, running, settled } = host(
    'export const handler = ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms));',
  );
  void invoke('deals', { ms: 50 });
  void invoke('deals', { ms: 100 });
  expect(running()).toBe(2);
  await settled();
  expect(running()).toBe(0);
});

const place = 'arn:aws:dynamodb:eu-central-1:000000000000:table/program';
const statement = (action: string, more: Partial<Statement> = {}): Statement => ({
  actions: [action],
  resources: [place],
  conditions: {},
  ...more,
});
const onlyInTransactions = {
  conditions: { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } },
};
const onlyRates = { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['rate#*'] } } };
const item = (pk: string) => ({ TableName: 'program', Key: { pk: { S: pk } } });
const pool = 'arn:aws:cognito-idp:eu-central-1:000000000000:userpool/people';

/** What the role may do, what is asked, and the right that is missing; undefined where IAM lets it through. */
test.each<[string, readonly Statement[], Readonly<Record<string, unknown>>, string | undefined]>([
  ['may query', [statement('dynamodb:Query')], { target: 'DynamoDB_20120810.Query', TableName: 'program' }, undefined],
  ['may do nothing', [], { target: 'DynamoDB_20120810.Query', TableName: 'program' }, 'dynamodb:Query'],
  [
    'may query the table, and asks an index',
    [statement('dynamodb:Query')],
    { target: 'DynamoDB_20120810.Query', TableName: 'program', IndexName: 'byDue' },
    'dynamodb:Query on arn:aws:dynamodb:eu-central-1:000000000000:table/program/index/byDue',
  ],
  [
    'may put in transactions, and does',
    [statement('dynamodb:PutItem', onlyInTransactions)],
    {
      target: 'DynamoDB_20120810.TransactWriteItems',
      TransactItems: [{ Put: { TableName: 'program', Item: { pk: { S: 'a' } } } }],
    },
    undefined,
  ],
  [
    'may put in transactions, and puts alone',
    [statement('dynamodb:PutItem', onlyInTransactions)],
    { target: 'DynamoDB_20120810.PutItem', ...item('a') },
    'dynamodb:PutItem',
  ],
  [
    'may put in transactions, and checks in one',
    [statement('dynamodb:PutItem', onlyInTransactions)],
    { target: 'DynamoDB_20120810.TransactWriteItems', TransactItems: [{ ConditionCheck: item('a') }] },
    'dynamodb:ConditionCheckItem',
  ],
  [
    'may count rates, and does',
    [statement('dynamodb:UpdateItem', onlyRates)],
    { target: 'DynamoDB_20120810.UpdateItem', ...item('rate#ptr_1') },
    undefined,
  ],
  [
    'may count rates, and changes a partner',
    [statement('dynamodb:UpdateItem', onlyRates)],
    { target: 'DynamoDB_20120810.UpdateItem', ...item('ptr_1') },
    'dynamodb:UpdateItem',
  ],
  [
    'may read rates, and reads a partner among them',
    [statement('dynamodb:BatchGetItem', onlyRates)],
    {
      target: 'DynamoDB_20120810.BatchGetItem',
      RequestItems: { program: { Keys: [{ pk: { S: 'rate#1' } }, { pk: { S: 'ptr_1' } }] } },
    },
    'dynamodb:BatchGetItem',
  ],
  [
    'may invite to one pool, and invites to another',
    [statement('cognito-idp:AdminCreateUser', { resources: [pool] })],
    { target: 'AWSCognitoIdentityProviderService.AdminCreateUser', UserPoolId: 'others' },
    'cognito-idp:AdminCreateUser',
  ],
  [
    'may answer tasks, and does',
    [statement('states:SendTaskSuccess', { resources: ['arn:of:the:workflow'] })],
    { target: 'AWSStepFunctions.SendTaskSuccess', taskToken: 'token' },
    undefined,
  ],
])(
  'when a function whose role %s, then it is let through or told what is missing',
  async (_, statements, asked, missing) => {
    let served = 0;
    const server = createServer((_request, response) => {
      served += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on a port has such an address.
    const { port } = server.address() as AddressInfo;
    const { invoke } = host(
      `import { request } from 'node:http';
    export const handler = ({ port, target, ...body }) => new Promise((resolve, reject) => {
      const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=local', 'x-amz-target': target };
      request({ port, host: '127.0.0.1', method: 'POST', path: '/', headers }, (answer) => answer.resume().on('end', () => resolve('let through')))
        .on('error', (error) => resolve(error.message))
        .end(JSON.stringify(body));
    });`,
      10,
      statements,
    );
    const said = await invoke('deals', { port, ...asked });
    expect(said).toEqual(
      missing === undefined ? 'let through' : expect.stringContaining(`Deals is not allowed ${missing}`),
    );
    expect(served).toBe(missing === undefined ? 1 : 0);
    server.close();
  },
);
