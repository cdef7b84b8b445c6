import type { Writable } from 'node:stream';
import type { FunctionDescription } from '#local/template/system.ts';
import { createFunctionHost } from './function-host.ts';

export interface Functions {
  /** Runs a function and waits for its answer; throws FunctionFailed. `functionArn` is one of the template. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Loads everything, one after the other, so that requests in between are not held up. */
  readonly warm: () => Promise<void>;
  /** Resolves when what is running at this moment has ended. */
  readonly settled: () => Promise<void>;
  /** How many invocations were ever started: two equal answers mean that nothing happened in between. */
  readonly started: () => number;
  readonly running: () => number;
  /** How many invocations have failed, or reported items of theirs as failed. */
  readonly failures: () => number;
  /** Called whenever an invocation has ended: something may have been written. */
  readonly onEnded: (listener: () => void) => void;
  /** Ends the process at the n-th AWS call that functions make from now. */
  readonly crashAt: (call: number, moment: 'before' | 'after') => void;
  readonly close: () => Promise<void>;
}

export interface FunctionsOptions {
  readonly descriptions: readonly FunctionDescription[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Writable;
}

const reportsFailures = (answer: unknown): boolean => {
  // Whatever a function answers has passed as JSON.
  const { batchItemFailures } = (answer ?? {}) as { readonly batchItemFailures?: readonly unknown[] };
  return (batchItemFailures?.length ?? 0) > 0;
};

/** All Lambda functions of the template, each in a worker thread of its own. */
export const createFunctions = ({ descriptions, environment, log }: FunctionsOptions): Functions => {
  const crash = new SharedArrayBuffer(8);
  const hosts = new Map(
    descriptions.map((description) => [description.arn, createFunctionHost({ description, environment, crash, log })]),
  );
  const running = new Set<Promise<unknown>>();
  const listeners: (() => void)[] = [];
  let started = 0;
  let failures = 0;
  return {
    invoke: async (functionArn, event) => {
      const host = hosts.get(functionArn);
      if (!host) throw new Error(`No function is called ${functionArn}.`);
      started += 1;
      const invocation = host.invoke(event);
      running.add(invocation);
      try {
        const answer = await invocation;
        if (reportsFailures(answer)) failures += 1;
        return answer;
      } catch (error) {
        failures += 1;
        throw error;
      } finally {
        running.delete(invocation);
        for (const listener of listeners) listener();
      }
    },
    warm: async () => {
      for (const [functionArn, host] of hosts) {
        await host.warm().catch((error: unknown) => {
          console.error(`${functionArn.slice(functionArn.lastIndexOf(':') + 1)} cannot be loaded: ${error}`);
        });
      }
    },
    settled: async () => {
      await Promise.allSettled(running);
    },
    started: () => started,
    running: () => running.size,
    failures: () => failures,
    onEnded: (listener) => {
      listeners.push(listener);
    },
    crashAt: (call, moment) => {
      const cells = new Int32Array(crash);
      Atomics.store(cells, 1, moment === 'before' ? 0 : 1);
      Atomics.store(cells, 0, call);
    },
    close: async () => {
      await Promise.all([...hosts.values()].map((host) => host.close()));
    },
  };
};
