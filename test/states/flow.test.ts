import { afterEach, describe, expect, test } from 'vitest';
import {
  dayMs,
  executionArn,
  invokeTask,
  lines,
  machine,
  machineArn,
  type RunningEngine,
  runEngine,
  secondMs,
} from './running-engine.ts';

let running: RunningEngine;
afterEach(() => running.close());

const run = async (states: Readonly<Record<string, object>>, input?: unknown) => {
  running = await runEngine({ definition: machine(states) });
  return running.start(input);
};
const outputOf = (ended: { output?: string | undefined }): unknown => JSON.parse(String(ended.output));

describe('Pass', () => {
  test('when it says nothing, then its input is its output', async () => {
    expect(outputOf(await run({ P: { Type: 'Pass', End: true } }, { a: 1 }))).toEqual({ a: 1 });
  });

  test('when it has an Output, then expressions in it are values and everything else stays', async () => {
    const Output = {
      sum: '{% $states.input.a + 1 %}',
      list: ['{% $states.input.a %}', null],
      text: ' {% not one %} ',
      n: 2.5,
    };
    expect(outputOf(await run({ P: { Type: 'Pass', Output, End: true } }, { a: 1 }))).toEqual({
      ...{ sum: 2, list: [1, null], text: ' {% not one %} ', n: 2.5 },
    });
  });

  test('when it assigns variables, then later states see them, the assigning one does not', async () => {
    const ended = await run({
      First: { Type: 'Pass', Assign: { x: 1 }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { x: '{% $x + 1 %}', y: '{% $x %}' }, Output: '{% $x %}', Next: 'Third' },
      Third: { Type: 'Pass', Output: { x: '{% $x %}', y: '{% $y %}', before: '{% $states.input %}' }, End: true },
    });
    expect(outputOf(ended)).toEqual({ x: 2, y: 1, before: 1 });
    const exited = (await running.history('one')).filter((event) => event.type === 'PassStateExited');
    expect(exited[1]?.stateExitedEventDetails?.assignedVariables).toEqual({ x: '2', y: '1' });
  });
});

describe('Choice', () => {
  const rules = {
    Pick: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Large', Output: 'large', Assign: { size: 3 } },
        { Condition: "{% $states.input.n > 5 and $type($states.input.n) = 'number' %}", Next: 'Large' },
      ],
      Default: 'Small',
    },
    Large: { Type: 'Succeed' },
    Small: { Type: 'Succeed', Output: { small: '{% $states.input.n %}' } },
  };

  test.each([
    ['the first rule that holds decides and shapes the output', 11, 'large'],
    ['a rule without output passes the input on', 6, { n: 6 }],
    ['no rule holds, the default is taken', 5, { small: 5 }],
  ])('when %s', async (_, n, output) => {
    expect(outputOf(await run(rules, { n }))).toEqual(output);
  });

  test('when nothing holds and there is no default, then it fails with States.NoChoiceMatched', async () => {
    const { Default: _, ...pick } = rules.Pick;
    expect(await run({ Pick: pick, Large: rules.Large }, { n: 1 })).toMatchObject({ error: 'States.NoChoiceMatched' });
  });

  test('when a condition is not true or false, then it fails with States.QueryEvaluationError', async () => {
    const pick = { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n %}', Next: 'Large' }] };
    expect(await run({ Pick: pick, Large: rules.Large }, { n: 1 })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('Wait', () => {
  test.each([
    ['seconds', { Seconds: 8_000_000 }, 8_000_000],
    ['seconds from an expression', { Seconds: '{% $states.input.s %}' }, 3],
    ['a timestamp', { Timestamp: '2026-07-05T09:00:00Z' }, (181 * dayMs) / secondMs],
    ['a timestamp from an expression', { Timestamp: '{% $states.input.at %}' }, 60],
  ])('when it waits for %s, then it goes on at that instant, not before', async (_, how, seconds) => {
    expect(
      await run({ W: { Type: 'Wait', ...how, End: true } }, { s: 3, at: '2026-01-05T09:01:00.000Z' }),
    ).toMatchObject({
      status: 'RUNNING',
    });
    expect(running.engine.nextDeadline()).toBe(running.now() + seconds * secondMs);
    await running.advance(seconds * secondMs - 1);
    expect((await running.describe('one')).status).toBe('RUNNING');
    await running.advance(1);
    expect((await running.describe('one')).status).toBe('SUCCEEDED');
  });

  test('when the instant has passed, then it goes on at once', async () => {
    const rest = { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', Output: 'done', End: true };
    expect(await run({ W: rest })).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  });

  test('when the seconds are no whole number, then it fails', async () => {
    const rest = { Type: 'Wait', Seconds: '{% 0.5 %}', End: true };
    expect(await run({ W: rest })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('when the timestamp is none, then it fails', async () => {
    const rest = { Type: 'Wait', Timestamp: 'January 5, 2027', End: true };
    expect(await run({ W: rest })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('Succeed and Fail', () => {
  test('when a machine ends in Succeed, then the execution has succeeded with its output', async () => {
    const ended = await run({ S: { Type: 'Succeed', Output: '{% $states.input.a %}' } }, { a: [1] });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '[1]' });
    expect(lines(await running.history('one'))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 SucceedStateEntered',
      '3<2 SucceedStateExited',
      '4<3 ExecutionSucceeded',
    ]);
  });

  test('when it ends in Fail, then the execution has failed with its error and cause', async () => {
    const ended = await run(
      { F: { Type: 'Fail', Error: 'Broke', Cause: "{% 'n is ' & $states.input.n %}" } },
      { n: 1 },
    );
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Broke', cause: 'n is 1' });
    expect(lines(await running.history('one'))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 FailStateEntered',
      '3<2 ExecutionFailed',
    ]);
  });
});

describe('expressions', () => {
  test('when they ask for the context, then they see the execution, the machine, the state and its entering', async () => {
    const ended = await run({ P: { Type: 'Pass', Output: '{% $states.context %}', End: true } }, { a: 1 });
    expect(outputOf(ended)).toEqual({
      Execution: {
        Id: executionArn('one'),
        Input: { a: 1 },
        Name: 'one',
        StartTime: '2026-01-05T09:00:00.000Z',
        RedriveCount: 0,
      },
      StateMachine: { Id: machineArn, Name: 'Tested' },
      State: { Name: 'P', EnteredTime: '2026-01-05T09:00:00.000Z', RetryCount: 0 },
    });
  });

  test.each([
    ["$hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$range(1, 5, 2)', [1, 3, 5]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$partition([1,2,3], 2)', [[1, 2], [3]]],
    ['$parse(\'{"a":[1]}\')', { a: [1] }],
    ['$random()', 0.25],
    ['$random(7) = $random(7)', true],
    ['$match($uuid(), /^[0-9a-f-]{36}$/) != null and $uuid() != $uuid()', true],
    ['$now()', '2026-01-05T09:00:00.000Z'],
    ["$now('[Y0001]-[M01]-[D01]')", '2026-01-05'],
    ['$millis()', Date.parse('2026-01-05T09:00:00.000Z')],
    ["$sum($states.input.items[type = 'a'].n)", 4],
  ])('when %s is asked, then the answer is %j', async (expression, answer) => {
    running = await runEngine({
      definition: machine({ P: { Type: 'Pass', Output: { is: `{% ${expression} %}` }, End: true } }),
      random: () => 0.25,
    });
    const input = {
      items: [
        { type: 'a', n: 1 },
        { type: 'b', n: 2 },
        { type: 'a', n: 3 },
      ],
    };
    expect(outputOf(await running.start(input))).toEqual({ is: answer });
  });

  test.each([
    ['nothing', '$states.input.missing', /returned nothing/],
    ['an error', '1 + "a"', /threw an error/],
    ['a function', 'function($x){$x}', /returned a function/],
    ['a hash nobody knows', "$hash('a', 'CRC')", /not 'CRC'/],
  ])('when one gives %s, then the state fails with States.QueryEvaluationError', async (_, expression, cause) => {
    const ended = await run({ P: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });
    expect(ended).toMatchObject({ error: 'States.QueryEvaluationError', cause: expect.stringMatching(cause) });
    expect(lines(await running.history('one')).slice(2)).toEqual(['3<2 EvaluationFailed', '4<3 ExecutionFailed']);
  });

  test('when an output is larger than 256 KiB, then the state fails with States.DataLimitExceeded', async () => {
    const output = "{% $join($map([1..1024], function($n) { $pad('', 300, 'x') })) %}";
    expect(await run({ P: { Type: 'Pass', Output: output, End: true } })).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });
});

test('when states are entered and tasks tried again, then each counts as one transition, the start as one more', async () => {
  let tries = 0;
  running = await runEngine({
    definition: machine({
      A: { Type: 'Pass', Next: 'B' },
      B: invokeTask('flaky', { Retry: [{ ErrorEquals: ['States.TaskFailed'] }] }),
    }),
    lambdas: {
      flaky: () => {
        tries += 1;
        if (tries < 3) throw new Error('flaky');
      },
    },
  });
  await running.start();
  await running.advance(10 * secondMs);
  expect(running.engine.transitions(executionArn('one'))).toBe(5);
});
