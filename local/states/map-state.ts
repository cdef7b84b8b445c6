import { isDistributed, type MapState } from './definition.ts';
import { evaluate, evaluateWhole, type Sight, wrongType } from './expression.ts';
import { wentWrong } from './history-event.ts';
import type { Json } from './json.ts';
import { change, leave, type Move, type NewItem, sightOf, toPhase } from './move.ts';
import { StateFailure } from './state-failure.ts';
import { type Scene, type Stimulus, stateOf } from './strand.ts';

/** AWS runs at most 40 items of an INLINE Map at once; here that holds for both modes, the results are the same. */
const mostAtOnce = 40;

/** Makes a strand of each item. They are all written down at once and run as their turn comes. */
export async function spread(scene: Scene, move: Move, state: MapState): Promise<void> {
  const sight = sightOf(scene, move.strand);
  const values = await itemsOf(move, state, sight);
  const concurrency = await evaluateWhole(state.MaxConcurrency ?? 0, { field: 'MaxConcurrency', least: 0 }, sight);
  const tolerated = await toleratedOf(state, values.length, sight);
  const items: NewItem[] = [];
  for (const [index, value] of values.entries()) items.push(await itemOf(scene, move, { state, index, value }));
  move.events.push({ type: 'MapStateStarted', details: { length: items.length } });
  if (isDistributed(state))
    move.events.push({ type: 'MapRunStarted', details: { mapRunArn: mapRunArn(scene, move, state) } });
  move.items = items;
  toPhase(move, { kind: 'mapping', concurrency: Math.min(concurrency || mostAtOnce, mostAtOnce), tolerated });
}

async function itemsOf(move: Move, state: MapState, sight: Sight): Promise<Json[]> {
  const values = state.Items === undefined ? move.strand.input : await evaluate(state.Items, 'Items', sight);
  if (Array.isArray(values)) return values;
  if (state.Items !== undefined) throw wrongType(state.Items, { field: 'Items', expected: 'array' }, values);
  const cause = `Map state input must be an array but was: ${JSON.stringify(values)}`;
  throw new StateFailure('States.QueryEvaluationError', cause, { field: 'Items' });
}

/** How many items may fail: the smaller of what the two fields allow, none if neither is there. */
async function toleratedOf(state: MapState, length: number, sight: Sight): Promise<number> {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
  const allowed: number[] = [];
  if (count !== undefined)
    allowed.push(await evaluateWhole(count, { field: 'ToleratedFailureCount', least: 0 }, sight));
  if (percentage !== undefined) {
    const percent = await evaluateWhole(percentage, { field: 'ToleratedFailurePercentage', least: 0 }, sight);
    allowed.push(Math.floor((length * percent) / 100));
  }
  return allowed.length > 0 ? Math.min(...allowed) : 0;
}

async function itemOf(
  scene: Scene,
  move: Move,
  one: { state: MapState; index: number; value: Json },
): Promise<NewItem> {
  const { strand } = move;
  const { state, index, value } = one;
  const context = { Map: { Item: { Index: index, Value: value } } };
  const selector = state.ItemSelector;
  const input =
    selector === undefined ? value : await evaluate(selector, 'ItemSelector', sightOf(scene, strand, { context }));
  return {
    scope: [...strand.scope, strand.state],
    state: state.ItemProcessor.StartAt,
    item: { index, value },
    input,
    // Items of a DISTRIBUTED Map are executions of their own on AWS: they do not see the variables around the Map.
    variables: isDistributed(state) ? {} : strand.variables,
  };
}

const mapRunArn = (scene: Scene, move: Move, state: MapState): string =>
  `${scene.execution.machineArn.replace(':stateMachine:', ':mapRun:')}/${state.Label ?? move.strand.state}:${scene.execution.name}`;

/** Takes up the end of the Map's items. False if the strand is not in a Map, or no longer. */
export async function hearMap(scene: Scene, move: Move, stimulus: Stimulus): Promise<boolean> {
  if (move.strand.phase.kind !== 'mapping') return false;
  // Only Map states have items, so this is one.
  const state = stateOf(scene.machine, move.strand) as MapState;
  if (stimulus.kind !== 'items done' && stimulus.kind !== 'items failed') return false;
  move.endsItems = true;
  change(move, { lastEventId: stimulus.lastEventId });
  if (stimulus.kind === 'items done') {
    if (isDistributed(state)) move.events.push({ type: 'MapRunSucceeded' });
    move.events.push({ type: 'MapStateSucceeded' });
    const result = [...stimulus.outputs];
    await leave(scene, move, { by: state, otherwise: result, sees: { result }, next: state.Next });
    return true;
  }
  if (!isDistributed(state)) throw new StateFailure(stimulus.error, stimulus.cause);
  const error = 'States.ExceedToleratedFailureThreshold';
  const cause = 'The specified tolerated failure threshold was exceeded';
  move.events.push(wentWrong('MapRunFailed', { error, cause }));
  throw new StateFailure(error, cause);
}
