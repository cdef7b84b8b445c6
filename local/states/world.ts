import { randomBytes } from 'node:crypto';
import type { Machine } from './definition.ts';
import type { Journal } from './journal.ts';
import type { Lanes } from './lanes.ts';
import type { MachineSource } from './load-machine.ts';

/** Invokes a Lambda. Rejects with the function's own error, or with one whose name begins `Lambda.` if it could not run. */
export type Invoke = (functionArn: string, payload: unknown) => Promise<unknown>;

export interface DeployedMachine {
  readonly source: MachineSource;
  readonly machine: Machine;
}

/** What the parts of a running engine share. */
export interface World {
  readonly journal: Journal;
  readonly lanes: Lanes;
  readonly now: () => number;
  readonly random: () => number;
  readonly invoke: Invoke;
  /** By ARN: what StartExecution starts. */
  readonly machines: ReadonlyMap<string, DeployedMachine>;
  /** By the definition's hash: what executions run by, which may be older than what is deployed. */
  readonly definitions: Map<string, Machine>;
  closed: boolean;
}

/** As long as AWS's own tokens (up to 1,024 characters), so that what is stored on the laptop is as large as there. */
export const newToken = (): string => randomBytes(450).toString('base64url');

export const isToken = (text: string): boolean => /^[\w-]{600}$/.test(text);
