import type { Machine, Scope, State } from './definition.ts';
import type { Json, JsonObject } from './json.ts';

/** A Lambda invocation that a Task is waiting for. All instants are epoch milliseconds of the engine's clock. */
export interface Call {
  /** Counts the strand's calls; an answer to an earlier one no longer concerns anybody. */
  readonly number: number;
  readonly functionArn: string;
  readonly payload: Json;
  readonly token?: string;
  readonly timeoutAt?: number;
  readonly heartbeatAt?: number;
  readonly heartbeatMs?: number;
}

/** What a strand is doing. After a crash its phase alone says what has to be done again. */
export type Phase =
  /** A Map's item whose turn has not come. */
  | { readonly kind: 'held' }
  /** About to enter its state. */
  | { readonly kind: 'ready' }
  /** A Lambda is working; it is invoked again after a crash. */
  | { readonly kind: 'calling'; readonly call: Call }
  /** The Lambda has answered, the callback with the token has not come. */
  | { readonly kind: 'awaiting'; readonly call: Call }
  | { readonly kind: 'sleeping'; readonly until: number; readonly purpose: 'wait' | 'retry' }
  /** A Map whose items run as strands of their own. */
  | { readonly kind: 'mapping'; readonly concurrency: number; readonly tolerated: number }
  | { readonly kind: 'succeeded'; readonly output: Json }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** One thread of control: an execution has one at the root, and one for each item of a Map that is running. */
export interface Strand {
  readonly id: number;
  readonly executionArn: string;
  /** The strand whose Map this one runs in; absent at the root. */
  readonly parent?: number;
  /** The names of the Maps around it, outermost first. */
  readonly scope: readonly string[];
  readonly item?: { readonly index: number; readonly value: Json };
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly enteredAt: number;
  /** How often each retrier of the current state was used, by its place. */
  readonly retries: Readonly<Record<number, number>>;
  readonly calls: number;
  readonly lastEventId: number;
  readonly eventCount: number;
  readonly phase: Phase;
}

export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly input: Json;
  readonly startedAt: number;
}

/** Everything a step may know besides the strand. Chance comes from outside, so that a test can hold it still. */
export interface Scene {
  readonly execution: ExecutionFacts;
  readonly machine: Machine;
  readonly now: number;
  readonly random: () => number;
  readonly newToken: () => string;
}

/** What can happen to a strand. */
export type Stimulus =
  | { readonly kind: 'released' }
  | { readonly kind: 'go' }
  | { readonly kind: 'due' }
  | { readonly kind: 'answered'; readonly call: number; readonly result: Json }
  | { readonly kind: 'refused'; readonly call: number; readonly error: string; readonly cause: string }
  | { readonly kind: 'called back'; readonly token: string; readonly output: Json }
  | { readonly kind: 'called off'; readonly token: string; readonly error: string; readonly cause: string }
  | { readonly kind: 'heartbeat'; readonly token: string }
  | { readonly kind: 'items done'; readonly outputs: readonly Json[]; readonly lastEventId: number }
  | { readonly kind: 'items failed'; readonly error: string; readonly cause: string; readonly lastEventId: number };

/** The instant at which something must happen to the strand even if nobody calls; undefined if there is none. */
export function dueAt(phase: Phase): number | undefined {
  if (phase.kind === 'sleeping') return phase.until;
  if (phase.kind !== 'calling' && phase.kind !== 'awaiting') return undefined;
  const instants = [phase.call.timeoutAt, phase.call.heartbeatAt].filter((at) => at !== undefined);
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

export const tokenOf = (phase: Phase): string | undefined =>
  phase.kind === 'calling' || phase.kind === 'awaiting' ? phase.call.token : undefined;

/** The states among which the strand moves: the machine's, or those inside the innermost Map around it. */
export function scopeOf(machine: Machine, path: readonly string[]): Scope {
  return path.reduce<Scope>((scope, name) => {
    const state = scope.States[name];
    if (state?.Type !== 'Map') throw new Error(`There is no Map '${name}' in the machine.`);
    return state.ItemProcessor;
  }, machine);
}

export function stateOf(machine: Machine, strand: Strand): State {
  const state = scopeOf(machine, strand.scope).States[strand.state];
  if (!state) throw new Error(`There is no state '${strand.state}' in the machine.`);
  return state;
}
