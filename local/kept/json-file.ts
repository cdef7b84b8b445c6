import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';

/** A value that survives a stop and a crash. */
export interface Kept<T> {
  readonly value: T;
  /** Writes the value as it is now. */
  readonly save: () => void;
  /** Writes soon: for what changes often and may be a little behind after a crash. */
  readonly saveSoon: () => void;
}

const read = <T>(file: string, schema: z.ZodType<T>): T | undefined => {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error}): start once with --reset to begin anew.`);
  }
};

/** Without a file the value lives as long as the process. `initial` is asked only when nothing was kept. */
export const keepJson = <T extends object>(
  file: string | undefined,
  schema: z.ZodType<T>,
  initial: () => NoInfer<T>,
): Kept<T> => {
  const kept = file === undefined ? undefined : read(file, schema);
  const value = kept ?? initial();
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    // Written beside and renamed, so that a crash leaves the old value or the new one, never half of one.
    writeFileSync(`${file}.new`, JSON.stringify(value));
    renameSync(`${file}.new`, file);
  };
  if (kept === undefined) save();
  return {
    value,
    save,
    saveSoon: () => {
      timer ??= setTimeout(save, 100);
    },
  };
};
