import { ExecutionAlreadyExists, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { millis } from '#shared/core/time.ts';
import { type Data, type Machine, machines, type State } from './machines.ts';
import type { Prng } from './prng.ts';
import { type Ended, invoke, type World } from './world.ts';

/**
 * Drives our state machines by hand: the same steps, retries and catches, without an engine's clock and journal, so that a thousand
 * histories take minutes.
 */
export interface WorkflowDriver {
  readonly start: (about: {
    readonly name: string;
    readonly input: string;
    readonly machine: string;
  }) => Readonly<Record<string, unknown>>;
  readonly answer: (token: string) => Readonly<Record<string, unknown>>;
  readonly starts: (world: World) => readonly (() => void)[];
  readonly unfinished: () => readonly { readonly name: string; readonly approvalId: string; readonly state: string }[];
  /** Names of all executions, whatever became of them. */
  readonly started: () => readonly string[];
  /** Loses the next execution that is started, or the next that is answered. */
  readonly loseNext: (when?: 'lose' | 'lose answered') => void;
  /** Lets the next step fail as a bug would. */
  readonly failNext: () => void;
  /** No execution gets lost any more by itself. */
  readonly calm: () => void;
}

/**
 * What can happen to an execution that waits: it is lost; somebody who may answers it with what is not so, as a forged callback or
 * another subject's would; or nobody answers it in all the time it has.
 */
type Fate = 'to be lost' | 'to be forged' | 'to time out';

const fateOf = (prng: Prng): 'waiting' | Fate =>
  prng.chance(0.12) ? prng.pick(['to be lost', 'to be forged', 'to time out']) : 'waiting';

interface Execution {
  readonly name: string;
  readonly machine: Machine;
  data: Data;
  state: string;
  /** Whether a step runs, or waits for an answer; and what will come upon one that waits before its answer does. */
  phase: 'ready' | 'running' | 'waiting' | Fate;
  tries: number;
  token: string;
  error: string;
}

const dayMs = 86_400_000;

const refusal = { message: 'refused', $metadata: { httpStatusCode: 400 } };

/** As Lambda names what went wrong: its own failures, a process that died, or the error's name. */
const errorOf = (ended: Ended<unknown>, prng: Prng): string => {
  if (ended.how === 'died') return prng.pick(['Lambda.ServiceException', 'Lambda.Unknown', 'Sandbox.Timedout']);
  return ended.how === 'threw' && ended.error instanceof Error ? ended.error.name : 'Error';
};

const retryOf = ({ Retry = [] }: State, error: string) =>
  Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.TaskFailed'));

export const createWorkflowDriver = (prng: Prng, now: () => string): WorkflowDriver => {
  const executions = new Map<string, Execution>();
  const ended = new Set<string>();
  let tokens = 0;
  let calm = false;
  let next: 'lose' | 'lose answered' | 'fail' | undefined;
  /** Only machines that have hardships ask chance about them. */
  const meetsHardship = ({ hardship }: Machine): boolean => hardship > 0 && !calm && prng.chance(hardship);
  const goOn = (execution: Execution, wanted: string | undefined): void => {
    const { machine, name, data } = execution;
    const isChoice = wanted !== undefined && machine.states[wanted]?.Type === 'Choice';
    const state = isChoice ? machine.choose(data) : wanted;
    if (state === undefined || machine.states[state]?.Type === 'Succeed' || meetsHardship(machine)) ended.add(name);
    else Object.assign(execution, { state, phase: 'ready', tries: 0, token: '' });
  };
  const succeed = (execution: Execution, state: string, result?: unknown): void => {
    const { machine, data } = execution;
    execution.data = machine.output(state, data, result);
    goOn(execution, machine.states[state]?.Next);
  };
  const fail = (execution: Execution, state: string, error: string): void => {
    execution.error = error;
    goOn(execution, execution.machine.states[state]?.Catch?.[0]?.Next);
  };
  /** It goes on beside its own repetition. */
  const believedDead = async (world: World, work: () => Promise<unknown>): Promise<Ended<unknown>> => {
    world.scheduler.spawn(async () => void (await work()));
    for (let turns = prng.int(20); turns >= 0; turns -= 1) await world.scheduler.park();
    return { how: 'died' };
  };
  const run = async (world: World, execution: Execution): Promise<void> => {
    const { state, machine, data, name } = execution;
    const task = machine.states[state];
    tokens += 1;
    const token = `token-${tokens}`;
    execution.token = token;
    const fails = next === 'fail';
    if (fails) next = undefined;
    const { tries, error: failure } = execution;
    const work = () =>
      invoke<unknown>(world, `${state} ${name}`, async () => {
        if (fails) throw new TypeError('a bug');
        return machine.tasks[state]?.(data, { token, tries, error: failure, at: now() });
      });
    const result = await (meetsHardship(machine) ? believedDead(world, work) : work());
    // Answered while it still ran, the execution has gone on.
    if (execution.token !== token) return;
    if (result.how === 'returned') {
      if (state === 'Ask') execution.phase = calm ? 'waiting' : fateOf(prng);
      else succeed(execution, state, result.value);
      return;
    }
    const error = errorOf(result, prng);
    const retry = task && retryOf(task, error);
    execution.tries += 1;
    if (retry && execution.tries <= retry.MaxAttempts) execution.phase = 'ready';
    else fail(execution, state, error);
  };
  /** One item of a Map with its retries; answers the error that it ends with. */
  const runItem = async (world: World, execution: Execution, item: Data): Promise<string | undefined> => {
    const { machine, name, state } = execution;
    const { StartAt = '', States = {} } = machine.states[state]?.ItemProcessor ?? {};
    // When the state was entered, whatever the try; no engine tries for so long that a day goes by.
    let at = now();
    for (let tries = 0; ; tries += 1) {
      if (millis(now()) - millis(at) > dayMs) at = now();
      await world.scheduler.park();
      const about = { token: '', tries, error: '', at };
      const work = () =>
        invoke<unknown>(world, `${StartAt} ${name}`, async () => machine.tasks[StartAt]?.(item, about));
      const result = await (meetsHardship(machine) ? believedDead(world, work) : work());
      if (result.how === 'returned') {
        if (machine.isItemDone(result.value)) return undefined;
        // It is entered anew, with all its tries.
        [at, tries] = [now(), -1];
        continue;
      }
      const error = errorOf(result, prng);
      const retry = States[StartAt] && retryOf(States[StartAt], error);
      if (!retry || tries >= retry.MaxAttempts) return error;
    }
  };
  const runMap = async (world: World, execution: Execution): Promise<void> => {
    const { machine, state, data } = execution;
    const tolerated = machine.states[state]?.ToleratedFailurePercentage === 100;
    const errors = await Promise.all(machine.items(state, data).map((item) => runItem(world, execution, item)));
    const error = errors.find((each) => each !== undefined);
    if (error === undefined || tolerated) succeed(execution, state);
    else fail(execution, state, error);
  };
  const alive = (): readonly Execution[] => [...executions.values()].filter(({ name }) => !ended.has(name));
  const suffer = (execution: Execution): void => {
    const { phase } = execution;
    execution.phase = 'waiting';
    if (phase === 'to be lost') ended.add(execution.name);
    if (phase === 'to be forged') succeed(execution, 'Ask');
    if (phase === 'to time out') fail(execution, 'Ask', 'States.Timeout');
  };
  return {
    started: () => [...executions.keys()],
    start: ({ name, input, machine: machineName }) => {
      const machine = machines[machineName];
      if (!machine) throw new Error(`There is no state machine ${machineName}.`);
      if (executions.has(name)) throw new ExecutionAlreadyExists(refusal);
      const fresh = { state: machine.startAt, phase: 'ready', tries: 0, token: '', error: '' } as const;
      executions.set(name, { name, machine, data: JSON.parse(input), ...fresh });
      // It was accepted, and nobody ever hears of it again; what recovery starts anew is not lost as well.
      if (next === 'lose' || (!calm && name.endsWith('-1') && prng.chance(0.12))) ended.add(name);
      if (next === 'lose') next = undefined;
      return { executionArn: name };
    },
    answer: (token) => {
      const execution = [...executions.values()].find((each) => each.token === token);
      if (!execution) throw new TaskDoesNotExist(refusal);
      if (ended.has(execution.name) || execution.state !== 'Ask') throw new TaskTimedOut(refusal);
      succeed(execution, 'Ask');
      // The answer was taken, and nobody ever follows it up.
      if (next === 'lose answered' || (!calm && prng.chance(0.04))) ended.add(execution.name);
      if (next === 'lose answered') next = undefined;
      return {};
    },
    starts: (world) =>
      alive()
        .filter(({ phase }) => phase !== 'running' && phase !== 'waiting')
        .map((execution) => () => {
          if (execution.phase !== 'ready') return suffer(execution);
          execution.phase = 'running';
          const isMap = execution.machine.states[execution.state]?.Type === 'Map';
          world.scheduler.spawn(() => (isMap ? runMap : run)(world, execution));
        }),
    unfinished: () =>
      alive().map(({ name, state, phase, machine, data }) => ({
        name,
        approvalId: machine.approvalIdOf(data),
        state: `${state} ${phase}`,
      })),
    loseNext: (when = 'lose') => {
      next = when;
    },
    failNext: () => {
      next = 'fail';
    },
    calm: () => {
      calm = true;
      for (const execution of alive()) {
        if (execution.phase.startsWith('to ')) execution.phase = 'waiting';
        // What it has suffered until now does not count.
        execution.tries = 0;
      }
    },
  };
};
