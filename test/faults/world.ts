import { AsyncLocalStorage } from 'node:async_hooks';
import type { Fault, Request } from './fault.ts';
import type { FilesOfAHistory } from './files-of-a-history.ts';
import type { ModelEngine } from './model-engine.ts';
import type { LogLine, SentMail } from './recording.ts';
import type { Scheduler } from './scheduler.ts';
import type { StreamPump } from './stream-pump.ts';
import type { StripeOfAHistory } from './stripe-of-a-history.ts';
import type { WaitingRoom } from './waiting-room.ts';
import type { WorkflowDriver } from './workflow-driver.ts';

/** One Lambda invocation: when it dies, whatever it still waits for never comes. */
export interface Invocation {
  readonly label: string;
  readonly begunMs: number;
  readonly isDead: () => boolean;
  readonly die: () => void;
  /** The mail that this invocation last asked about: what it sends next is that one. */
  mailKey: string | undefined;
}

/** Everything one history can touch. */
export interface World {
  readonly scheduler: Scheduler;
  readonly engine: ModelEngine;
  /** Who follows what is stored. */
  readonly pump: StreamPump;
  /** Who makes facts of it, where histories are about that. */
  readonly factsPump: StreamPump | undefined;
  /** The activity table. */
  readonly facts: ModelEngine;
  /** For each of its commits, how many the other table had taken. */
  readonly factsAfter: number[];
  readonly workflow: WorkflowDriver;
  readonly stripe: StripeOfAHistory;
  readonly files: FilesOfAHistory;
  readonly room: WaitingRoom;
  /** The instant, in milliseconds. */
  readonly nowMs: () => number;
  /** Says what becomes of a request. */
  decide: (request: Request, by: Invocation) => Fault;
  /** Requests that will land later, whatever their sender thinks. */
  readonly late: (() => void)[];
  readonly mails: SentMail[];
  readonly logs: LogLine[];
  /** For each mail how often a fault kept its sender from knowing, or noting, that it was sent. */
  readonly excuses: Map<string, number>;
  readonly signIns: Map<string, 'enabled' | 'disabled'>;
  /** Whether requests go through the SDK, or the short way, ten times as fast. */
  readonly line: 'sdk' | 'short';
  readonly counts: { requests: number; faulted: number };
  /** The same requests on Amazon's engine: throws where the answers differ. */
  readonly mirror?: (operation: string, body: Readonly<Record<string, unknown>>, ours: unknown) => Promise<void>;
}

/** Whose request this is; undefined outside of every history. */
export const here = new AsyncLocalStorage<{ readonly world: World; readonly invocation: Invocation }>();

export type Ended<T> =
  | { readonly how: 'returned'; readonly value: T }
  | { readonly how: 'threw'; readonly error: unknown }
  | { readonly how: 'died' };

/** Runs a handler as Lambda does: it returns, it throws, or it dies midway and nobody hears of it again. */
export const invoke = async <T>(world: World, label: string, work: () => Promise<T>): Promise<Ended<T>> => {
  const death = Promise.withResolvers<Ended<T>>();
  let dead = false;
  const die = (): void => {
    dead = true;
    death.resolve({ how: 'died' });
  };
  const begunMs = world.nowMs();
  const invocation: Invocation = { label, begunMs, die, isDead: () => dead, mailKey: undefined };
  const done = here.run({ world, invocation }, work).then(
    (value): Ended<T> => ({ how: 'returned', value }),
    (error: unknown): Ended<T> => ({ how: 'threw', error }),
  );
  return Promise.race([done, death.promise]);
};
