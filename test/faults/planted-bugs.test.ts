import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, test, vi } from 'vitest';
import { releaseSteps } from '#test/release-steps.ts';
import { runSteps } from '#test/run-step.ts';
import { plantedBugs } from './list-of-planted-bugs.ts';
import { plantedTexts } from './plant.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('when a bug of the list is planted', () => {
  test('then there are at least 25 to choose from, each with a name of its own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.length).toBeGreaterThanOrEqual(25);
  });

  test.each(plantedBugs)('then "$name" still fits the source, and what comes of it is a program', (bug) => {
    for (const [file, text] of plantedTexts(bug, read)) {
      expect(parseSync(file, text).errors).toEqual([]);
      expect(text).not.toBe(read(file));
    }
  });
});

describe('when a release is tested', () => {
  test('then planted bugs and mutants are looked for too, and the histories come last', () => {
    expect(releaseSteps.map(({ name }) => name).slice(1)).toEqual(['mutation', 'planted bugs', 'histories']);
  });

  test('and a step fails, then the others run all the same, and it is told which failed', async () => {
    const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
    const steps = [1, 0].map((code) => ({
      name: `ends with ${code}`,
      command: ['node', '-e', `process.exit(${code})`],
    }));
    const results = await runSteps(steps);
    const told = lines.mock.calls.map(([line]) => line).slice(-2);
    lines.mockRestore();
    expect(results).toEqual([false, true]);
    expect(told).toEqual(['FAILED ends with 1', 'ok     ends with 0']);
  });
});
