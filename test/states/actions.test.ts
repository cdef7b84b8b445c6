import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  dayMs,
  executionArn,
  lines,
  machine,
  machineArn,
  type RunningEngine,
  runEngine,
  secondMs,
} from './running-engine.ts';

const definition = machine({ Rest: { Type: 'Wait', Seconds: 60, End: true } });
let running: RunningEngine;
beforeEach(async () => {
  running = await runEngine({ definition });
});
afterEach(() => running.close());

const start = (name: string | undefined, input = '{}', stateMachineArn = machineArn) =>
  running.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
const stop = (name: string) =>
  running.sfn.send(new StopExecutionCommand({ executionArn: executionArn(name), error: 'Enough', cause: 'by hand' }));

describe('StartExecution', () => {
  test('when the same name comes with the same input while it runs, then it is the same execution', async () => {
    const first = await start('a', '{"n": 1}');
    running.elapse(secondMs);
    const again = await start('a', '{"n":1}');
    expect(again).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
  });

  test('when the same name comes with another input, then it is refused', async () => {
    await start('a', '{"n":1}');
    await expect(start('a', '{"n":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('when it has ended, then its name stays taken for 90 days and is free after', async () => {
    await start('a');
    await running.advance(60 * secondMs);
    await expect(start('a')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await running.advance(90 * dayMs - secondMs);
    await expect(start('a')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await running.advance(secondMs);
    await start('a');
    expect(await running.describe('a')).toMatchObject({ status: 'RUNNING', startDate: new Date(running.now()) });
    expect(await running.history('a')).toHaveLength(2);
  });

  test('when twenty start the same at once, then one starts', async () => {
    await Promise.all(Array.from({ length: 20 }, () => start('a')));
    const { executions } = await running.sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
    expect(executions).toHaveLength(1);
  });

  test('when no name is given, then each start is an execution of its own', async () => {
    const [one, other] = [await start(undefined), await start(undefined)];
    expect(one.executionArn).not.toBe(other.executionArn);
  });

  test.each([
    ['an input that is not JSON', () => start('a', '{'), 'InvalidExecutionInput'],
    ['an input of more than 256 KiB', () => start('a', JSON.stringify('x'.repeat(262_144))), 'InvalidExecutionInput'],
    ['a name with a blank', () => start('a b'), 'InvalidName'],
    ['a machine that is not there', () => start('a', '{}', `${machineArn}2`), 'StateMachineDoesNotExist'],
    ['an ARN that is none', () => start('a', '{}', 'Tested'), 'InvalidArn'],
  ])('when it is given %s, then it is refused', async (_, refused, name) => {
    await expect(refused()).rejects.toMatchObject({ name });
  });
});

describe('StopExecution', () => {
  test('when it runs, then it ends ABORTED and nothing is due any more', async () => {
    await start('a');
    await running.engine.idle();
    await stop('a');
    expect(await running.describe('a')).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'by hand' });
    expect(lines(await running.history('a')).at(-1)).toBe('3<2 ExecutionAborted');
    expect(running.engine.nextDeadline()).toBeUndefined();
  });

  test('when it has ended, then nothing changes', async () => {
    await start('a');
    await running.advance(60 * secondMs);
    await stop('a');
    expect((await running.describe('a')).status).toBe('SUCCEEDED');
  });
});

describe('looking', () => {
  test('when executions are listed, then the latest come first, by status, page by page', async () => {
    for (const name of ['a', 'b', 'c']) {
      await start(name);
      running.elapse(secondMs);
    }
    await running.engine.idle();
    await stop('b');
    const list = async (more: object) => {
      const page = await running.sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn, ...more }));
      return { names: page.executions?.map(({ name }) => name), nextToken: page.nextToken };
    };
    expect((await list({})).names).toEqual(['c', 'b', 'a']);
    expect((await list({ statusFilter: 'RUNNING' })).names).toEqual(['c', 'a']);
    const first = await list({ maxResults: 2 });
    expect(first.names).toEqual(['c', 'b']);
    expect(await list({ maxResults: 2, nextToken: first.nextToken })).toEqual({ names: ['a'], nextToken: undefined });
    await expect(list({ nextToken: '???' })).rejects.toMatchObject({ name: 'InvalidToken' });
  });

  test('when a history is asked backwards and without data, then it comes so', async () => {
    await start('a', '{"secret":1}');
    await running.engine.idle();
    const { events } = await running.sfn.send(
      new GetExecutionHistoryCommand({
        executionArn: executionArn('a'),
        reverseOrder: true,
        includeExecutionData: false,
      }),
    );
    expect(lines(events ?? [])).toEqual(['2<0 WaitStateEntered', '1<0 ExecutionStarted']);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('when the machine is asked for, then its definition comes', async () => {
    const machines = await running.sfn.send(new ListStateMachinesCommand({}));
    expect(machines.stateMachines).toMatchObject([{ stateMachineArn: machineArn, name: 'Tested', type: 'STANDARD' }]);
    const found = await running.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: machineArn }));
    expect(JSON.parse(String(found.definition))).toEqual(definition);
  });

  test.each([
    ['an execution that is not there', executionArn('nobody'), 'ExecutionDoesNotExist'],
    ['an ARN that is none', 'nobody', 'InvalidArn'],
  ])('when it is for %s, then it is refused', async (_, arn, name) => {
    await expect(running.sfn.send(new DescribeExecutionCommand({ executionArn: arn }))).rejects.toMatchObject({ name });
  });
});

describe('what is not supported', () => {
  test.each([
    [
      'CreateStateMachine',
      () => running.sfn.send(new CreateStateMachineCommand({ name: 'x', definition: '{}', roleArn: 'r' })),
    ],
    ['RedriveExecution', () => running.sfn.send(new RedriveExecutionCommand({ executionArn: executionArn('a') }))],
  ])('when the action %s is called, then it is refused by its name', async (name, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining(name),
    });
  });

  test('when a member is not known, then it is refused by its name', async () => {
    const call = running.sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn, mapRunArn: 'arn:m' }));
    await expect(call).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'mapRunArn'"),
    });
  });
});
