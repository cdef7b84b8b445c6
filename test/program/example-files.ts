import { readFileSync } from 'node:fs';
import { parseProgram } from '#shared/program/parse-program.ts';
import type { Program } from '#shared/program/program.ts';

export const exampleSource = readFileSync('examples/program.yaml', 'utf8');
export const crmSource = readFileSync('examples/crm-program.yaml', 'utf8');

/** The example file with some of its text replaced; each must be there. */
export const edited = (...edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((text, [was, is]) => {
    if (!text.includes(was)) throw new Error(`the example program has no "${was}"`);
    return text.replace(was, () => is);
  }, exampleSource);

/** The example program after such edits. */
export const editedProgram = (...edits: readonly (readonly [string, string])[]): Program =>
  parseProgram(edited(...edits));

/** The line that a text stands on, counted from 1. */
export const lineOf = (source: string, text: string): number =>
  source.slice(0, source.indexOf(text)).split('\n').length;
