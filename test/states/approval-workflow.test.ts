import { readFileSync } from 'node:fs';
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import validate from 'asl-validator';
import { afterEach, describe, expect, test } from 'vitest';
import type { Machine } from '#local/states/definition.ts';
import { loadMachine, nextNames } from '#local/states/load-machine.ts';
import {
  executionArn,
  functionArn,
  type Lambda,
  machineArn,
  named,
  type RunningEngine,
  runEngine,
  secondMs,
} from './running-engine.ts';

const file = readFileSync(new URL('../../workflows/approvals/approval.asl.json', import.meta.url), 'utf8');
/** As CDK substitutes: `${FollowUpFunctionArn}` becomes the ARN of `follow-up`. */
const text = file.replaceAll(/\$\{(\w+)FunctionArn\}/g, (_, name: string) =>
  functionArn(name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase()),
);
const definition = JSON.parse(text) as Machine;

/** What passes: the service is busy, the function died or ran out of time, two writes met, the table throttled. */
const passing = [
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'DomainError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
];

describe('the approval workflow as a file', () => {
  test('when asl-validator reads it, then it is valid', () => {
    expect(validate(JSON.parse(text))).toMatchObject({ isValid: true });
  });

  test('when its edges are listed, then they are these', () => {
    const machine = loadMachine({ arn: machineArn, name: 'Approval', definition: text });
    const edges = Object.entries(machine.States).flatMap(([name, state]) =>
      nextNames(state).map((next) => `${name} -> ${next}`),
    );
    expect([`start -> ${machine.StartAt}`, ...edges]).toEqual([
      'start -> Ask',
      'Ask -> FollowUp',
      'Ask -> NeedsAttention',
      'FollowUp -> NeedsAttention',
    ]);
  });

  test('when a task is looked at, then it has a timeout, retries for transient errors, and all but the last a catch', () => {
    for (const [name, state] of Object.entries(definition.States)) {
      expect(state).toMatchObject({ Type: 'Task', TimeoutSeconds: expect.any(Number) });
      expect(state).toMatchObject({
        Retry: [{ ErrorEquals: expect.arrayContaining(passing) }],
      });
      if (name !== 'NeedsAttention') expect(state).toMatchObject({ Catch: [{ ErrorEquals: ['States.ALL'] }] });
    }
  });
});

let running: RunningEngine;
afterEach(() => running?.close());

const input = { subjectId: 'deal_1', approvalId: 'apr_1', attempt: 2 };
/** Steps are told the instant at which their state was entered, by the engine's clock. */
const at = '2026-01-05T09:00:00.000Z';
const approved = { outcome: 'approved', decidedBy: 'usr_1' };
const transient = () => named('Lambda.TooManyRequestsException', 'Rate Exceeded.');

interface Asked {
  readonly taskToken: string;
}

async function run(more: Readonly<Record<string, Lambda>> = {}) {
  const asked: Asked[] = [];
  const followed: unknown[] = [];
  const marked: unknown[] = [];
  running = await runEngine({
    definition,
    random: () => 0.5,
    lambdas: {
      'request-approval': (payload: Asked) => void asked.push(payload),
      'follow-up': (payload: unknown) => void followed.push(payload),
      'needs-attention': (payload: unknown) => void marked.push(payload),
      ...more,
    },
  });
  await running.start(input);
  return { asked, followed, marked, token: String(asked[0]?.taskToken) };
}

const decide = async (taskToken: string) => {
  await running.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(approved) }));
  await running.engine.idle();
};
const outcome = async () => ({
  status: (await running.describe('one')).status,
  transitions: running.engine.transitions(executionArn('one')),
});

describe('the approval workflow takes 3 transitions', () => {
  test('when the decision is prompt, then it is asked for and followed up', async () => {
    const { asked, followed, marked, token } = await run();
    expect(asked).toEqual([{ ...input, retry: 0, at, taskToken: expect.any(String) }]);
    await decide(token);
    expect(followed).toEqual([{ ...input, at }]);
    expect(marked).toEqual([]);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
  });

  test('when the decision comes after eleven months, then it is followed up just so', async () => {
    const { followed, token } = await run();
    await running.advance(29_000_000 * secondMs);
    await decide(token);
    expect(followed).toHaveLength(1);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
  });

  test('when the decision never comes, then the subject needs attention after 31,000,000 s, and a later one is refused', async () => {
    const { marked, token } = await run();
    await running.advance(31_000_000 * secondMs - 1);
    expect(marked).toEqual([]);
    await running.advance(1);
    expect(marked).toEqual([
      { subjectId: 'deal_1', approvalId: 'apr_1', error: 'States.Timeout', cause: '', at: '2026-12-30T04:06:40.000Z' },
    ]);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
    await expect(decide(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test('when somebody answers with a token that was never given out, then nothing happens and the right one still works', async () => {
    const { followed, token } = await run();
    await expect(decide('x'.repeat(600))).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
    expect(followed).toEqual([]);
    await decide(token);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
  });

  test('when the callback says failed, then the subject needs attention with that reason', async () => {
    const { marked, token } = await run();
    await running.sfn.send(
      new SendTaskFailureCommand({ taskToken: token, error: 'Withdrawn', cause: 'by the partner' }),
    );
    await running.engine.idle();
    expect(marked).toEqual([
      { subjectId: 'deal_1', approvalId: 'apr_1', error: 'Withdrawn', cause: 'by the partner', at },
    ]);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
  });

  test('when asking fails for good, then the subject needs attention', async () => {
    const { marked } = await run({
      'request-approval': () => {
        throw named('TypeError', 'a bug');
      },
    });
    expect(marked).toMatchObject([{ error: 'TypeError', cause: expect.stringContaining('a bug') }]);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 3 });
  });
});

describe('the approval workflow takes more transitions only when Lambda fails', () => {
  test('when the follow-up fails for good, then the subject needs attention: one more', async () => {
    const { marked, token } = await run({
      'follow-up': () => {
        throw named('TypeError', 'a bug');
      },
    });
    await decide(token);
    expect(marked).toMatchObject([{ subjectId: 'deal_1', approvalId: 'apr_1', error: 'TypeError' }]);
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 4 });
  });

  test('when asking fails for a moment, then it is asked again with a new token: one more for each retry', async () => {
    const tokens: string[] = [];
    await run({
      'request-approval': ({ taskToken }: Asked) => {
        tokens.push(taskToken);
        if (tokens.length < 3) throw transient();
      },
    });
    await running.advance(60 * secondMs);
    expect(new Set(tokens).size).toBe(3);
    await decide(String(tokens[2]));
    expect(await outcome()).toEqual({ status: 'SUCCEEDED', transitions: 5 });
  });
});
