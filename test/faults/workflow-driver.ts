import { readFileSync } from 'node:fs';
import { ExecutionAlreadyExists, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { handler as followUp } from '#workflows/approvals/follow-up.ts';
import { handler as needsAttention } from '#workflows/approvals/needs-attention.ts';
import { handler as ask } from '#workflows/approvals/request-approval.ts';
import type { Prng } from './prng.ts';
import { type Ended, invoke, type World } from './world.ts';

/**
 * Drives approval.asl.json by hand: the same steps, retries and catches, without an engine's clock and journal, so that a thousand
 * histories take minutes. What is retried, and how often, is read from the file.
 */
export interface WorkflowDriver {
  readonly start: (name: string, input: string) => Readonly<Record<string, unknown>>;
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

interface Task {
  readonly Retry: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Next?: string;
  readonly Catch?: readonly { readonly Next: string }[];
}

const { States: states } = JSON.parse(readFileSync('workflows/approvals/approval.asl.json', 'utf8')) as {
  readonly States: Readonly<Record<string, Task>>;
};

/**
 * What can happen to an execution that waits: it is lost; somebody who may answers it with what is not so, as a forged callback or
 * another subject's would; or nobody answers it in all the time it has.
 */
type Fate = 'to be lost' | 'to be forged' | 'to time out';

const fateOf = (prng: Prng): 'waiting' | Fate =>
  prng.chance(0.12) ? prng.pick(['to be lost', 'to be forged', 'to time out']) : 'waiting';

interface Execution {
  readonly name: string;
  readonly input: { readonly subjectId: string; readonly approvalId: string; readonly attempt: number };
  state: string;
  /** Whether a step runs, or waits for an answer; and what will come upon one that waits before its answer does. */
  phase: 'ready' | 'running' | 'waiting' | Fate;
  tries: number;
  token: string;
  error: string;
}

const refusal = { message: 'refused', $metadata: { httpStatusCode: 400 } };

const steps: Readonly<Record<string, (execution: Execution, at: string) => Promise<unknown>>> = {
  Ask: ({ token, input, tries }, at) => ask({ taskToken: token, ...input, retry: tries, at }),
  FollowUp: ({ input }) => followUp(input),
  NeedsAttention: ({ input, error }, at) => needsAttention({ ...input, error, cause: '', at }),
};

/** As Lambda names what went wrong: its own failures, a process that died, or the error's name. */
const errorOf = (ended: Ended<unknown>, prng: Prng): string => {
  if (ended.how === 'died') return prng.pick(['Lambda.ServiceException', 'Lambda.Unknown', 'Sandbox.Timedout']);
  return ended.how === 'threw' && ended.error instanceof Error ? ended.error.name : 'Error';
};

export const createWorkflowDriver = (prng: Prng, now: () => string): WorkflowDriver => {
  const executions = new Map<string, Execution>();
  const ended = new Set<string>();
  let tokens = 0;
  let calm = false;
  let next: 'lose' | 'lose answered' | 'fail' | undefined;
  const goOn = (execution: Execution, state: string | undefined): void => {
    if (state === undefined) {
      ended.add(execution.name);
      return;
    }
    Object.assign(execution, { state, phase: 'ready', tries: 0, token: '' });
  };
  const run = async (world: World, execution: Execution): Promise<void> => {
    const { state } = execution;
    const task = states[state];
    tokens += 1;
    const token = `token-${tokens}`;
    execution.token = token;
    const fails = next === 'fail';
    if (fails) next = undefined;
    const result = await invoke(world, `${state} ${execution.name}`, async () => {
      if (fails) throw new TypeError('a bug');
      return steps[state]?.(execution, now());
    });
    // Answered while it still ran, the execution has gone on.
    if (execution.token !== token) return;
    if (result.how === 'returned') {
      if (state === 'Ask') execution.phase = calm ? 'waiting' : fateOf(prng);
      else goOn(execution, task?.Next);
      return;
    }
    const error = errorOf(result, prng);
    const retry = task?.Retry.find(
      ({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.TaskFailed'),
    );
    execution.tries += 1;
    if (retry && (execution.tries <= retry.MaxAttempts || calm)) execution.phase = 'ready';
    else {
      execution.error = error;
      goOn(execution, task?.Catch?.[0]?.Next);
    }
  };
  const alive = (): readonly Execution[] => [...executions.values()].filter(({ name }) => !ended.has(name));
  const suffer = (execution: Execution): void => {
    const { phase } = execution;
    execution.phase = 'waiting';
    if (phase === 'to be lost') ended.add(execution.name);
    if (phase === 'to be forged') goOn(execution, states.Ask?.Next);
    if (phase === 'to time out') {
      execution.error = 'States.Timeout';
      goOn(execution, states.Ask?.Catch?.[0]?.Next);
    }
  };
  return {
    started: () => [...executions.keys()],
    start: (name, input) => {
      if (executions.has(name)) throw new ExecutionAlreadyExists(refusal);
      const fresh = { state: 'Ask', phase: 'ready', tries: 0, token: '', error: '' } as const;
      executions.set(name, { name, input: JSON.parse(input), ...fresh });
      // It was accepted, and nobody ever hears of it again; what recovery starts anew is not lost as well.
      if (next === 'lose' || (!calm && name.endsWith('-1') && prng.chance(0.12))) ended.add(name);
      if (next === 'lose') next = undefined;
      return { executionArn: name };
    },
    answer: (token) => {
      const execution = [...executions.values()].find((each) => each.token === token);
      if (!execution) throw new TaskDoesNotExist(refusal);
      if (ended.has(execution.name) || execution.state !== 'Ask') throw new TaskTimedOut(refusal);
      goOn(execution, states.Ask?.Next);
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
          world.scheduler.spawn(() => run(world, execution));
        }),
    unfinished: () =>
      alive().map(({ name, state, phase, input }) => ({
        name,
        approvalId: input.approvalId,
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
      for (const execution of alive()) if (execution.phase.startsWith('to ')) execution.phase = 'waiting';
    },
  };
};
