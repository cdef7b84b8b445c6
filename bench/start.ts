import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '#local/free-port.ts';
import { type Finding, quantile } from './figure.ts';

const run = promisify(execFile);

/** Seconds of the clock on the wall. */
const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

const synthesize = async (): Promise<void> => {
  await run(process.execPath, ['infra/app.ts'], { env: { ...process.env, CDK_OUTDIR: '.local/bench/cdk' } });
};

/** `npm start` as a new user types it, until the API answers; then it is ended. */
const startAndAsk = async (): Promise<number> => {
  await rm('.local/cdk', { recursive: true, force: true });
  const port = await freePort();
  const options = ['start', '--silent', '--', '--ephemeral', '--port', String(port)];
  const before = performance.now();
  const child = spawn('npm', options, { stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  while (!(await answers(`http://127.0.0.1:${port}/v1/program`))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`);
    await sleep(20);
  }
  const seconds = (performance.now() - before) / 1000;
  // npm and what it runs are a group of their own.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await ended;
  return seconds;
};

/** Wall time from `npm start`, with no template kept, to the first answered request, against the synthesis alone; alternating. */
export const measureStart = async (rounds: number): Promise<Finding> => {
  const taken: { readonly synth: number; readonly start: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const synth = await secondsOf(synthesize);
    taken.push({ synth, start: await startAndAsk() });
  }
  const ratios = taken.map(({ synth, start }) => start / synth);
  const note = `${rounds} alternations, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; wall time`;
  return {
    figures: [{ name: 'npm start ÷ synthesis', value: quantile(ratios, 0.5), must: 3, stretch: 2, note }],
    details: taken.map(({ synth, start }) => ({
      'synthesis, s': synth.toFixed(2),
      'npm start, s': start.toFixed(2),
      ratio: (start / synth).toFixed(2),
    })),
  };
};
