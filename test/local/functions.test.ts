import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createFunctions, type Functions } from '#local/functions/functions.ts';

let functions: Functions | undefined;
let log = '';
afterEach(() => functions?.close());

/** One function with this code. */
const host = (code: string, timeoutSeconds = 10): Functions => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-function-'));
  writeFileSync(join(folder, 'index.mjs'), code);
  const sink = new PassThrough();
  log = '';
  sink.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const rest = { name: 'Deals', arn: 'deals', handler: 'index.handler', memoryMb: 512, timeoutSeconds };
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
