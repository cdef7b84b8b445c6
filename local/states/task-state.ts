import { invokeAndWaitResource, invokeArguments, invokeResource, type TaskState } from './definition.ts';
import { evaluate, evaluateWhole, type Sight, wrongType } from './expression.ts';
import { type HistoryEvent, wentWrong, withOutput } from './history-event.ts';
import { isObject, isTooLarge, type Json, type JsonObject } from './json.ts';
import { change, leave, type Move, sightOf, tooLarge, toPhase } from './move.ts';
import { StateFailure, troubleOf } from './state-failure.ts';
import { type Call, type Scene, type Stimulus, stateOf } from './strand.ts';

/** How a Task's resource writes its history; the integration and the direct Lambda ARN have different words for it. */
interface Wording {
  readonly prefix: 'Task' | 'LambdaFunction';
  readonly waits: boolean;
  /** Members that every event of the call carries. */
  readonly marks: JsonObject;
}

function wordingOf(state: TaskState): Wording {
  const waits = state.Resource === invokeAndWaitResource;
  if (!waits && state.Resource !== invokeResource) return { prefix: 'LambdaFunction', waits, marks: {} };
  return {
    prefix: 'Task',
    waits,
    marks: { resourceType: 'lambda', resource: waits ? 'invoke.waitForTaskToken' : 'invoke' },
  };
}

/** Schedules the Task's call: from here on its token, payload and deadlines stand in the journal. */
export async function callTask(scene: Scene, move: Move, state: TaskState): Promise<void> {
  const wording = wordingOf(state);
  const token = wording.waits ? scene.newToken() : undefined;
  const sight = sightOf(scene, move.strand, token === undefined ? {} : { context: { Task: { Token: token } } });
  const parameters = await evaluate(state.Arguments, 'Arguments', sight);
  const target =
    wording.prefix === 'Task' ? targetOf(state, parameters) : { functionArn: state.Resource, payload: parameters };
  const timeout = await seconds(state.TimeoutSeconds, 'TimeoutSeconds', sight);
  const heartbeat = await seconds(state.HeartbeatSeconds, 'HeartbeatSeconds', sight);
  const call: Call = {
    number: move.strand.calls + 1,
    ...target,
    ...(token !== undefined && { token }),
    ...(timeout !== undefined && { timeoutAt: scene.now + timeout * 1000 }),
    ...(heartbeat !== undefined && { heartbeatAt: scene.now + heartbeat * 1000, heartbeatMs: heartbeat * 1000 }),
  };
  move.events.push(
    scheduled(wording, state, {
      region: scene.execution.machineArn.split(':')[3] ?? '',
      parameters,
      timeout,
      heartbeat,
    }),
    started(wording),
  );
  change(move, { calls: call.number, phase: { kind: 'calling', call } });
}

async function seconds(template: Json | undefined, field: string, sight: Sight): Promise<number | undefined> {
  return template === undefined ? undefined : evaluateWhole(template, { field, least: 1 }, sight);
}

function targetOf(state: TaskState, parameters: Json): { functionArn: string; payload: Json } {
  if (!isObject(parameters)) throw wrongType(state.Arguments, { field: 'Arguments', expected: 'object' }, parameters);
  const strange = Object.keys(parameters).find((name) => !invokeArguments.has(name));
  if (strange) throw new StateFailure('States.Runtime', `The argument '${strange}' of lambda:invoke is not supported.`);
  const { FunctionName: functionArn, Payload: payload = {} } = parameters;
  if (typeof functionArn !== 'string')
    throw wrongType(state.Arguments, { field: 'Arguments/FunctionName', expected: 'string' }, functionArn ?? null);
  return { functionArn, payload };
}

function scheduled(
  wording: Wording,
  state: TaskState,
  facts: { region: string; parameters: Json; timeout: number | undefined; heartbeat: number | undefined },
): HistoryEvent {
  const limits = {
    ...(facts.timeout !== undefined && { timeoutInSeconds: facts.timeout }),
    ...(facts.heartbeat !== undefined && { heartbeatInSeconds: facts.heartbeat }),
  };
  const text = JSON.stringify(facts.parameters);
  if (wording.prefix === 'LambdaFunction') {
    const details = { resource: state.Resource, input: text, inputDetails: { truncated: false }, ...limits };
    return { type: 'LambdaFunctionScheduled', details };
  }
  return { type: 'TaskScheduled', details: { ...wording.marks, region: facts.region, parameters: text, ...limits } };
}

const started = (wording: Wording): HistoryEvent =>
  wording.prefix === 'Task' ? { type: 'TaskStarted', details: wording.marks } : { type: 'LambdaFunctionStarted' };

/** Takes up what happened to the call. False if it no longer concerns anybody: an earlier call, an old token. */
export async function hearTask(scene: Scene, move: Move, stimulus: Stimulus): Promise<boolean> {
  const { phase } = move.strand;
  if (phase.kind !== 'calling' && phase.kind !== 'awaiting') return false;
  const { call } = phase;
  switch (stimulus.kind) {
    case 'answered':
      if (phase.kind !== 'calling' || stimulus.call !== call.number) return false;
      await takeAnswer(scene, move, { call, result: stimulus.result });
      return true;
    case 'refused':
      if (phase.kind !== 'calling' || stimulus.call !== call.number) return false;
      throw failed(scene, move, new StateFailure(stimulus.error, stimulus.cause));
    case 'called back':
      if (stimulus.token !== call.token) return false;
      await finish(scene, move, stimulus.output);
      return true;
    case 'called off':
      if (stimulus.token !== call.token) return false;
      throw failed(scene, move, new StateFailure(stimulus.error, stimulus.cause));
    case 'heartbeat':
      if (stimulus.token !== call.token) return false;
      if (call.heartbeatMs === undefined) return true;
      toPhase(move, { ...phase, call: { ...call, heartbeatAt: scene.now + call.heartbeatMs } });
      return true;
    case 'due':
      return checkDeadlines(scene, move, call);
    default:
      return false;
  }
}

function checkDeadlines(scene: Scene, move: Move, call: Call): false {
  const past = (at: number | undefined) => at !== undefined && at <= scene.now;
  if (past(call.timeoutAt)) throw failed(scene, move, new StateFailure('States.Timeout'));
  if (past(call.heartbeatAt)) throw failed(scene, move, new StateFailure('States.Timeout', '', { heartbeat: true }));
  return false;
}

async function takeAnswer(scene: Scene, move: Move, heard: { call: Call; result: Json }): Promise<void> {
  const wording = wordingOf(stateOf(scene.machine, move.strand) as TaskState);
  if (wording.prefix === 'LambdaFunction') return finish(scene, move, heard.result);
  const result = { ExecutedVersion: '$LATEST', Payload: heard.result, StatusCode: 200 };
  if (!wording.waits) return finish(scene, move, result);
  move.events.push(withOutput('TaskSubmitted', result, wording.marks));
  toPhase(move, { kind: 'awaiting', call: heard.call });
}

async function finish(scene: Scene, move: Move, result: Json): Promise<void> {
  // Only Task states have calls, so this is one.
  const state = stateOf(scene.machine, move.strand) as TaskState;
  const wording = wordingOf(state);
  if (isTooLarge(result)) throw failed(scene, move, tooLarge(state.Resource));
  move.events.push(withOutput(`${wording.prefix}Succeeded`, result, wording.marks));
  await leave(scene, move, { by: state, otherwise: result, sees: { result }, next: state.Next });
}

function failed(scene: Scene, move: Move, failure: StateFailure): StateFailure {
  const wording = wordingOf(stateOf(scene.machine, move.strand) as TaskState);
  const type = `${wording.prefix}${failure.error === 'States.Timeout' ? 'TimedOut' : 'Failed'}`;
  move.events.push(wentWrong(type, troubleOf(failure), wording.marks));
  return failure;
}
