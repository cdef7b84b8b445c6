import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from './definition.ts';
import { evaluate, evaluateWhole, wrongType } from './expression.ts';
import { leave, type Move, sightOf, toPhase } from './move.ts';
import { StateFailure } from './state-failure.ts';
import type { Scene } from './strand.ts';

export const pass = (scene: Scene, move: Move, state: PassState): Promise<void> =>
  leave(scene, move, { by: state, otherwise: move.strand.input, next: state.Next });

export const succeedState = (scene: Scene, move: Move, state: SucceedState): Promise<void> =>
  leave(scene, move, { by: { Output: state.Output }, otherwise: move.strand.input, next: undefined });

/** The first rule whose condition is true decides, then the default; without one the machine has nowhere to go. */
export async function choose(scene: Scene, move: Move, state: ChoiceState): Promise<void> {
  const otherwise = move.strand.input;
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    const holds = await evaluate(rule.Condition, field, sightOf(scene, move.strand));
    if (typeof holds !== 'boolean') throw wrongType(rule.Condition, { field, expected: 'boolean' }, holds);
    if (holds) return leave(scene, move, { by: rule, otherwise, next: rule.Next });
  }
  if (state.Default === undefined)
    throw new StateFailure('States.NoChoiceMatched', 'No rule of the Choice state holds.');
  return leave(scene, move, { by: {}, otherwise, next: state.Default });
}

/** The end of the wait is written down once, as an instant; how long the process lives does not move it. */
export async function wait(scene: Scene, move: Move, state: WaitState): Promise<void> {
  const until = await waitEnd(scene, move, state);
  if (until <= scene.now) return leaveWait(scene, move, state);
  toPhase(move, { kind: 'sleeping', until, purpose: 'wait' });
}

async function waitEnd(scene: Scene, move: Move, state: WaitState): Promise<number> {
  const sight = sightOf(scene, move.strand);
  if (state.Seconds !== undefined) {
    return scene.now + 1000 * (await evaluateWhole(state.Seconds, { field: 'Seconds', least: 0 }, sight));
  }
  const template = state.Timestamp ?? '';
  const timestamp = await evaluate(template, 'Timestamp', sight);
  const until =
    typeof timestamp === 'string' && /^\d{4}-\d\d-\d\dT/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(until)) throw wrongType(template, { field: 'Timestamp', expected: 'timestamp' }, timestamp);
  return until;
}

export const leaveWait = (scene: Scene, move: Move, state: WaitState): Promise<void> =>
  leave(scene, move, { by: state, otherwise: move.strand.input, next: state.Next });

export async function failState(scene: Scene, move: Move, state: FailState): Promise<never> {
  const sight = sightOf(scene, move.strand);
  const [error, cause] = [
    await evaluate(state.Error ?? '', 'Error', sight),
    await evaluate(state.Cause ?? '', 'Cause', sight),
  ];
  if (typeof error !== 'string') throw wrongType(state.Error ?? '', { field: 'Error', expected: 'string' }, error);
  if (typeof cause !== 'string') throw wrongType(state.Cause ?? '', { field: 'Cause', expected: 'string' }, cause);
  throw new StateFailure(error, cause);
}
