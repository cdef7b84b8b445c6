import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startEngine } from './engine.ts';
import type { Finding } from './figure.ts';
import type { MeasuredRun } from './payout-run-process.ts';
import { playRun } from './run-transitions.ts';

const program = join(import.meta.dirname, 'payout-run-process.ts');

/** Of each partner. */
const earnings = 100;

/** Each run in a process and with an engine of its own, so that none pays for what another left behind. */
const runOf = async (partners: number): Promise<MeasuredRun> => {
  const stop = await startEngine();
  try {
    const child = spawn(process.execPath, [program, String(partners), String(earnings)], {
      env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`A run of ${partners} partners ended with ${code}.`);
    return JSON.parse(told) as MeasuredRun;
  } finally {
    await stop();
  }
};

const perPartner = async (partners: number) => {
  const run = await runOf(partners);
  const { transitions } = await playRun(partners);
  const requests = Object.values(run.requests).reduce((sum, count) => sum + count, 0);
  return {
    run,
    partners,
    requests: requests / partners,
    writeUnits: run.writeUnits / partners,
    transitions: transitions / partners,
    cpuMs: run.cpuMs / partners,
  };
};

const rounded = (value: number): number => Number(value.toFixed(3));

/** A whole payout run of so many partners, and of the last number of `sizes`, and how it grows from one to the other. */
export const measurePayoutRun = async (sizes: readonly number[]): Promise<Finding> => {
  const measured: Awaited<ReturnType<typeof perPartner>>[] = [];
  for (const size of sizes) measured.push(await perPartner(size));
  const [small, large] = [measured[0], measured.at(-1)];
  if (!small || !large) throw new RangeError('Say how many partners.');
  const about = `${small.partners} partners with ${earnings} earnings each`;
  const kinds = Object.entries(small.run.requests).map(([name, count]) => `${name} ${rounded(count / small.partners)}`);
  const shapes = small.run.transactions
    .filter(({ count }) => count >= small.partners)
    .map(({ shape, units }) => `${shape}: ${rounded(units)}`);
  const load = `one-minute load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`;
  const figures = [
    {
      name: `write units per partner, ${about}`,
      value: small.writeUnits,
      unit: 'write units',
      note: shapes.join('; '),
    },
    { name: `requests per partner, ${about}`, value: small.requests, unit: 'requests', note: kinds.join(' · ') },
    { name: `transitions per partner, ${about}`, value: small.transitions, unit: 'transitions', must: 3, stretch: 2 },
    { name: `CPU of our code per partner, ${about}`, value: small.cpuMs, unit: 'ms', note: load },
  ];
  const growth = (['requests', 'writeUnits', 'transitions', 'cpuMs'] as const).map((what) => ({
    name: `${what} of ${large.partners} partners ÷ ${large.partners / small.partners} × that of ${small.partners}`,
    value: large[what] / small[what],
    must: what === 'cpuMs' ? 1.2 : 1.02,
  }));
  return {
    figures: [...figures, ...growth],
    details: measured.map(({ run, ...per }) => ({
      ...Object.fromEntries(Object.entries(per).map(([name, value]) => [name, rounded(value)])),
      paid: run.paid,
      'CPU s in all': rounded(run.cpuMs / 1000),
      'seconds in all': rounded(run.seconds),
    })),
  };
};
