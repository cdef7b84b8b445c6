import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, type WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { keepJson } from './kept/json-file.ts';

export interface LaptopFiles {
  /** Path of what outlives the process under this name; undefined when nothing is kept. */
  readonly file: (name: string) => string | undefined;
  /** Notes of running children, of every start in this folder. */
  readonly runFolder: string;
  /** What the functions log: `.local/log/<port>.ndjson`. */
  readonly log: WriteStream;
  /** The value of a secret that the cloud would have made: random, and the same as long as the state is kept. */
  readonly secret: (secretId: string) => string;
}

export interface LaptopFilesOptions {
  readonly root: string;
  /** Folder of what outlives the process, absolute or from the root. */
  readonly state: string;
  readonly ephemeral: boolean;
  readonly reset: boolean;
  /** Tells the logs of several laptops in one folder apart. */
  readonly port: string;
}

/** Where the laptop keeps things: notes, logs and synthesized templates in `.local/`, what must last in the state folder. */
export const openLaptopFiles = ({ root, ephemeral, reset, port, ...options }: LaptopFilesOptions): LaptopFiles => {
  const state = resolve(root, options.state);
  if (reset && !ephemeral) rmSync(state, { recursive: true, force: true });
  const file = (name: string): string | undefined => (ephemeral ? undefined : join(state, name));
  const logs = join(root, '.local', 'log');
  mkdirSync(logs, { recursive: true });
  const secrets = keepJson(file('secrets.json'), z.record(z.string(), z.string()), () => ({}));
  return {
    file,
    runFolder: join(root, '.local', 'run'),
    log: createWriteStream(join(logs, `${port}.ndjson`)),
    secret: (secretId) => {
      const known = secrets.value[secretId];
      if (known !== undefined) return known;
      const made = randomBytes(32).toString('hex');
      secrets.value[secretId] = made;
      secrets.save();
      return made;
    },
  };
};
