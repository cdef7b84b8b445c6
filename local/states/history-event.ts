import type { Json, JsonObject } from './json.ts';

/** One line of an execution's history, in AWS's words; the journal adds its number, its predecessor's and the instant. */
export interface HistoryEvent {
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const written = (name: 'input' | 'output', value: Json) => ({
  [name]: JSON.stringify(value),
  [`${name}Details`]: { truncated: false },
});

export const executionStarted = (input: Json, roleArn: string): HistoryEvent => ({
  type: 'ExecutionStarted',
  details: { ...written('input', input), roleArn },
});

export const executionSucceeded = (output: Json): HistoryEvent => ({
  type: 'ExecutionSucceeded',
  details: written('output', output),
});

export interface Trouble {
  readonly error: string;
  readonly cause: string;
}

/** For everything that ends badly: AWS leaves an empty cause out. */
export const wentWrong = (type: string, { error, cause }: Trouble, more: object = {}): HistoryEvent => ({
  type,
  details: { ...(error && { error }), ...(cause && { cause }), ...more },
});

export const stateEntered = (stateType: string, name: string, input: Json): HistoryEvent => ({
  type: `${stateType}StateEntered`,
  details: { name, ...written('input', input) },
});

export const stateExited = (
  stateType: string,
  name: string,
  left: { output: Json; assigned: JsonObject | undefined },
): HistoryEvent => ({
  type: `${stateType}StateExited`,
  details: {
    name,
    ...written('output', left.output),
    ...(left.assigned && {
      assignedVariables: Object.fromEntries(
        Object.entries(left.assigned).map(([key, value]) => [key, JSON.stringify(value)]),
      ),
      assignedVariablesDetails: { truncated: false },
    }),
  },
});

export const mapIteration = (
  what: 'Started' | 'Succeeded' | 'Failed' | 'Aborted',
  name: string,
  index: number,
): HistoryEvent => ({
  type: `MapIteration${what}`,
  details: { name, index },
});

export const withOutput = (type: string, output: Json, more: object = {}): HistoryEvent => ({
  type,
  details: { ...more, ...written('output', output) },
});

/** The member of a HistoryEvent in which AWS puts the details of this type of event. */
export function detailsName(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
