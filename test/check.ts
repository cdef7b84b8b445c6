import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { runStep, runSteps, type Step } from './run-step.ts';

/** Says yes or no: every step runs, whatever the others said, and the last line counts. */
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

let counts = { passed: 0, failed: 1, skipped: 0 };
const results = await runSteps([...steps, tests], async (step) => {
  const ended = await runStep(step);
  if (step === tests) counts = await countTests(ended);
  return ended;
});
// The tests count by themselves.
const others = results.slice(0, -1);
const passed = counts.passed + others.filter((ended) => ended).length;
const failed = counts.failed + others.filter((ended) => !ended).length;
console.log(`${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
