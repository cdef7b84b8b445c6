import { evaluate, type Sight } from './expression.ts';
import { executionSucceeded, type HistoryEvent, mapIteration, stateExited, wentWrong } from './history-event.ts';
import { isTooLarge, type Json, type JsonObject } from './json.ts';
import { errorOutputOf, StateFailure } from './state-failure.ts';
import { type Phase, type Scene, type Strand, stateOf } from './strand.ts';

/** An item of a Map that is to become a strand under the one that moved. */
export interface NewItem {
  readonly scope: readonly string[];
  readonly state: string;
  readonly item: { readonly index: number; readonly value: Json };
  readonly input: Json;
  readonly variables: JsonObject;
}

/** What one stimulus does to one strand. It becomes true in one transaction of the journal, or not at all. */
export interface Move {
  strand: Strand;
  readonly events: HistoryEvent[];
  /** State transitions to be counted: states entered and retries. */
  transitions: number;
  items: NewItem[];
  /** The Map is over: what still runs in it is given up. */
  endsItems: boolean;
}

export const beginMove = (strand: Strand): Move => ({
  strand,
  events: [],
  transitions: 0,
  items: [],
  endsItems: false,
});

export function change(move: Move, changes: Partial<Strand>): void {
  move.strand = { ...move.strand, ...changes };
}

export const toPhase = (move: Move, phase: Phase): void => change(move, { phase });

/** What the expressions of the strand's state can see. Source: AWS, "Transforming data with JSONata". */
export function sightOf(
  scene: Scene,
  strand: Strand,
  more: { readonly states?: JsonObject | undefined; readonly context?: JsonObject } = {},
): Sight {
  const { execution } = scene;
  const retryCount = Object.values(strand.retries).reduce((sum, used) => sum + used, 0);
  const states = {
    input: strand.input,
    context: {
      Execution: {
        Id: execution.arn,
        Input: execution.input,
        Name: execution.name,
        StartTime: new Date(execution.startedAt).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: execution.machineArn, Name: execution.machineName },
      State: { Name: strand.state, EnteredTime: new Date(strand.enteredAt).toISOString(), RetryCount: retryCount },
      ...(strand.item && { Map: { Item: { Index: strand.item.index, Value: strand.item.value } } }),
      ...more.context,
    },
    ...more.states,
  };
  return { states, variables: strand.variables, now: scene.now, random: scene.random };
}

export interface Exit {
  /** The state itself, one of its rules or one of its catchers: who says what goes out. */
  readonly by: { readonly Assign?: JsonObject | undefined; readonly Output?: Json | undefined };
  /** What goes out if nobody says anything. */
  readonly otherwise: Json;
  readonly sees?: JsonObject;
  /** Absent at the end of the machine or of a Map's item. */
  readonly next: string | undefined;
}

/** Leaves the state. Assign and Output both see the variables as they were before: neither sees the other's work. */
export async function leave(scene: Scene, move: Move, exit: Exit): Promise<void> {
  const { strand } = move;
  const state = stateOf(scene.machine, strand);
  const sight = sightOf(scene, strand, { states: exit.sees });
  const assigned = exit.by.Assign && ((await evaluate(exit.by.Assign, 'Assign', sight)) as JsonObject);
  const output = exit.by.Output === undefined ? exit.otherwise : await evaluate(exit.by.Output, 'Output', sight);
  if (isTooLarge(output)) throw tooLarge(strand.state);
  move.events.push(stateExited(state.Type, strand.state, { output, assigned }));
  change(move, { variables: { ...strand.variables, ...assigned } });
  if (exit.next === undefined) return succeed(move, output);
  change(move, { state: exit.next, input: output, phase: { kind: 'ready' } });
}

export const tooLarge = (name: string): StateFailure =>
  new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

export function succeed(move: Move, output: Json): void {
  const { item, scope } = move.strand;
  const name = scope.at(-1) ?? '';
  move.events.push(item ? mapIteration('Succeeded', name, item.index) : executionSucceeded(output));
  toPhase(move, { kind: 'succeeded', output });
}

/** The strand ends with an error that nothing caught. */
export function fail(move: Move, failure: StateFailure): void {
  const { item, scope } = move.strand;
  const { error, failureCause: cause } = failure;
  const name = scope.at(-1) ?? '';
  move.events.push(item ? mapIteration('Failed', name, item.index) : wentWrong('ExecutionFailed', { error, cause }));
  toPhase(move, { kind: 'failed', error, cause });
}

/** Goes to the catcher's state; if its own expressions fail, that failure ends the strand. */
export const leaveCaught = (
  scene: Scene,
  move: Move,
  caught: { by: Exit['by'] & { Next: string }; failure: StateFailure },
): Promise<void> => {
  const errorOutput = errorOutputOf(caught.failure);
  return leave(scene, move, { by: caught.by, otherwise: errorOutput, sees: { errorOutput }, next: caught.by.Next });
};
