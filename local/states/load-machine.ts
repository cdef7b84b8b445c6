import { invokeArguments, type Machine, machineSchema, type Scope, type State, type TaskState } from './definition.ts';
import { findFault, isExpression } from './expression.ts';
import { isObject, type Json } from './json.ts';

export interface MachineSource {
  /** `arn:aws:states:<region>:<account>:stateMachine:<name>`. */
  readonly arn: string;
  readonly name: string;
  /** Amazon States Language as JSON text, substitutions already applied. */
  readonly definition: string;
  /** Only STANDARD machines run here; absent means STANDARD, as in CloudFormation. */
  readonly type?: string;
}

/** Reads a machine and refuses, in one error that names each of them, everything that would not run as it does on AWS. */
export function loadMachine(source: MachineSource): Machine {
  const refuse = (faults: readonly string[]): never => {
    throw new Error(`The state machine ${source.name} cannot be loaded: ${faults.join('; ')}`);
  };
  if (source.type !== undefined && source.type !== 'STANDARD') refuse([`the type '${source.type}' is not supported`]);
  const raw = parseJson(source.definition, refuse);
  const parsed = machineSchema.safeParse(raw);
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((issue) => explain(raw, issue)));
  const faults = [...expressionFaults(raw, ''), ...scopeFaults(parsed.data, '')];
  return faults.length > 0 ? refuse(faults) : parsed.data;
}

function parseJson(text: string, refuse: (faults: string[]) => never): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse([`it is not JSON: ${String(error)}`]);
  }
}

type Issue =
  ReturnType<typeof machineSchema.safeParse> extends infer R
    ? R extends { error: { issues: (infer I)[] } }
      ? I
      : never
    : never;

function explain(raw: Json, issue: Issue): string[] {
  const at = issue.path.join('.');
  const inside = (name: string) => (at ? `${at}.${name}` : name);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${inside(key)}: the field '${key}' is not supported`);
  const value = valueAt(raw, issue.path);
  if (issue.path.at(-1) === 'Type') return [`${at}: the state type '${value}' is not supported`];
  if (issue.path.at(-1) === 'QueryLanguage') return [`${at}: '${value ?? 'JSONPath'}' is not supported, only JSONata`];
  if (issue.path.at(-1) === 'ExecutionType') return [`${at}: '${value}' is not supported, only STANDARD`];
  return [`${at}: ${issue.message}`];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw);
}

function expressionFaults(value: Json, at: string): string[] {
  if (typeof value === 'string') {
    const fault = isExpression(value) ? findFault(value) : undefined;
    return fault ? [`${at}: ${fault}`] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const inside = at ? `${at}.${key}` : key;
    const path = key.endsWith('.$') ? [`${inside}: the field '${key}' is JSONPath, which is not supported`] : [];
    return [...path, ...expressionFaults(member, inside)];
  });
}

function scopeFaults(scope: Scope, at: string): string[] {
  const names = new Set(Object.keys(scope.States));
  const faults: string[] = names.has(scope.StartAt) ? [] : [`${at}StartAt: there is no state '${scope.StartAt}'`];
  for (const [name, state] of Object.entries(scope.States)) {
    const here = `${at}States.${name}`;
    faults.push(...stateFaults(state).map((fault) => `${here}${fault}`));
    for (const next of nextNames(state)) if (!names.has(next)) faults.push(`${here}: there is no state '${next}'`);
    if (state.Type === 'Map') faults.push(...scopeFaults(state.ItemProcessor, `${here}.ItemProcessor.`));
  }
  const reached = reachable(scope);
  return [
    ...faults,
    ...[...names].filter((name) => !reached.has(name)).map((name) => `${at}States.${name}: is never reached`),
  ];
}

function stateFaults(state: State): string[] {
  const faults: string[] = [];
  if ('Next' in state || 'End' in state || ['Task', 'Pass', 'Wait', 'Map'].includes(state.Type)) {
    const going = state as { Next?: string; End?: true };
    if ((going.Next === undefined) === (going.End === undefined)) faults.push(': needs either Next or End');
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    faults.push(': needs either Seconds or Timestamp');
  }
  if (state.Type === 'Task') faults.push(...taskFaults(state));
  if (state.Type === 'Map' && state.ItemProcessor.ProcessorConfig?.Mode !== 'DISTRIBUTED') {
    for (const field of ['ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'] as const) {
      if (state[field] !== undefined) faults.push(`.${field}: the field '${field}' is not supported in an INLINE Map`);
    }
  }
  if (state.Type === 'Task' || state.Type === 'Map') {
    faults.push(...allFaults('Retry', state.Retry ?? []), ...allFaults('Catch', state.Catch ?? []));
  }
  return faults;
}

function taskFaults(task: TaskState): string[] {
  const { Arguments: given, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = task;
  const faults: string[] = [];
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    faults.push('.HeartbeatSeconds: must be smaller than TimeoutSeconds');
  }
  if (!task.Resource.startsWith('arn:aws:states:::') || !isObject(given)) return faults;
  const strange = Object.keys(given).filter((name) => !invokeArguments.has(name));
  faults.push(...strange.map((name) => `.Arguments.${name}: the argument '${name}' is not supported`));
  return given.FunctionName === undefined ? [...faults, '.Arguments: needs a FunctionName'] : faults;
}

/** Amazon States Language: `States.ALL` stands alone, and in the last entry. */
const allFaults = (field: string, entries: readonly { ErrorEquals: string[] }[]): string[] =>
  entries.flatMap(({ ErrorEquals }, index) =>
    ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || index < entries.length - 1)
      ? [`.${field}.${index}: States.ALL must stand alone and last`]
      : [],
  );

/** Where a state can lead, errors included; a machine's drawing is made of these. */
export function nextNames(state: State): string[] {
  const next = 'Next' in state && state.Next !== undefined ? [state.Next] : [];
  const chosen = state.Type === 'Choice' ? state.Choices.map((rule) => rule.Next) : [];
  const otherwise = state.Type === 'Choice' && state.Default !== undefined ? [state.Default] : [];
  const caught = 'Catch' in state ? (state.Catch ?? []).map((catcher) => catcher.Next) : [];
  return [...next, ...chosen, ...otherwise, ...caught];
}

function reachable(scope: Scope): Set<string> {
  const seen = new Set<string>();
  const ahead = [scope.StartAt];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const state = scope.States[name];
    if (!state || seen.has(name)) continue;
    seen.add(name);
    ahead.push(...nextNames(state));
  }
  return seen;
}
