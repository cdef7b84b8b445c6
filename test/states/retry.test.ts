import { afterEach, describe, expect, test } from 'vitest';
import { invokeTask, lines, machine, named, type RunningEngine, runEngine, secondMs } from './running-engine.ts';

let running: RunningEngine;
afterEach(() => running.close());

/** Runs a task that fails with these errors, one after the other, and tells after how many seconds it was tried. */
async function triesOf(failures: readonly string[], task: object, more: { random?: () => number } = {}) {
  const at: number[] = [];
  running = await runEngine({
    ...more,
    definition: machine({ Try: invokeTask('flaky', task), Caught: { Type: 'Pass', End: true } }),
    lambdas: {
      flaky: () => {
        at.push(running.now());
        const name = failures[at.length - 1];
        if (name) throw named(name, 'no luck');
        return 'at last';
      },
    },
  });
  const begun = running.now();
  await running.start();
  await running.advance(100_000 * secondMs);
  return { seconds: at.map((instant) => (instant - begun) / secondMs), ended: await running.describe('one') };
}

const caught = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];

describe('Retry', () => {
  test.each([
    ['nothing is said: 3 attempts after 1, 2 and 4 s', {}, [0, 1, 3, 7]],
    ['an interval and a rate are given', { IntervalSeconds: 3, BackoffRate: 3, MaxAttempts: 3 }, [0, 3, 12, 39]],
    ['the delay has a ceiling', { IntervalSeconds: 10, MaxDelaySeconds: 15, MaxAttempts: 3 }, [0, 10, 25, 40]],
    ['no attempts are allowed', { MaxAttempts: 0 }, [0]],
    ['full jitter at half', { JitterStrategy: 'FULL', MaxAttempts: 2 }, [0, 0.5, 1.5]],
    ['no jitter', { JitterStrategy: 'NONE', MaxAttempts: 1 }, [0, 1]],
  ])('when %s', async (_, retrier, expected) => {
    const failing = Array.from({ length: 9 }, () => 'Busy');
    const task = { Retry: [{ ErrorEquals: ['Busy'], ...retrier }], Catch: caught };
    const { seconds, ended } = await triesOf(failing, task, { random: () => 0.5 });
    expect(seconds).toEqual(expected);
    expect(JSON.parse(String(ended.output)).Error).toBe('Busy');
  });

  test('when an attempt succeeds, then the task does, and the history shows each try', async () => {
    const { ended } = await triesOf(['Busy'], { Retry: [{ ErrorEquals: ['Busy'] }], Catch: caught });
    expect(ended.output).toBe('"at last"');
    expect(lines(await running.history('one')).slice(1, 9)).toEqual([
      '2<0 TaskStateEntered',
      '3<2 TaskScheduled',
      '4<3 TaskStarted',
      '5<4 TaskFailed',
      '6<5 TaskScheduled',
      '7<6 TaskStarted',
      '8<7 TaskSucceeded',
      '9<8 TaskStateExited',
    ]);
  });

  test('when several retriers are given, then each counts its own attempts', async () => {
    const Retry = [
      { ErrorEquals: ['Busy'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
    ];
    const { seconds } = await triesOf(['Busy', 'Other', 'Busy'], { Retry, Catch: caught });
    expect(seconds).toEqual([0, 1, 2]);
  });

  test('when the state is tried again, then its arguments are made anew and see how often', async () => {
    const counts: number[] = [];
    running = await runEngine({
      definition: machine({
        Try: {
          ...{ Type: 'Task', Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:flaky' },
          ...{
            Arguments: '{% $states.context.State.RetryCount %}',
            Retry: [{ ErrorEquals: ['States.ALL'] }],
            End: true,
          },
        },
      }),
      lambdas: {
        flaky: (count: number) => {
          counts.push(count);
          if (count < 2) throw new Error('again');
        },
      },
    });
    await running.start();
    await running.advance(60 * secondMs);
    expect(counts).toEqual([0, 1, 2]);
  });
});

describe('Catch', () => {
  test.each([
    ['by its name', ['Busy'], 'Busy', true],
    ['by States.TaskFailed', ['States.TaskFailed'], 'Busy', true],
    ['by States.ALL', ['States.ALL'], 'Busy', true],
    ['not by another name', ['Other'], 'Busy', false],
    ['not States.Timeout by States.TaskFailed', ['States.TaskFailed'], 'States.Timeout', false],
    ['not States.Runtime by States.ALL', ['States.ALL'], 'States.Runtime', false],
  ])('when an error comes, then it is caught %s', async (_, ErrorEquals, error, isCaught) => {
    const { ended } = await triesOf([error], { Catch: [{ ErrorEquals, Next: 'Caught' }] });
    expect(ended.status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
  });

  test('when it has Output and Assign, then they see the input, the error and the variables', async () => {
    const Catch = [
      {
        ErrorEquals: ['Busy'],
        Assign: { why: '{% $states.errorOutput.Error %}' },
        Output: { was: '{% $states.input %}', cause: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
        Next: 'Caught',
      },
    ];
    const { ended } = await triesOf(['Busy'], { Catch });
    expect(JSON.parse(String(ended.output))).toEqual({ was: {}, cause: 'no luck' });
    const exited = (await running.history('one')).find((event) => event.type === 'TaskStateExited');
    expect(exited?.stateExitedEventDetails?.assignedVariables).toEqual({ why: '"Busy"' });
  });

  test('when the output of the task cannot be made, then that too is caught', async () => {
    const { ended } = await triesOf([], { Output: '{% $states.result.missing %}', Catch: caught });
    expect(JSON.parse(String(ended.output)).Error).toBe('States.QueryEvaluationError');
  });

  test('when the output of the catcher cannot be made, then the execution fails', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Output: '{% $missing %}', Next: 'Caught' }];
    const { ended } = await triesOf(['Busy'], { Catch });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});
