import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fireDue, resume } from './drive.ts';
import { findExecution, findNextDeadline } from './execution-store.ts';
import { openJournal } from './journal.ts';
import { createLanes } from './lanes.ts';
import { loadMachine, type MachineSource } from './load-machine.ts';
import { createStatesServer } from './server.ts';
import type { DeployedMachine, Invoke, World } from './world.ts';

export interface StatesEngineOptions {
  /** A file, which outlives the process, or `:memory:`. */
  readonly databasePath: string;
  /** The system's time in epoch milliseconds; it may stand still and it may jump ahead. */
  readonly now: () => number;
  readonly invoke: Invoke;
  readonly machines: readonly MachineSource[];
  /** The dice of jittered retries and `$random()`: a number in [0, 1). */
  readonly random?: () => number;
  /** How often to look for what is due while time runs by itself; absent where somebody else calls `fireDue`. */
  readonly pollMs?: number;
}

export interface StatesEngine {
  /** Listens on 127.0.0.1; 0 takes a free port. The answer is the endpoint to give to the SDK. */
  listen(port: number): Promise<{ port: number; url: string }>;
  /** When something will happen by itself, in epoch milliseconds; undefined if nothing will. It may lie in the past. */
  nextDeadline(): number | undefined;
  /** Lets everything happen that is due by `now` (epoch milliseconds), once; `idle` tells when its consequences are over. */
  fireDue(now: number): Promise<void>;
  /** Resolves when no Lambda is running and nothing can go on by itself at this instant. */
  idle(): Promise<void>;
  /** State transitions of an execution so far: its start, each state entered, each retry. */
  transitions(executionArn: string): number;
  /** Stops listening and working. What is running goes on when the same file is opened again. */
  close(): Promise<void>;
}

/** Opens the engine and takes up what an earlier process left. Throws if a machine needs what is not supported. */
export function createStatesEngine(options: StatesEngineOptions): StatesEngine {
  const machines = options.machines.map((source): [string, DeployedMachine] => [
    source.arn,
    { source, machine: loadMachine(source) },
  ]);
  const world: World = {
    journal: openJournal(options.databasePath),
    lanes: createLanes(),
    now: options.now,
    random: options.random ?? Math.random,
    invoke: options.invoke,
    machines: new Map(machines),
    definitions: new Map(),
    closed: false,
  };
  const server = createStatesServer(world);
  resume(world);
  const poll =
    options.pollMs === undefined ? undefined : setInterval(() => fireDue(world, world.now()), options.pollMs);
  poll?.unref();
  return {
    listen: (port) => listen(server, port),
    nextDeadline: () => findNextDeadline(world.journal),
    fireDue: (now) => fireDue(world, now),
    idle: () => world.lanes.idle(),
    transitions: (executionArn) => findExecution(world.journal, executionArn)?.transitions ?? 0,
    close: async () => {
      clearInterval(poll);
      world.closed = true;
      await closeServer(server);
      await world.lanes.drained();
      world.journal.close();
    },
  };
}

function listen(server: Server, port: number): Promise<{ port: number; url: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; url: string }>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => {
    // A server that listens on a port has an address with a port.
    const address = server.address() as AddressInfo;
    resolve({ port: address.port, url: `http://127.0.0.1:${address.port}` });
  });
  return promise;
}

function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
