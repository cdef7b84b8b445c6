import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Figure, Finding } from './figure.ts';
import { brokenInvariants, type Registrations } from './load-invariants.ts';
import { type LoadedSystem, startLoadedSystem } from './load-system.ts';

const run = promisify(execFile);

/** What came back in one phase; latencies count from when a request was due, whether or not it could be sent then. */
interface Phase extends Registrations {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly timeouts: number;
  readonly seconds: number;
}

interface Sending {
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; as many as come back where none is given. */
  readonly rate?: number;
}

const send = async ({ url, mix }: LoadedSystem, { connections, seconds, rate }: Sending): Promise<Phase> => {
  const file = '.local/bench/load/options.json';
  const pace = rate === undefined ? {} : { overallRate: rate };
  const options = { url, requests: mix, connections, duration: seconds, timeout: 30, idReplacement: true, ...pace };
  await writeFile(file, JSON.stringify(options));
  const { stdout } = await run(process.execPath, ['bench/load-process.mjs', file], { maxBuffer: 64 * 1024 * 1024 });
  // The last line is the process's own.
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Phase;
};

const answersOf = ({ statuses }: Phase): number => Object.values(statuses).reduce((sum, count) => sum + count, 0);

/** Answers that are none of these, and requests without any. */
const unwanted = (phase: Phase, wanted: (status: number) => boolean): number =>
  phase.errors +
  phase.timeouts +
  Object.entries(phase.statuses).reduce((sum, [status, count]) => sum + (wanted(Number(status)) ? 0 : count), 0);

const worked = (status: number): boolean => status < 500;
const refusedWell = (status: number): boolean => status < 500 || status === 503;

const windowSeconds = 2;
const patienceSeconds = 60;

/** Seconds from the end of the overload until a window's p99 is below twice that of before. */
const recover = async (system: LoadedSystem, rate: number, usualMs: number) => {
  const phases: Phase[] = [];
  const began = performance.now();
  for (;;) {
    phases.push(await send(system, { connections: 32, seconds: windowSeconds, rate }));
    const seconds = (performance.now() - began) / 1000;
    const last = phases.at(-1);
    if ((last && last.p99Ms < 2 * usualMs) || seconds > patienceSeconds) return { phases, seconds };
  }
};

export interface LoadOptions {
  /** Those of the functions, for each caller. */
  readonly rateLimits: 'on' | 'off';
  readonly seconds: number;
  readonly overloadSeconds: number;
}

/** What one machine holds: a rate, then four times that, then the rate again. The process is of no other use afterwards. */
export const measureLoad = async ({ rateLimits, seconds, overloadSeconds }: LoadOptions): Promise<Finding> => {
  const system = await startLoadedSystem(rateLimits);
  try {
    const probe = await send(system, { connections: 16, seconds: Math.min(10, seconds) });
    // Below what comes back when there is always a next request, so that waiting is not all that is measured.
    const rate = Math.max(5, Math.floor((answersOf(probe) / probe.seconds) * 0.8));
    const held = await send(system, { connections: 32, seconds, rate });
    const over = await send(system, { connections: 256, seconds: overloadSeconds, rate: rate * 4 });
    const after = await recover(system, rate, held.p99Ms);
    const phases = [probe, held, over, ...after.phases];
    const registrations = {
      attempted: phases.flatMap(({ attempted }) => attempted),
      acknowledged: phases.flatMap(({ acknowledged }) => acknowledged),
    };
    const broken = await brokenInvariants(registrations, await system.rest());
    for (const line of broken.slice(0, 20)) console.error(line);
    const name = (what: string): string => `rate limits ${rateLimits}: ${what}`;
    const figures: readonly Figure[] = [
      { name: name('requests a second, held'), value: rate, unit: 'requests/s' },
      { name: name('p50'), value: held.p50Ms, unit: 'ms' },
      { name: name('p99'), value: held.p99Ms, unit: 'ms' },
      { name: name('errors while it is held'), value: unwanted(held, worked), unit: 'answers', must: 0 },
      {
        name: name('at four times that: other than 2xx, 4xx, 503'),
        value: unwanted(over, refusedWell),
        unit: 'answers',
        must: 0,
      },
      { name: name('until p99 is below twice that of before'), value: after.seconds, unit: 's', must: 10 },
      { name: name('invariants broken afterwards'), value: broken.length, unit: 'violations', must: 0 },
    ];
    const rows = [['probe', probe], ['held', held], ['four times', over], ...after.phases.map((it) => ['after', it])];
    const details = (rows as [string, Phase][]).map(
      ([phase, { statuses, attempted: _attempted, acknowledged: _acknowledged, ...rest }]) => ({
        'rate limits': rateLimits,
        phase,
        ...rest,
        statuses: Object.entries(statuses)
          .map(([status, count]) => `${status}: ${count}`)
          .join(', '),
      }),
    );
    return { figures, details };
  } finally {
    await system.stop();
  }
};
