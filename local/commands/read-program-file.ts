import { readFile } from 'node:fs/promises';
import { DomainError } from '#shared/core/errors.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import type { Program } from '#shared/program/program.ts';

const whyNot = (error: unknown): string => {
  if (error instanceof DomainError) return error.message;
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'There is no such file.'
    : String(error);
};

/** Reads program files. Throws one error that names every fault of every file, each with line, column and field. */
export const readProgramFiles = async (paths: readonly string[]): Promise<readonly Program[]> => {
  const read = await Promise.all(
    paths.map(async (path) => {
      try {
        return { program: parseProgram(await readFile(path, 'utf8')) };
      } catch (error) {
        return { fault: `${path}: ${whyNot(error)}` };
      }
    }),
  );
  const faults = read.flatMap(({ fault }) => fault ?? []);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return read.flatMap(({ program }) => program ?? []);
};
