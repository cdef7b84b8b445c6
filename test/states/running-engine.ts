import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { createStatesEngine, type StatesEngine } from '#local/states/states-engine.ts';

export const machineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Tested';
export const functionArn = (name: string): string => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
export const executionArn = (name: string): string => `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const secondMs = 1000;
export const dayMs = 24 * 60 * 60 * 1000;
const beginning = Date.parse('2026-01-05T09:00:00.000Z');

export type Lambda = (payload: never) => unknown;

export interface RunningEngine {
  readonly engine: StatesEngine;
  readonly sfn: SFNClient;
  readonly now: () => number;
  /** Moves the clock as the laptop does: from deadline to deadline, letting everything that is due happen on the way. */
  readonly advance: (byMs: number) => Promise<void>;
  /** Moves the clock and lets nobody look at it. */
  readonly elapse: (byMs: number) => void;
  /** Starts an execution and waits until nothing goes on by itself. */
  readonly start: (input?: unknown, name?: string) => Promise<DescribeExecutionOutput>;
  readonly describe: (name: string) => Promise<DescribeExecutionOutput>;
  readonly history: (name: string) => Promise<HistoryEvent[]>;
  readonly close: () => Promise<void>;
}

/** A real engine behind its real protocol, with a clock that stands still until it is moved. */
export async function runEngine(given: {
  definition: object;
  lambdas?: Readonly<Record<string, Lambda>>;
  databasePath?: string;
  startAt?: number;
  random?: () => number;
}): Promise<RunningEngine> {
  let instant = given.startAt ?? beginning;
  const engine = createStatesEngine({
    databasePath: given.databasePath ?? ':memory:',
    now: () => instant,
    random: given.random ?? (() => 1),
    invoke: async (arn, payload) => {
      const lambda = given.lambdas?.[arn.split(':').at(-1) ?? ''];
      if (!lambda) throw Object.assign(new Error(`There is no ${arn}.`), { name: 'Lambda.ResourceNotFoundException' });
      return lambda(payload as never);
    },
    machines: [{ arn: machineArn, name: 'Tested', definition: JSON.stringify(given.definition) }],
  });
  const { url } = await engine.listen(0);
  const credentials = { accessKeyId: 'laptop', secretAccessKey: 'laptop' };
  const sfn = new SFNClient({ endpoint: url, region: 'eu-central-1', credentials });
  const describe = (name: string) => sfn.send(new DescribeExecutionCommand({ executionArn: executionArn(name) }));
  return {
    engine,
    sfn,
    now: () => instant,
    describe,
    advance: async (byMs) => {
      const to = instant + byMs;
      await engine.idle();
      for (let next = engine.nextDeadline(); next !== undefined && next <= to; next = engine.nextDeadline()) {
        instant = Math.max(instant, next);
        await engine.fireDue(instant);
        await engine.idle();
      }
      instant = to;
    },
    elapse: (byMs) => {
      instant += byMs;
    },
    start: async (input = {}, name = 'one') => {
      await sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }));
      await engine.idle();
      return describe(name);
    },
    history: async (name) => {
      const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn: executionArn(name) }));
      return page.events ?? [];
    },
    close: async () => {
      sfn.destroy();
      await engine.close();
    },
  };
}

/** A machine of the given states, of which the first is where it starts. */
export const machine = (states: Readonly<Record<string, object>>, more: object = {}): object => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});

/** A Task that invokes a function and ends with what it returned. */
export const invokeTask = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn(name), Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

/** A Task that hands its token to a function and ends with what comes back. */
export const waitTask = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: functionArn(name), Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});

export const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** The history as its types and what each follows, such as `3<2 TaskScheduled`. */
export const lines = (events: readonly HistoryEvent[]): string[] =>
  events.map((event) => `${event.id}<${event.previousEventId ?? 0} ${event.type}`);
