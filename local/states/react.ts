import { mapIteration, stateEntered, wentWrong } from './history-event.ts';
import { hearMap, spread } from './map-state.ts';
import { beginMove, change, fail, leaveCaught, type Move, toPhase } from './move.ts';
import { choose, failState, leaveWait, pass, succeedState, wait } from './plain-states.ts';
import { findCatcher, planRetry } from './retry.ts';
import { StateFailure, troubleOf } from './state-failure.ts';
import { type Scene, type Stimulus, type Strand, stateOf } from './strand.ts';
import { callTask, hearTask } from './task-state.ts';

/**
 * What a stimulus does to a strand: a new strand, history, and items to be started; undefined if it no longer concerns it.
 * Nothing happens here: no clock, no journal, no Lambda. Whoever asks writes the move down and then acts by its phase.
 */
export async function react(scene: Scene, strand: Strand, stimulus: Stimulus): Promise<Move | undefined> {
  const move = beginMove(strand);
  try {
    return (await apply(scene, move, stimulus)) ? move : undefined;
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    await recover(scene, move, error);
    return move;
  }
}

async function apply(scene: Scene, move: Move, stimulus: Stimulus): Promise<boolean> {
  const { phase, scope, item } = move.strand;
  if (stimulus.kind === 'released') {
    if (phase.kind !== 'held') return false;
    move.events.push(mapIteration('Started', scope.at(-1) ?? '', item?.index ?? 0));
    toPhase(move, { kind: 'ready' });
    return true;
  }
  if (stimulus.kind === 'go') {
    if (phase.kind !== 'ready') return false;
    await enter(scene, move);
    return true;
  }
  if (stimulus.kind === 'due' && phase.kind === 'sleeping') {
    if (phase.until > scene.now) return false;
    await wake(scene, move, phase.purpose);
    return true;
  }
  return (await hearTask(scene, move, stimulus)) || hearMap(scene, move, stimulus);
}

async function enter(scene: Scene, move: Move): Promise<void> {
  const { strand } = move;
  move.transitions += 1;
  move.events.push(stateEntered(stateOf(scene.machine, strand).Type, strand.state, strand.input));
  change(move, { enteredAt: scene.now, retries: {} });
  await perform(scene, move);
}

async function wake(scene: Scene, move: Move, purpose: 'wait' | 'retry'): Promise<void> {
  const state = stateOf(scene.machine, move.strand);
  if (purpose === 'wait' && state.Type === 'Wait') return leaveWait(scene, move, state);
  move.transitions += 1;
  await perform(scene, move);
}

function perform(scene: Scene, move: Move): Promise<void> {
  const state = stateOf(scene.machine, move.strand);
  switch (state.Type) {
    case 'Task':
      return callTask(scene, move, state);
    case 'Choice':
      return choose(scene, move, state);
    case 'Pass':
      return pass(scene, move, state);
    case 'Wait':
      return wait(scene, move, state);
    case 'Map':
      return spread(scene, move, state);
    case 'Succeed':
      return succeedState(scene, move, state);
    case 'Fail':
      return failState(scene, move, state);
  }
}

/** Retry first, then Catch, then the end of the strand. Source: Amazon States Language, "Errors". */
async function recover(scene: Scene, move: Move, failure: StateFailure): Promise<void> {
  const state = stateOf(scene.machine, move.strand);
  noteEvaluation(move, failure);
  const recovers = state.Type === 'Task' || state.Type === 'Map' ? state : undefined;
  const retry = planRetry(recovers?.Retry ?? [], move.strand.retries, { failure, random: scene.random });
  if (retry) {
    change(move, {
      retries: retry.used,
      phase: { kind: 'sleeping', until: scene.now + retry.delayMs, purpose: 'retry' },
    });
    return;
  }
  if (state.Type === 'Map') move.events.push({ type: 'MapStateFailed' });
  const catcher = findCatcher(recovers?.Catch ?? [], failure);
  if (!catcher) return fail(move, failure);
  try {
    await leaveCaught(scene, move, { by: catcher, failure });
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    noteEvaluation(move, error);
    fail(move, error);
  }
}

function noteEvaluation(move: Move, failure: StateFailure): void {
  if (failure.field === undefined) return;
  const where = { location: failure.field, state: move.strand.state };
  move.events.push(wentWrong('EvaluationFailed', troubleOf(failure), where));
}
