import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Finding } from './figure.ts';
import type { Reconciled } from './reconcile-process.ts';

/** Journals in a ledger, and how often each size is measured. */
const sizes = [10_000, 100_000];

const program = join(import.meta.dirname, 'reconcile-process.ts');

/** One process a run, so that its memory is its own; only what reconciling takes is counted, not making the ledger. */
const runOnce = (journals: number): Reconciled => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', program, String(journals)]);
  if (status !== 0) throw new Error(`Reconciling ${journals} journals failed: ${stderr}`);
  return JSON.parse(stdout.toString()) as Reconciled;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Time and memory of reconciling ledgers of two sizes, and how they grow from one to the other. */
export const measureReconcile = (rounds: number): Finding => {
  const measured = sizes.map((size) => {
    const runs = Array.from({ length: rounds }, () => runOnce(size));
    const [first] = runs;
    return {
      journals: first?.journals ?? 0,
      items: first?.items ?? 0,
      faults: first?.faults ?? 0,
      cpuSeconds: median(runs.map(({ cpuMs }) => cpuMs)) / 1000,
      memoryMb: median(runs.map(({ memoryBytes }) => memoryBytes)) / 1e6,
    };
  });
  const [small, large] = measured;
  if (!small || !large || measured.some(({ faults }) => faults > 0)) throw new Error('A clean ledger has faults.');
  const growth = large.journals / small.journals;
  const per = (size: typeof large, value: number): string => (value / size.journals).toPrecision(3);
  return {
    figures: [
      {
        name: `CPU of reconciling ${large.journals} journals`,
        value: large.cpuSeconds,
        unit: 'seconds',
        note: `${per(large, large.cpuSeconds * 1000)} ms a journal, ${large.items} items in memory, chains and hashes included`,
      },
      {
        name: `memory of reconciling ${large.journals} journals`,
        value: large.memoryMb,
        unit: 'MB',
        note: `${per(large, large.memoryMb * 1000)} kB a journal, beside what the items themselves take where they are kept`,
      },
      { name: 'growth of CPU ÷ growth of journals', value: large.cpuSeconds / small.cpuSeconds / growth, must: 1.2 },
      { name: 'growth of memory ÷ growth of journals', value: large.memoryMb / small.memoryMb / growth, must: 1.2 },
    ],
    details: measured.map((each) => ({
      ...each,
      cpuSeconds: Number(each.cpuSeconds.toFixed(2)),
      memoryMb: Number(each.memoryMb.toFixed(1)),
    })),
  };
};
