import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from 'vitest';
import { invokeTask, machine, machineArn, type RunningEngine, runEngine, secondMs } from './running-engine.ts';

let running: RunningEngine;
afterEach(() => running.close());

/** A Lambda whose every call stays open until the test answers it. */
function openCalls() {
  const calls: PromiseWithResolvers<unknown>[] = [];
  const lambda = () => {
    const call = Promise.withResolvers<unknown>();
    calls.push(call);
    return call.promise;
  };
  return { calls, lambda };
}

const start = (input: unknown) =>
  running.sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineArn, name: 'one', input: JSON.stringify(input) }),
  );

/** Moves the clock to the next deadline while Lambdas are still running. */
async function passDeadline(): Promise<void> {
  running.elapse(Number(running.engine.nextDeadline()) - running.now());
  await running.engine.fireDue(running.now());
}

test('when the first try answers after it timed out, then only the second one counts', async () => {
  const { calls, lambda } = openCalls();
  const task = { TimeoutSeconds: 30, Retry: [{ ErrorEquals: ['States.Timeout'] }] };
  running = await runEngine({ definition: machine({ Slow: invokeTask('slow', task) }), lambdas: { slow: lambda } });
  await start({});
  await expect.poll(() => calls.length).toBe(1);
  await passDeadline();
  await passDeadline();
  await expect.poll(() => calls.length).toBe(2);
  calls[0]?.resolve('first');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await running.describe('one')).status).toBe('RUNNING');
  calls[1]?.resolve('second');
  await running.engine.idle();
  expect((await running.describe('one')).output).toBe('"second"');
});

test('when an item of a Map answers after the Map was tried again, then only the item of the new try counts', async () => {
  const { calls, lambda } = openCalls();
  const each = {
    ...{ Type: 'Map', End: true, Retry: [{ ErrorEquals: ['States.ALL'] }] },
    ItemProcessor: { StartAt: 'Slow', States: { Slow: invokeTask('slow') } },
  };
  running = await runEngine({ definition: machine({ Each: each }), lambdas: { slow: lambda } });
  await start(['a', 'b']);
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.reject(new Error('no luck'));
  await expect.poll(() => running.engine.nextDeadline()).toBe(running.now() + secondMs);
  await passDeadline();
  await expect.poll(() => calls.length).toBe(4);
  calls[0]?.resolve('old');
  calls[2]?.resolve('new a');
  calls[3]?.resolve('new b');
  await running.engine.idle();
  expect((await running.describe('one')).output).toBe('["new a","new b"]');
});
