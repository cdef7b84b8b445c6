import { expect, test } from 'vitest';
import { playRun } from '#bench/run-transitions.ts';

const counted = (steps: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(steps, (step) => step)].map(([step, times]) => [step, times.length]));

test('when a run is approved, then it is collected by shards, paid by chunks and closed', async () => {
  const { status, steps } = await playRun(1000);
  expect(status).toBe('SUCCEEDED');
  expect(counted(steps)).toEqual({ load: 3, collect: 8, freeze: 1, ask: 1, pay: 24, close: 1 });
  expect(steps.at(-1)).toBe('close');
});

test('when it is rejected, then it is released by chunks and closed', async () => {
  const { status, steps } = await playRun(1000, 'release');
  expect(status).toBe('SUCCEEDED');
  expect(counted(steps)).toEqual({ load: 3, collect: 8, freeze: 1, ask: 1, release: 24, close: 1 });
});

test('when a chunk cannot be paid, then all others are, and the run is closed by whom it may be', async () => {
  const { status, steps } = await playRun(1000, 'pay', 1);
  expect(status).toBe('SUCCEEDED');
  expect(counted(steps)).toMatchObject({ close: 1 });
  expect(steps.filter((step) => step === 'pay').length).toBeGreaterThanOrEqual(24);
});

test('when a run has 1,000 partners, then it takes less than a tenth of a transition for each', async () => {
  const { transitions } = await playRun(1000);
  expect(transitions / 1000).toBeLessThan(0.1);
});
