import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FunctionDescription } from '#local/template/system.ts';
import type { Answer, Failure, Question, WorkerSetup } from './protocol.ts';

/** A handler threw, timed out or could not be loaded; shaped as Lambda answers it. */
export class FunctionFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.errorMessage);
    // The engine of the workflows takes an error's name for what a Retry or Catch names.
    this.name = failure.errorType;
    this.failure = failure;
  }
}

export interface FunctionHost {
  /** Runs the handler; throws FunctionFailed when it fails. The same thread may be running other invocations. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Starts the thread and loads the code, so that the first caller does not wait for it. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FunctionHostOptions {
  readonly description: FunctionDescription;
  /** What the laptop adds to the template's environment: endpoints, region, credentials. */
  readonly environment: Readonly<Record<string, string>>;
  readonly crash: SharedArrayBuffer;
  /** Takes the function's log lines. */
  readonly log: Writable;
}

interface Waiting {
  readonly resolve: (result: string) => void;
  readonly reject: (failure: Failure) => void;
}

const startWorker = ({ description, environment, crash, log }: FunctionHostOptions): Worker => {
  const [file = 'index', exportName = 'handler'] = description.handler.split('.');
  const workerData: WorkerSetup = {
    functionName: description.name,
    functionArn: description.arn,
    moduleUrl: pathToFileURL(join(description.folder, `${file}.mjs`)).href,
    exportName,
    memoryMb: description.memoryMb,
    statements: description.statements,
    crash,
  };
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    workerData,
    // Nothing of our own environment: a function that needs a variable must get it from the template.
    env: { ...description.environment, ...environment, AWS_LAMBDA_FUNCTION_NAME: description.name },
    stdout: true,
    stderr: true,
  });
  worker.stdout.on('data', (lines: Buffer) => log.write(lines));
  worker.stderr.on('data', (lines: Buffer) => log.write(lines));
  return worker;
};

/** One function in one worker thread, started when it is first needed and again after it died. */
export const createFunctionHost = (options: FunctionHostOptions): FunctionHost => {
  const { name, timeoutSeconds } = options.description;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  const failAll = (errorMessage: string): void => {
    worker = undefined;
    const failure = { errorType: 'Runtime.ExitError', errorMessage, trace: [] };
    for (const [id, { reject }] of waiting) {
      waiting.delete(id);
      reject(failure);
    }
  };
  const running = (): Worker => {
    if (worker) return worker;
    const started = startWorker(options);
    started.on('message', ({ id, result, failure }: Answer) => {
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (failure) waiter?.reject(failure);
      else waiter?.resolve(result ?? 'null');
    });
    started.on('error', (error) => failAll(String(error)));
    started.on('exit', () => started === worker && failAll('The function ended its process.'));
    worker = started;
    return started;
  };
  const ask = (event: string | undefined): Promise<string> =>
    new Promise((resolve, reject: (failure: Failure) => void) => {
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(() => {
        if (!waiting.delete(id)) return;
        reject({
          errorType: 'Sandbox.Timedout',
          errorMessage: `Task timed out after ${timeoutSeconds} seconds`,
          trace: [],
        });
      }, timeoutSeconds * 1000);
      const settle =
        <T>(finish: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          finish(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      const question = { id, requestId: randomUUID(), deadline: Date.now() + timeoutSeconds * 1000 };
      const message: Question = event === undefined ? question : { ...question, event };
      running().postMessage(message);
    });
  const orFail = (promise: Promise<string>): Promise<string> =>
    promise.catch((failure: Failure) => {
      options.log.write(`${JSON.stringify({ function: name, ...failure })}\n`);
      throw new FunctionFailed(failure);
    });
  return {
    invoke: async (event) => JSON.parse(await orFail(ask(JSON.stringify(event)))) as unknown,
    warm: async () => {
      await orFail(ask(undefined));
    },
    close: async () => {
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
};
