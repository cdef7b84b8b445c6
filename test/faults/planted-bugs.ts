import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type PlantedBug, plantedBugs } from './list-of-planted-bugs.ts';
import { plantedTexts } from './plant.ts';

/**
 * Plants each bug in a copy of the tree and lets the histories, then the kills, look for it; or the one test that the list names,
 * where chance cannot come upon it. Prints a table; ends with 1 when a bug lives, or could not be planted.
 */
const copied = [
  ...['shared', 'functions', 'workflows', 'infra', 'local', 'test', 'docs', 'examples'],
  ...['package.json', 'tsconfig.json', 'vitest.config.ts'],
];
const mostSeeds = process.env.HISTORIES ?? '200';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const run = (folder: string, options: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    const child = spawn(process.execPath, options, { cwd: folder, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data;
      });
    }
    child.once('exit', (code) => resolve({ code, output }));
  });

const plant = (bug: PlantedBug): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-planted-'));
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  for (const [file, text] of plantedTexts(bug, read)) writeFileSync(join(folder, file), text);
  return folder;
};

const Findings = z.object({ found: z.nullable(z.string()) });

/** By chance: the histories and the kills print what they find, and a tree that does not even run proves nothing. */
const hunt = async (folder: string): Promise<string | undefined> => {
  const { code, output } = await run(folder, ['--stack-trace-limit=0', 'test/faults/hunt.ts', mostSeeds]);
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0) throw new Error(`The hunt did not end: ${last}`);
  return Findings.parse(JSON.parse(last)).found ?? undefined;
};

/** By the named test: it must fail, and say which of its rows did. */
const direct = async (folder: string, suite: string): Promise<string | undefined> => {
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
  const { output } = await run(folder, [vitest, 'run', suite, '--bail=1']);
  const failed = /^ *FAIL +(.+)$/m.exec(output)?.[1];
  if (!failed && !/Test Files +1 passed/.test(output)) throw new Error(`${suite} did not run: ${output.slice(-300)}`);
  return failed;
};

const lookFor = async (bug: PlantedBug): Promise<string | undefined> => {
  const folder = plant(bug);
  try {
    return await (bug.suite ? direct(folder, bug.suite) : hunt(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const [wanted] = process.argv.slice(2);
const chosen = plantedBugs.filter(({ name }) => wanted === undefined || name.includes(wanted));
let alive = 0;
for (const bug of chosen) {
  const found = await lookFor(bug).catch((error: unknown) => {
    alive += 1;
    return `NO RESULT: ${error}`;
  });
  if (found === undefined) alive += 1;
  console.log(`| ${bug.name} | ${(found ?? 'NOT FOUND').slice(0, 160)} |`);
}
console.log(`${chosen.length - alive} of ${chosen.length} planted bugs were caught.`);
process.exitCode = alive > 0 ? 1 : 0;
