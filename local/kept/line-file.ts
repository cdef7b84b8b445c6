import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';

/** A list that only grows, one JSON line each, on disk before `add` returns. */
export interface Lines<T> {
  readonly all: readonly T[];
  readonly add: (entry: T) => void;
}

const read = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** A last line that a crash cut off is left out. Without a file the list lives as long as the process. */
export const keepLines = <T>(file: string | undefined, schema: z.ZodType<T>): Lines<T> => {
  const all: T[] = [];
  for (const line of file === undefined ? [] : read(file)) {
    if (line.endsWith('}')) all.push(schema.parse(JSON.parse(line)));
  }
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  return {
    all,
    add: (entry) => {
      all.push(entry);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
  };
};
