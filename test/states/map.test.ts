import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, test } from 'vitest';
import {
  executionArn,
  invokeTask,
  lines,
  machine,
  named,
  type RunningEngine,
  runEngine,
  secondMs,
  waitTask,
} from './running-engine.ts';

let running: RunningEngine;
afterEach(() => running.close());

const processor = (states: Readonly<Record<string, object>>, mode?: string): object => ({
  ...(mode && { ProcessorConfig: { Mode: mode, ...(mode === 'DISTRIBUTED' && { ExecutionType: 'STANDARD' }) } }),
  StartAt: Object.keys(states)[0],
  States: states,
});

const mapOf = (states: Readonly<Record<string, object>>, more: object = {}, mode?: string): object => ({
  Type: 'Map',
  ItemProcessor: processor(states, mode),
  End: true,
  ...more,
});

const modes = ['INLINE', 'DISTRIBUTED'];
const double = (n: number) => {
  if (n === 2) throw named('Odd', 'two is odd');
  return n * 2;
};
const outputOf = (ended: { output?: string | undefined }): unknown => JSON.parse(String(ended.output));

describe.each(modes)('an %s Map', (mode) => {
  test('when its items run, then the result is theirs in the items’ order', async () => {
    running = await runEngine({
      definition: machine({ Each: mapOf({ Double: invokeTask('double') }, {}, mode) }),
      lambdas: { double },
    });
    expect(outputOf(await running.start([1, 3, 5]))).toEqual([2, 6, 10]);
  });

  test('when there are no items, then the result is an empty list', async () => {
    running = await runEngine({ definition: machine({ Each: mapOf({ Double: invokeTask('double') }, {}, mode) }) });
    expect(outputOf(await running.start([]))).toEqual([]);
  });

  test('when Items and ItemSelector are given, then each item is made of value, index and input', async () => {
    const each = mapOf(
      { Same: { Type: 'Pass', End: true } },
      {
        Items: '{% $states.input.names %}',
        ItemSelector: {
          name: '{% $states.context.Map.Item.Value %}',
          at: '{% $states.context.Map.Item.Index %}',
          by: '{% $states.input.by %}',
        },
        Output: { made: '{% $states.result %}' },
      },
      mode,
    );
    running = await runEngine({ definition: machine({ Each: each }) });
    expect(outputOf(await running.start({ names: ['a', 'b'], by: 'me' }))).toEqual({
      made: [
        { name: 'a', at: 0, by: 'me' },
        { name: 'b', at: 1, by: 'me' },
      ],
    });
  });

  test('when MaxConcurrency is given, then never more items run at once', async () => {
    let atOnce = 0;
    let most = 0;
    const slow = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 2));
      atOnce -= 1;
    };
    running = await runEngine({
      definition: machine({ Each: mapOf({ Slow: invokeTask('slow') }, { MaxConcurrency: 2 }, mode) }),
      lambdas: { slow },
    });
    expect((await running.start([1, 2, 3, 4, 5])).status).toBe('SUCCEEDED');
    expect(most).toBe(2);
  });

  test('when its items wait for callbacks for weeks, then it waits for all of them', async () => {
    const tokens: string[] = [];
    running = await runEngine({
      definition: machine({ Each: mapOf({ Ask: waitTask('ask') }, {}, mode) }),
      lambdas: { ask: ({ token }: { token: string }) => void tokens.push(token) },
    });
    await running.start([1, 2]);
    for (const [index, taskToken] of tokens.entries()) {
      await running.advance(2_000_000 * secondMs);
      await running.sfn.send(new SendTaskSuccessCommand({ taskToken, output: String(index) }));
    }
    await running.engine.idle();
    expect(outputOf(await running.describe('one'))).toEqual([0, 1]);
  });

  test('when the items are no list, then it fails', async () => {
    running = await runEngine({ definition: machine({ Each: mapOf({ P: { Type: 'Pass', End: true } }, {}, mode) }) });
    expect(await running.start({ a: 1 })).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: 'Map state input must be an array but was: {"a":1}',
    });
  });
});

describe('an INLINE Map', () => {
  test('when an item fails, then the Map fails with its error, and what still runs is given up', async () => {
    const each = mapOf(
      { Rest: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Double' }, Double: invokeTask('double') },
      { Catch: [{ ErrorEquals: ['Odd'], Next: 'Caught' }] },
    );
    running = await runEngine({
      definition: machine({ Each: each, Caught: { Type: 'Pass', Output: 'caught', End: true } }),
      lambdas: { double },
    });
    await running.start([2, 99]);
    await running.advance(10 * secondMs);
    expect(outputOf(await running.describe('one'))).toBe('caught');
    expect(running.engine.nextDeadline()).toBeUndefined();
    const told = (await running.history('one')).map((event) => event.type);
    expect(told).toEqual(
      expect.arrayContaining(['MapIterationFailed', 'MapIterationAborted', 'MapStateFailed', 'MapStateExited']),
    );
  });

  test('when an item fails and the Map is tried again, then all items run anew', async () => {
    let calls = 0;
    const flaky = (n: number) => {
      calls += 1;
      if (calls === 2) throw new Error('flaky');
      return n;
    };
    const each = mapOf({ Try: invokeTask('flaky') }, { MaxConcurrency: 1, Retry: [{ ErrorEquals: ['States.ALL'] }] });
    running = await runEngine({ definition: machine({ Each: each }), lambdas: { flaky } });
    await running.start([7, 8]);
    await running.advance(secondMs);
    expect(outputOf(await running.describe('one'))).toEqual([7, 8]);
    expect(calls).toBe(4);
    // Start, the Map, its retry, and an item's state four times.
    expect(running.engine.transitions(executionArn('one'))).toBe(7);
  });

  test('when its items run one by one, then the history chains them as AWS does', async () => {
    const each = mapOf({ Same: { Type: 'Pass', End: true } });
    running = await runEngine({ definition: machine({ Each: each }) });
    await running.start([1]);
    expect(lines(await running.history('one'))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted',
      '5<4 PassStateEntered',
      '6<5 PassStateExited',
      '7<6 MapIterationSucceeded',
      '8<7 MapStateSucceeded',
      '9<8 MapStateExited',
      '10<9 ExecutionSucceeded',
    ]);
  });

  test('when Maps stand inside one another, then each item sees its own Map, and variables from outside', async () => {
    const inner = mapOf({
      Tell: {
        Type: 'Pass',
        Output: '{% $prefix & $states.context.Map.Item.Value & $states.context.Map.Item.Index %}',
        End: true,
      },
    });
    running = await runEngine({
      definition: machine({
        Set: { Type: 'Pass', Assign: { prefix: '>' }, Next: 'Outer' },
        Outer: mapOf({ Inner: inner }),
      }),
    });
    expect(outputOf(await running.start([['a'], ['b', 'c']]))).toEqual([['>a0'], ['>b0', '>c1']]);
  });
});

describe('a DISTRIBUTED Map', () => {
  const run = async (more: object, items: unknown) => {
    running = await runEngine({
      definition: machine({ Each: mapOf({ Double: invokeTask('double') }, more, 'DISTRIBUTED') }),
      lambdas: { double },
    });
    return running.start(items);
  };

  test.each([
    ['a count', { ToleratedFailureCount: 1 }],
    ['a count from an expression', { ToleratedFailureCount: '{% $count($states.input) - 2 %}' }],
    ['a percentage', { ToleratedFailurePercentage: 34 }],
  ])(
    'when one of three items fails and %s allows it, then the Map succeeds and its result tells which',
    async (_, more) => {
      expect(outputOf(await run(more, [1, 2, 3]))).toMatchObject([
        2,
        { Status: 'FAILED', Error: 'Odd', Input: '2' },
        6,
      ]);
      const told = lines(await running.history('one')).map((line) => line.split(' ')[1]);
      expect(told).toEqual(expect.arrayContaining(['MapRunStarted', 'MapIterationFailed', 'MapRunSucceeded']));
    },
  );

  test.each([
    ['nothing is tolerated', {}],
    ['the percentage is too small', { ToleratedFailurePercentage: 33 }],
    ['one of the two limits is too small', { ToleratedFailureCount: 0, ToleratedFailurePercentage: 100 }],
  ])('when one of three items fails and %s, then the Map fails', async (_, more) => {
    expect(await run(more, [1, 2, 3])).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    expect((await running.history('one')).map((event) => event.type)).toContain('MapRunFailed');
  });

  test('when its items ask for a variable from outside, then they do not see it', async () => {
    const inner = { Tell: { Type: 'Pass', Output: '{% $outside %}', End: true } };
    running = await runEngine({
      definition: machine({
        Set: { Type: 'Pass', Assign: { outside: 1 }, Next: 'Each' },
        Each: mapOf(inner, {}, 'DISTRIBUTED'),
      }),
    });
    expect(await running.start([1])).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
  });
});
