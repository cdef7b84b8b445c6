import { commitMove } from './commit-move.ts';
import {
  cutExecution,
  type ExecutionRow,
  findExecution,
  getDefinition,
  listRunning,
  listTimedOut,
} from './execution-store.ts';
import type { Json } from './json.ts';
import { loadMachine } from './load-machine.ts';
import { react } from './react.ts';
import type { Call, Scene, Stimulus, Strand } from './strand.ts';
import {
  countItems,
  findFailedItem,
  findStrand,
  listDueStrands,
  listHeldItems,
  listItems,
  listStrands,
  resultOf,
} from './strand-store.ts';
import { newToken, type World } from './world.ts';

/** AWS ends an execution whose history would grow longer. */
const longestHistory = 25_000;

interface Target {
  readonly executionArn: string;
  readonly strandId: number;
  /** The instant it happens; the clock's when absent. */
  readonly at?: number;
}

/** Lets something happen to a strand: decide, write down, then act. False if it no longer concerns the strand. */
export function stir(world: World, target: Target, stimulus: Stimulus): Promise<boolean> {
  return world.lanes.run(target.executionArn, async () => {
    if (world.closed) return false;
    const execution = findExecution(world.journal, target.executionArn);
    const strand = findStrand(world.journal, target.strandId);
    if (execution?.status !== 'RUNNING' || !strand) return false;
    const at = target.at ?? world.now();
    try {
      if (strand.eventCount >= longestHistory) throw new Error(`The history has ${longestHistory} events.`);
      const move = await react(sceneOf(world, execution, at), strand, stimulus);
      if (!move || world.closed) return false;
      drive(world, commitMove(world.journal, move, at));
      return true;
    } catch (error) {
      if (world.closed) return false;
      // Nothing in the machine can have caused this: the execution ends here, as AWS ends it, instead of hanging for ever.
      console.error(`Step Functions: ${execution.arn} cannot go on at '${strand.state}'.`, error);
      const failure = { status: 'FAILED', error: 'States.Runtime', cause: String(error), at } as const;
      cutExecution(world.journal, execution.arn, failure);
      return false;
    }
  });
}

function sceneOf(world: World, row: ExecutionRow, now: number): Scene {
  let machine = world.definitions.get(row.definitionHash);
  if (!machine) {
    const definition = getDefinition(world.journal, row.definitionHash);
    machine = loadMachine({ arn: row.machineArn, name: row.machineName, definition });
    world.definitions.set(row.definitionHash, machine);
  }
  const { arn, name, machineArn, machineName, startedAt } = row;
  const execution = { arn, name, machineArn, machineName, startedAt, input: JSON.parse(row.input) as Json };
  return { execution, machine, now, random: world.random, newToken };
}

/** Does what a strand's phase asks for. Called after each move, and for every strand when the journal is opened again. */
function drive(world: World, strand: Strand): void {
  const target = { executionArn: strand.executionArn, strandId: strand.id };
  switch (strand.phase.kind) {
    case 'ready':
      stir(world, target, { kind: 'go' });
      return;
    case 'calling':
      world.lanes.track(callLambda(world, target, strand.phase.call));
      return;
    case 'mapping':
      tendItems(world, strand);
      return;
    case 'succeeded':
    case 'failed': {
      const parent = strand.parent === undefined ? undefined : findStrand(world.journal, strand.parent);
      if (parent) tendItems(world, parent);
    }
  }
}

async function callLambda(world: World, target: Target, call: Call): Promise<void> {
  await stir(world, target, await answerOf(world, call));
}

async function answerOf(world: World, call: Call): Promise<Stimulus> {
  try {
    const result = await world.invoke(call.functionArn, call.payload);
    return { kind: 'answered', call: call.number, result: JSON.parse(JSON.stringify(result ?? null)) as Json };
  } catch (error) {
    return { kind: 'refused', call: call.number, ...refusalOf(error) };
  }
}

/** A function's own error is named after its type, with a cause as Lambda writes it; a `Lambda.…` error is the service's. */
function refusalOf(thrown: unknown): { error: string; cause: string } {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.name.startsWith('Lambda.')) return { error: error.name, cause: error.message };
  const trace = (error.stack ?? '').split('\n').slice(0, 10);
  return { error: error.name, cause: JSON.stringify({ errorType: error.name, errorMessage: error.message, trace }) };
}

/** Starts the next items of a Map, or tells the Map that it is over. */
function tendItems(world: World, map: Strand): void {
  if (map.phase.kind !== 'mapping') return;
  const { journal } = world;
  const { executionArn, id } = map;
  const { running, failed } = countItems(journal, id);
  const lastEventId = findExecution(journal, executionArn)?.eventCount ?? 0;
  const target = { executionArn, strandId: id };
  if (failed > map.phase.tolerated) {
    const failedItem = findFailedItem(journal, id);
    const { error, cause } = failedItem?.phase.kind === 'failed' ? failedItem.phase : { error: '', cause: '' };
    stir(world, target, { kind: 'items failed', error, cause, lastEventId: failedItem?.lastEventId ?? lastEventId });
    return;
  }
  const held = listHeldItems(journal, id, Math.max(0, map.phase.concurrency - running));
  for (const item of held) stir(world, { executionArn, strandId: item.id }, { kind: 'released' });
  if (running > 0 || held.length > 0) return;
  stir(world, target, { kind: 'items done', outputs: listItems(journal, id).map(resultOf), lastEventId });
}

/** Takes up every running execution where the journal left it: what was asked of a Lambda is asked again. */
export function resume(world: World): void {
  for (const { arn } of listRunning(world.journal)) startStrands(world, arn);
}

export function startStrands(world: World, executionArn: string): void {
  for (const strand of listStrands(world.journal, executionArn)) {
    // A Map looks after its items itself: one that has ended needs nothing.
    if (strand.phase.kind !== 'succeeded' && strand.phase.kind !== 'failed') drive(world, strand);
  }
}

/** Lets everything happen whose time has come by `now` (epoch milliseconds); resolves when it is written down. */
export async function fireDue(world: World, now: number): Promise<void> {
  const cuts = listTimedOut(world.journal, now).map(({ arn }) =>
    world.lanes.run(arn, async () => {
      if (world.closed || findExecution(world.journal, arn)?.status !== 'RUNNING') return;
      cutExecution(world.journal, arn, { status: 'TIMED_OUT', error: 'States.Timeout', at: now });
    }),
  );
  const due = listDueStrands(world.journal, now).map(({ id, executionArn }) =>
    stir(world, { executionArn, strandId: id, at: now }, { kind: 'due' }),
  );
  await Promise.all([...cuts, ...due]);
}
