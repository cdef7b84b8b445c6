import { describe, expect, test } from 'vitest';
import { loadMachine } from '#local/states/load-machine.ts';
import { functionArn, invokeTask, machine, machineArn, waitTask } from './running-engine.ts';

const load = (definition: object, type?: string) => () =>
  loadMachine({ arn: machineArn, name: 'Tested', definition: JSON.stringify(definition), ...(type && { type }) });

const end = { Type: 'Pass', End: true };
const map = (more: object, config?: object) => ({
  ...{
    Type: 'Map',
    End: true,
    ItemProcessor: { StartAt: 'P', States: { P: end }, ...(config && { ProcessorConfig: config }) },
  },
  ...more,
});

describe('when a machine is loaded, then what does not run here is refused by its name', () => {
  test.each<[string, object, RegExp]>([
    [
      'no query language, which means JSONPath',
      { ...machine({ P: end }), QueryLanguage: undefined },
      /QueryLanguage: 'JSONPath' is not supported/,
    ],
    [
      'InvocationType',
      machine({ T: invokeTask('f', { Arguments: { FunctionName: 'f', InvocationType: 'Event' } }) }),
      /States\.T\.Arguments\.InvocationType: the argument 'InvocationType' is not supported/,
    ],
    [
      'JSONPath inside an Output',
      machine({ P: { ...end, Output: { 'a.$': '$.a' } } }),
      /States\.P\.Output\.a\.\$: the field 'a\.\$' is JSONPath/,
    ],
    [
      'JSONPath in one state',
      machine({ P: { ...end, QueryLanguage: 'JSONPath' } }),
      /States\.P\.QueryLanguage: 'JSONPath'/,
    ],
    [
      'Parallel',
      machine({ P: { Type: 'Parallel', Branches: [], End: true } }),
      /States\.P\.Type: the state type 'Parallel' is not supported/,
    ],
    [
      'InputPath',
      machine({ P: { ...end, InputPath: '$.a' } }),
      /States\.P\.InputPath: the field 'InputPath' is not supported/,
    ],
    ['ResultPath', machine({ P: { ...end, ResultPath: '$.a' } }), /the field 'ResultPath'/],
    ['Parameters', machine({ P: { ...end, 'a.$': '$' } }), /the field 'a\.\$'/],
    [
      'TimeoutSecondsPath',
      machine({ T: invokeTask('f', { TimeoutSecondsPath: '$.t' }) }),
      /the field 'TimeoutSecondsPath'/,
    ],
    ['Credentials', machine({ T: invokeTask('f', { Credentials: {} }) }), /the field 'Credentials'/],
    [
      'another service',
      machine({ T: invokeTask('f', { Resource: 'arn:aws:states:::sqs:sendMessage' }) }),
      /the resource 'arn:aws:states:::sqs:sendMessage' is not supported/,
    ],
    [
      'an activity',
      machine({ T: invokeTask('f', { Resource: 'arn:aws:states:eu-central-1:1:activity:a' }) }),
      /the resource .* is not supported/,
    ],
    [
      'ItemReader',
      machine({ M: map({ ItemReader: {} }, { Mode: 'DISTRIBUTED' }) }),
      /States\.M\.ItemReader: the field 'ItemReader'/,
    ],
    ['ResultWriter', machine({ M: map({ ResultWriter: {} }, { Mode: 'DISTRIBUTED' }) }), /the field 'ResultWriter'/],
    ['ItemBatcher', machine({ M: map({ ItemBatcher: {} }, { Mode: 'DISTRIBUTED' }) }), /the field 'ItemBatcher'/],
    ['Iterator', machine({ M: map({ Iterator: {} }) }), /the field 'Iterator'/],
    [
      'express items',
      machine({ M: map({}, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }) }),
      /ExecutionType: 'EXPRESS'/,
    ],
    [
      'tolerance in an INLINE Map',
      machine({ M: map({ ToleratedFailureCount: 1 }) }),
      /'ToleratedFailureCount' is not supported in an INLINE Map/,
    ],
    [
      'Retry on a Wait',
      machine({ W: { Type: 'Wait', Seconds: 1, End: true, Retry: [] } }),
      /States\.W\.Retry: the field 'Retry'/,
    ],
    [
      'Assign on a Choice itself',
      machine({ C: { Type: 'Choice', Assign: {}, Choices: [{ Condition: true, Next: 'P' }] }, P: end }),
      /States\.C\.Assign/,
    ],
    [
      'Variable in a rule',
      machine({ C: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'P' }] }, P: end }),
      /the field 'Variable'/,
    ],
    [
      '$eval',
      machine({ P: { ...end, Output: "{% $eval('1') %}" } }),
      /States\.P\.Output: the function \$eval is not supported/,
    ],
    ['an unknown top-level field', { ...machine({ P: end }), Extra: 1 }, /Extra: the field 'Extra'/],
  ])('%s', (_, definition, message) => {
    expect(load(definition)).toThrow(message);
  });

  test('an EXPRESS machine', () => {
    expect(load(machine({ P: end }), 'EXPRESS')).toThrow(/the type 'EXPRESS' is not supported/);
  });
});

describe('when a machine is faulty, then the fault is named', () => {
  test.each<[string, object, RegExp]>([
    [
      'an expression that is not JSONata',
      machine({ P: { ...end, Output: { a: ['{% 1 + %}'] } } }),
      /States\.P\.Output\.a\.0: is not JSONata/,
    ],
    ['a Next that leads nowhere', machine({ P: { Type: 'Pass', Next: 'Q' } }), /States\.P: there is no state 'Q'/],
    ['a StartAt that leads nowhere', { ...machine({ P: end }), StartAt: 'Q' }, /StartAt: there is no state 'Q'/],
    ['a state nothing leads to', machine({ P: end, Q: end }), /States\.Q: is never reached/],
    ['neither Next nor End', machine({ P: { Type: 'Pass' } }), /States\.P: needs either Next or End/],
    ['both Next and End', machine({ P: { ...end, Next: 'P' } }), /States\.P: needs either Next or End/],
    [
      'a Wait without an end',
      machine({ W: { Type: 'Wait', End: true } }),
      /States\.W: needs either Seconds or Timestamp/,
    ],
    [
      'a heartbeat as long as the timeout',
      machine({ T: waitTask('f', { TimeoutSeconds: 5, HeartbeatSeconds: 5 }) }),
      /HeartbeatSeconds: must be smaller/,
    ],
    [
      'States.ALL not last',
      machine({ T: invokeTask('f', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }) }),
      /States\.T\.Retry\.0: States\.ALL must stand alone and last/,
    ],
    [
      'States.ALL not alone',
      machine({ T: invokeTask('f', { Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }) }),
      /States\.ALL must stand alone/,
    ],
    [
      'a Task without arguments',
      machine({ T: { Type: 'Task', Resource: functionArn('f'), End: true } }),
      /States\.T\.Arguments/,
    ],
    [
      'no FunctionName',
      machine({ T: invokeTask('f', { Arguments: { Payload: 1 } }) }),
      /States\.T\.Arguments: needs a FunctionName/,
    ],
    [
      'a fault inside a Map',
      machine({ M: map({ ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', Next: 'Q' } } } }) }),
      /States\.M\.ItemProcessor\.States\.P: there is no state 'Q'/,
    ],
  ])('%s', (_, definition, message) => {
    expect(load(definition)).toThrow(message);
  });

  test('all faults come at once', () => {
    const definition = machine({ P: { Type: 'Pass', Next: 'Q' }, R: end });
    expect(load(definition)).toThrow(
      "The state machine Tested cannot be loaded: States.P: there is no state 'Q'; States.R: is never reached",
    );
  });
});
