import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, test } from 'vitest';
import {
  functionArn,
  invokeTask,
  lines,
  machine,
  machineArn,
  named,
  type RunningEngine,
  runEngine,
  secondMs,
} from './running-engine.ts';

let running: RunningEngine;
afterEach(() => running.close());

const double = ({ n }: { n: number }) => ({ n: n * 2 });
const never = () => new Promise(() => undefined);

describe('a Task', () => {
  test('when it invokes a Lambda, then the result holds its payload as the integration gives it', async () => {
    const task = invokeTask('double', { Output: undefined });
    running = await runEngine({ definition: machine({ Double: task }), lambdas: { double } });
    const ended = await running.start({ n: 4 });
    expect(JSON.parse(String(ended.output))).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { n: 8 },
      StatusCode: 200,
    });
    const history = await running.history('one');
    expect(lines(history)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered',
      '3<2 TaskScheduled',
      '4<3 TaskStarted',
      '5<4 TaskSucceeded',
      '6<5 TaskStateExited',
      '7<6 ExecutionSucceeded',
    ]);
    expect(history[2]?.taskScheduledEventDetails).toMatchObject({
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'eu-central-1',
      parameters: JSON.stringify({ FunctionName: functionArn('double'), Payload: { n: 4 } }),
    });
  });

  test('when its resource is a Lambda, then the arguments are the payload and the result is bare', async () => {
    const task = {
      Type: 'Task',
      Resource: functionArn('double'),
      Arguments: { n: '{% $states.input.n + 1 %}' },
      End: true,
    };
    running = await runEngine({ definition: machine({ Double: task }), lambdas: { double } });
    expect((await running.start({ n: 4 })).output).toBe('{"n":10}');
    expect(lines(await running.history('one')).slice(2, 5)).toEqual([
      '3<2 LambdaFunctionScheduled',
      '4<3 LambdaFunctionStarted',
      '5<4 LambdaFunctionSucceeded',
    ]);
  });

  test.each([
    [
      'its function throws',
      () => {
        throw named('OutOfStock', 'none left');
      },
      'OutOfStock',
      /"errorMessage":"none left"/,
    ],
    [
      'its function cannot be run',
      () => {
        throw named('Lambda.ServiceException', 'try later');
      },
      'Lambda.ServiceException',
      /^try later$/,
    ],
    [
      'its function returns more than 256 KiB',
      () => 'x'.repeat(262_144),
      'States.DataLimitExceeded',
      /exceeding the maximum/,
    ],
  ])('when %s, then it fails with the name and cause of that', async (_, fail, error, cause) => {
    running = await runEngine({ definition: machine({ Fail: invokeTask('fail') }), lambdas: { fail } });
    const ended = await running.start();
    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toMatch(cause);
    expect(lines(await running.history('one')).slice(4)).toEqual(['5<4 TaskFailed', '6<5 ExecutionFailed']);
  });

  test('when it takes longer than TimeoutSeconds, then it times out and the late answer changes nothing', async () => {
    const late = Promise.withResolvers<string>();
    const task = invokeTask('slow', { TimeoutSeconds: '{% $states.input.limit %}' });
    running = await runEngine({ definition: machine({ Slow: task }), lambdas: { slow: () => late.promise } });
    const { sfn, engine, describe: describeExecution } = running;
    await sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: 'one', input: '{"limit":30}' }));
    await expect.poll(() => engine.nextDeadline()).toBe(running.now() + 30 * secondMs);
    running.elapse(30 * secondMs);
    await engine.fireDue(running.now());
    expect(await describeExecution('one')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    late.resolve('too late');
    await engine.idle();
    expect((await describeExecution('one')).status).toBe('FAILED');
    expect(lines(await running.history('one')).slice(4)).toEqual(['5<4 TaskTimedOut', '6<5 ExecutionFailed']);
  });

  test('when an argument of the integration turns out not to be known, then it fails by its name', async () => {
    const task = invokeTask('double', { Arguments: '{% $states.input %}' });
    running = await runEngine({ definition: machine({ Double: task }), lambdas: { double } });
    const input = { FunctionName: functionArn('double'), InvocationType: 'Event' };
    expect(await running.start(input)).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringMatching(/'InvocationType'.*not supported/),
    });
  });
});

describe('an execution', () => {
  test('when it takes longer than the machine allows, then it ends TIMED_OUT at that instant', async () => {
    const definition = machine({ Rest: { Type: 'Wait', Seconds: 100, End: true } }, { TimeoutSeconds: 60 });
    running = await runEngine({ definition });
    await running.start();
    await running.advance(59 * secondMs);
    expect((await running.describe('one')).status).toBe('RUNNING');
    await running.advance(60 * secondMs);
    const ended = await running.describe('one');
    expect(ended.status).toBe('TIMED_OUT');
    expect(Number(ended.stopDate) - Number(ended.startDate)).toBe(60 * secondMs);
    expect(lines(await running.history('one')).at(-1)).toBe('3<2 ExecutionTimedOut');
    expect(running.engine.nextDeadline()).toBeUndefined();
  });
});

test('when the engine is closed while a Lambda is running, then closing does not wait for it', async () => {
  running = await runEngine({ definition: machine({ Hang: invokeTask('never') }), lambdas: { never } });
  await running.sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn }));
});
