import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EngineProcessInput } from './engine-process.ts';
import {
  dayMs,
  executionArn,
  functionArn,
  invokeTask,
  machine,
  machineArn,
  type RunningEngine,
  runEngine,
  secondMs,
  waitTask,
} from './running-engine.ts';

// Processes are started one after the other; a shared machine may take long over each.
const patience = { timeout: 300_000 };
const start = Date.parse('2026-01-05T09:00:00.000Z');

let folder: string;
let running: RunningEngine | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  rmSync(folder, { recursive: true });
});

const databasePath = () => join(folder, 'journal.sqlite');
const callsPath = () => join(folder, 'calls');

interface LoggedCall {
  readonly name: string;
  readonly payload: { readonly token: string } & number;
}
const calls = (): LoggedCall[] =>
  existsSync(callsPath())
    ? readFileSync(callsPath(), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

/** Runs the engine in a child process; resolves with the signal that killed it, or null when it ended by itself. */
function runProcess(definition: object, more: Partial<EngineProcessInput> = {}) {
  const source = { arn: machineArn, name: 'Tested', definition: JSON.stringify(definition) };
  const input = { databasePath: databasePath(), callsPath: callsPath(), machine: source, start, ...more };
  const child = fork(join(import.meta.dirname, 'engine-process.ts'), [JSON.stringify(input)], { execArgv: [] });
  const { promise, resolve } = Promise.withResolvers<{ signal: string | null; code: number | null }>();
  child.once('exit', (code, signal) => resolve({ signal, code }));
  return { child, ended: promise };
}

/** Lets a process run until nothing goes on by itself, then kills it. */
async function runAndKill(definition: object): Promise<void> {
  const { child, ended } = runProcess(definition, { stays: true });
  await expect.poll(() => calls().some(({ name }) => name === 'idle'), patience).toBe(true);
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
}

const flaky = {
  ...{ Type: 'Task', Resource: functionArn('flaky'), Arguments: '{% $states.context.State.RetryCount %}' },
  ...{ Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3600, MaxAttempts: 2 }], End: true },
};

describe('when the process is killed', () => {
  test(
    'while a task waits for its callback, then the old token still works and the deadline has not moved',
    patience,
    async () => {
      const definition = machine({ Ask: waitTask('ask', { TimeoutSeconds: 31_000_000 }) });
      await runAndKill(definition);
      running = await runEngine({ definition, databasePath: databasePath(), startAt: start + 300 * dayMs });
      expect(running.engine.nextDeadline()).toBe(start + 31_000_000 * secondMs);
      const token = String(calls()[0]?.payload.token);
      await running.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '"yes"' }));
      await running.engine.idle();
      expect(await running.describe('one')).toMatchObject({ status: 'SUCCEEDED', output: '"yes"' });
    },
  );

  test('while a task waits and nobody answers, then it times out when it would have', patience, async () => {
    const definition = machine({ Ask: waitTask('ask', { TimeoutSeconds: 60 }) });
    await runAndKill(definition);
    running = await runEngine({ definition, databasePath: databasePath(), startAt: start + 59 * secondMs });
    await running.advance(secondMs);
    expect((await running.describe('one')).error).toBe('States.Timeout');
  });

  test(
    'between two tries, then the next try comes at its time and the tries already made count',
    patience,
    async () => {
      const definition = machine({ Try: flaky });
      await runAndKill(definition);
      const seen: [number, number][] = [];
      running = await runEngine({
        definition,
        databasePath: databasePath(),
        startAt: start,
        lambdas: {
          flaky: (count: number) => {
            seen.push([count, (Number(running?.now()) - start) / secondMs]);
            throw Object.assign(new Error('never'), { name: 'Busy' });
          },
        },
      });
      await running.advance(dayMs);
      expect(seen).toEqual([
        [1, 3600],
        [2, 3600 + 7200],
      ]);
      expect(await running.describe('one')).toMatchObject({ status: 'FAILED', error: 'Busy' });
      expect(running.engine.transitions(executionArn('one'))).toBe(4);
    },
  );

  test('while a Lambda runs, then it is asked again, with the same token', patience, async () => {
    const definition = machine({ Ask: waitTask('ask') });
    expect((await runProcess(definition, { dieIn: 'ask' }).ended).signal).toBe('SIGKILL');
    const tokens: string[] = [];
    const ask = ({ token }: { token: string }) => void tokens.push(token);
    running = await runEngine({ definition, databasePath: databasePath(), lambdas: { ask } });
    await running.engine.idle();
    expect(tokens).toEqual([calls()[0]?.payload.token]);
    expect((await running.history('one')).filter(({ type }) => type === 'TaskScheduled')).toHaveLength(1);
  });

  test('and the machine has changed since, then the execution goes on as it began', patience, async () => {
    const rest = { Type: 'Wait', Seconds: 60, Output: 'old', End: true };
    await runAndKill(machine({ Rest: rest }));
    running = await runEngine({
      definition: machine({ New: { Type: 'Succeed' } }),
      databasePath: databasePath(),
      startAt: start,
    });
    await running.advance(60 * secondMs);
    expect(await running.describe('one')).toMatchObject({ status: 'SUCCEEDED', output: '"old"' });
  });
});

test(
  'when the process is killed after every single commit, then the execution still comes to the same end',
  patience,
  async () => {
    const definition = machine({
      Set: { Type: 'Pass', Assign: { list: [1, 2, 3] }, Next: 'Rest' },
      Rest: { Type: 'Wait', Seconds: 86_400, Next: 'Try' },
      Try: { ...flaky, End: undefined, Next: 'Each' },
      Each: {
        ...{ Type: 'Map', Items: '{% $list %}', MaxConcurrency: 2, Next: 'Pick' },
        ItemProcessor: { StartAt: 'Double', States: { Double: invokeTask('double') } },
      },
      Pick: { Type: 'Choice', Choices: [{ Condition: '{% $sum($states.input) = 12 %}', Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    });
    let deaths = 0;
    while ((await runProcess(definition, { dieAfterCommits: 1 }).ended).signal === 'SIGKILL') deaths += 1;
    running = await runEngine({ definition, databasePath: databasePath() });
    expect(await running.describe('one')).toMatchObject({ status: 'SUCCEEDED', output: '[2,4,6]' });
    // Start, six states, two retries, three items; one commit for each move, and for the start of each item.
    expect(running.engine.transitions(executionArn('one'))).toBe(12);
    expect(deaths).toBeGreaterThan(15);
    const entered = (await running.history('one')).filter(({ type }) => type?.endsWith('StateEntered'));
    expect(entered).toHaveLength(9);
  },
);
