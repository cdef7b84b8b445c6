import type { Json } from './json.ts';

/**
 * An error inside a state, as Amazon States Language knows it: a name and a cause that Retry and Catch can see.
 * Anything else that is thrown in the engine is a bug of the engine.
 */
export class StateFailure extends Error {
  readonly error: string;
  readonly failureCause: string;
  /** A missed heartbeat is reported as `States.Timeout`, but Retry and Catch may also name it `States.HeartbeatTimeout`. */
  readonly heartbeat: boolean;
  /** The field whose expression failed, such as `Output`; only on `States.QueryEvaluationError`. */
  readonly field: string | undefined;

  constructor(error: string, failureCause = '', marks: { heartbeat?: boolean; field?: string } = {}) {
    super(`${error}: ${failureCause}`);
    this.name = 'StateFailure';
    this.error = error;
    this.failureCause = failureCause;
    this.heartbeat = marks.heartbeat ?? false;
    this.field = marks.field;
  }
}

export const troubleOf = (failure: StateFailure): { error: string; cause: string } => ({
  error: failure.error,
  cause: failure.failureCause,
});

/** What `$states.errorOutput` shows; AWS gives an empty cause where there is none, a timeout for example. */
export const errorOutputOf = (failure: StateFailure): Json => ({ Error: failure.error, Cause: failure.failureCause });

/**
 * Whether a Retry or Catch entry is meant for this failure.
 * Source: AWS, "Handling errors in Step Functions workflows": `States.TaskFailed` is every error but a timeout;
 * `States.ALL` is every error but `States.Runtime`.
 */
export function isNamed(errorEquals: readonly string[], failure: StateFailure): boolean {
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return failure.error !== 'States.Runtime';
    if (name === 'States.TaskFailed') return failure.error !== 'States.Timeout' && failure.error !== 'States.Runtime';
    if (name === 'States.HeartbeatTimeout' && failure.heartbeat) return true;
    return name === failure.error;
  });
}
