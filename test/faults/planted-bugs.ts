import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlantedBug, plantedBugs } from './list-of-planted-bugs.ts';

/** Plants each bug in a copy of the tree and lets the histories, then the kills, look for it. Prints a table; fails when one lives. */
const copied = [
  'shared',
  'functions',
  'workflows',
  'infra',
  'local',
  'test',
  'docs',
  'examples',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const mostSeeds = process.env.HISTORIES ?? '200';
const suites = ['test/faults/histories-of-odd-seeds', 'test/faults/histories-of-even-seeds', 'test/faults/kills'];

const run = (folder: string, suite: string): Promise<{ readonly failed: boolean; readonly output: string }> =>
  new Promise((resolve) => {
    const environment = { ...process.env, HISTORIES: mostSeeds, NO_COLOR: '1' };
    const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', suite, '--bail=1'], { cwd: folder, env: environment });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data;
      });
    }
    child.once('exit', (code) => resolve({ failed: code !== 0, output }));
  });

const plant = (bug: PlantedBug): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-planted-'));
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  for (const [file, from, to] of bug.patches) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${bug.name}: ${file} does not say ${from}`);
    writeFileSync(path, text.replace(from, to));
  }
  return folder;
};

/** By which oracle, and with which seed, as the suite's output says it. */
const foundIn = (output: string): string => {
  const words = /\b(I\d+: [^\n"]+)/.exec(output)?.[1] ?? /(Error: [^\n]+)/.exec(output)?.[1] ?? 'the suite failed';
  const seed = /SEED=(\d+)/.exec(output)?.[1];
  return `${seed ? `seed ${seed}: ` : 'a kill: '}${words.slice(0, 110)}`;
};

const hunt = async (bug: PlantedBug): Promise<string | undefined> => {
  const folder = plant(bug);
  try {
    for (const suite of bug.suites ?? suites) {
      const { failed, output } = await run(folder, suite);
      if (failed) return foundIn(output);
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const [wanted] = process.argv.slice(2);
let alive = 0;
for (const bug of plantedBugs.filter(({ name }) => wanted === undefined || name.includes(wanted))) {
  const found = await hunt(bug);
  if (found === undefined) alive += 1;
  console.log(`| ${bug.name} | ${found ?? 'NOT FOUND'} |`);
}
process.exitCode = alive > 0 ? 1 : 0;
