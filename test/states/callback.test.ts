import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, lines, machine, named, type RunningEngine, runEngine, secondMs, waitTask } from './running-engine.ts';

let running: RunningEngine;
let token = '';
const ask = (payload: { token: string }) => {
  token = payload.token;
  return 'asked';
};
const run = async (state: object = {}) => {
  running = await runEngine({ definition: machine({ Ask: waitTask('ask', state) }), lambdas: { ask } });
  return running;
};
const succeed = (taskToken: string, output: unknown = { approved: true }) =>
  running.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));

afterEach(() => running.close());

describe('the five ways a callback can go', () => {
  test('when it is prompt, then its output is the result of the task', async () => {
    const { start, engine, describe, history } = await run();
    expect((await start()).status).toBe('RUNNING');
    await succeed(token);
    await engine.idle();
    expect(await describe('one')).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
    expect(lines(await history('one'))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered',
      '3<2 TaskScheduled',
      '4<3 TaskStarted',
      '5<4 TaskSubmitted',
      '6<5 TaskSucceeded',
      '7<6 TaskStateExited',
      '8<7 ExecutionSucceeded',
    ]);
  });

  test('when it is prompter than the answer of the Lambda that was asked, then it counts all the same', async () => {
    running = await runEngine({
      definition: machine({ Ask: waitTask('ask') }),
      lambdas: { ask: async (payload: { token: string }) => void (await succeed(payload.token, 'at once')) },
    });
    expect(await running.start()).toMatchObject({ status: 'SUCCEEDED', output: '"at once"' });
  });

  test('when it comes months later but before the deadline, then it counts', async () => {
    const { start, engine, advance, describe } = await run({ TimeoutSeconds: 31_000_000 });
    await start();
    await advance(300 * dayMs);
    await succeed(token);
    await engine.idle();
    expect((await describe('one')).status).toBe('SUCCEEDED');
  });

  test('when it never comes, then the task times out at its deadline, not before', async () => {
    const { start, advance, describe, history } = await run({ TimeoutSeconds: 31_000_000 });
    await start();
    await advance(31_000_000 * secondMs - 1);
    expect((await describe('one')).status).toBe('RUNNING');
    await advance(1);
    expect(await describe('one')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(lines(await history('one')).slice(-2)).toEqual(['6<5 TaskTimedOut', '7<6 ExecutionFailed']);
    await expect(succeed(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test.each([
    ['was never given out', 'A'.repeat(600), 'TaskDoesNotExist'],
    ['has not the form of a token', 'no token', 'InvalidToken'],
  ])('when the token %s, then it is refused and the task waits on', async (_, forged, name) => {
    const { start, describe } = await run();
    await start();
    await expect(succeed(forged)).rejects.toMatchObject({ name });
    expect((await describe('one')).status).toBe('RUNNING');
  });

  test('when it says failed, then the task fails with its error and cause', async () => {
    const { start, sfn, engine, describe, history } = await run();
    await start();
    await sfn.send(new SendTaskFailureCommand({ taskToken: token, error: 'Refused', cause: 'by hand' }));
    await engine.idle();
    expect(await describe('one')).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'by hand' });
    expect(lines(await history('one')).at(-2)).toBe('6<5 TaskFailed');
  });
});

describe('tokens', () => {
  test('when a callback comes twice, then the second is refused', async () => {
    const { start } = await run();
    await start();
    await succeed(token);
    await expect(succeed(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test('when it comes after the deadline but before anybody looked at the clock, then it is late', async () => {
    const { start, elapse, engine, describe } = await run({ TimeoutSeconds: 60 });
    await start();
    elapse(60 * secondMs);
    await expect(succeed(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await engine.idle();
    expect((await describe('one')).error).toBe('States.Timeout');
  });

  test('when the task is tried again, then only the new token counts', async () => {
    const tokens: string[] = [];
    running = await runEngine({
      definition: machine({ Ask: waitTask('ask', { Retry: [{ ErrorEquals: ['Busy'] }] }) }),
      lambdas: {
        ask: (payload: { token: string }) => {
          tokens.push(payload.token);
          if (tokens.length === 1) throw named('Busy', 'not now');
        },
      },
    });
    await running.start();
    await running.advance(secondMs);
    expect(tokens).toHaveLength(2);
    await expect(succeed(String(tokens[0]))).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await succeed(String(tokens[1]));
    await running.engine.idle();
    expect((await running.describe('one')).status).toBe('SUCCEEDED');
  });

  test('when the output is not JSON, then it is refused and the task waits on', async () => {
    const { start, sfn, describe } = await run();
    await start();
    const command = new SendTaskSuccessCommand({ taskToken: token, output: '{' });
    await expect(sfn.send(command)).rejects.toMatchObject({ name: 'InvalidOutput' });
    expect((await describe('one')).status).toBe('RUNNING');
  });
});

describe('heartbeats', () => {
  const beat = () => running.sfn.send(new SendTaskHeartbeatCommand({ taskToken: token }));

  test('when one is missed, then the task times out', async () => {
    const { start, advance, describe } = await run({ HeartbeatSeconds: 60 });
    await start();
    await advance(59 * secondMs);
    await beat();
    await advance(59 * secondMs);
    expect((await describe('one')).status).toBe('RUNNING');
    await advance(secondMs);
    expect(await describe('one')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(beat()).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test.each(['States.HeartbeatTimeout', 'States.Timeout', 'States.ALL'])(
    'when one is missed, then a catcher of %s gets it',
    async (error) => {
      running = await runEngine({
        definition: machine({
          Ask: waitTask('ask', { HeartbeatSeconds: 60, Catch: [{ ErrorEquals: [error], Next: 'Caught' }] }),
          Caught: { Type: 'Pass', End: true },
        }),
        lambdas: { ask },
      });
      await running.start();
      await running.advance(60 * secondMs);
      expect(await running.describe('one')).toMatchObject({ output: '{"Error":"States.Timeout","Cause":""}' });
    },
  );

  test('when the task takes no heartbeats, then one does no harm', async () => {
    const { start, describe } = await run();
    await start();
    await beat();
    expect((await describe('one')).status).toBe('RUNNING');
  });
});
