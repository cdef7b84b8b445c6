import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** Says yes or no: every step runs, whatever the others said, and the last line counts. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const report = join(await mkdtemp(join(tmpdir(), 'tandem-check-')), 'tests.json');

const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'nothing unused', command: ['knip'] },
];
const tests: Step = {
  name: 'tests',
  command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
};

const run = ({ name, command }: Step): Promise<boolean> =>
  new Promise((resolve) => {
    console.log(`\n== ${name}: ${command.join(' ')}`);
    const [program = '', ...options] = command;
    const child = spawn(program, options, { stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(`${program} cannot be started: ${error.message}. Run \`npm ci\` first.`);
      resolve(false);
    });
    child.once('exit', (code) => resolve(code === 0));
  });

const Counts = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numPendingTests: z.int() });

/** Vitest's own counts; a run that left no report, or failed beside its tests, counts as one failure. */
const countTests = async (succeeded: boolean): Promise<{ passed: number; failed: number; skipped: number }> => {
  try {
    const counts = Counts.parse(JSON.parse(await readFile(report, 'utf8')));
    const failed = Math.max(counts.numFailedTests, succeeded ? 0 : 1);
    return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

const results: { readonly name: string; readonly passed: boolean }[] = [];
for (const step of steps) results.push({ name: step.name, passed: await run(step) });
const counts = await countTests(await run(tests));

for (const { name, passed } of results) console.log(`${passed ? 'ok    ' : 'FAILED'} ${name}`);
const passed = counts.passed + results.filter((it) => it.passed).length;
const failed = counts.failed + results.filter((it) => !it.passed).length;
console.log(`${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
