import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { gatewayEvent } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { startEngine } from './engine.ts';
import { type Finding, quantile } from './figure.ts';
import { bundleReference } from './references/bundle-reference.ts';
import { now, registrations } from './requests.ts';

const run = promisify(execFile);
const folder = resolve('.local/bench/cold');

interface Start {
  readonly cpuMs: number;
  readonly status: number;
}

/** One cold start in a fresh process, in milliseconds of CPU. Throws when the function did not do what it was asked. */
const startOnce = async (bundle: string, event: unknown): Promise<number> => {
  const { NODE_OPTIONS: _none, ...env } = process.env;
  const { stdout } = await run(process.execPath, ['bench/cold-process.mjs', bundle, JSON.stringify(event)], { env });
  // The last line is the process's own; what stands before it is the function's log.
  const { cpuMs, status } = JSON.parse(stdout.split('\n').at(-1) ?? '') as Start;
  if (status < 200 || status > 299) throw new Error(`${bundle} answered ${status} to its first request.`);
  return cpuMs;
};

/** What is started, alternating: the reference, a command that writes, and a request of each of two other doors. */
const subjects = async (count: number) => {
  const doors = ['deals', 'partners', 'approvals'] as const;
  await bundleFunctions(
    functions.filter(({ name }) => doors.some((door) => door === name)),
    folder,
  );
  const reference = resolve(await bundleReference('put-item', `${folder}/references`));
  const reading = (operation: 'list-partners' | 'list-approvals') =>
    gatewayEvent({ operation, caller: manager, at: now });
  const written = await registrations(count);
  return [
    { name: 'reference: bare SDK, one PutItem', bundle: reference, event: (n: number) => ({ id: `put-${n}` }) },
    { name: 'deals: register-deal', bundle: `${folder}/deals/index.mjs`, event: (n: number) => written[n] },
    { name: 'partners: list-partners', bundle: `${folder}/partners/index.mjs`, event: () => reading('list-partners') },
    {
      name: 'approvals: list-approvals',
      bundle: `${folder}/approvals/index.mjs`,
      event: () => reading('list-approvals'),
    },
  ];
};

/**
 * CPU of importing a bundle and answering its first request, against the bare SDK's: one process each, alternating, against the real
 * engine. The ratio is the median of the ratios of neighbours, which share whatever else the machine is doing.
 */
export const measureCold = async (rounds: number): Promise<Finding> => {
  const stop = await startEngine();
  try {
    await publish(aProgram());
    const all = await subjects(rounds + 1);
    const taken = all.map((): number[] => []);
    // The first round fills the disk's cache and is thrown away.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, { bundle, event }] of all.entries()) {
        const cpuMs = await startOnce(bundle, event(round));
        if (round > 0) taken[index]?.push(cpuMs);
      }
    }
    const [reference = []] = taken;
    const rows = all.map(({ name }, index) => {
      const values = taken[index] ?? [];
      const ratios = values.map((value, round) => value / (reference[round] ?? 0));
      const [cpuMs = 0, ratio = 0, low = 0, high = 0] = [
        quantile(values, 0.5),
        ...[0.5, 0.25, 0.75].map((part) => quantile(ratios, part)),
      ];
      return { start: name, cpuMs: Number(cpuMs.toFixed(1)), ratio, low, high };
    });
    const [, command] = rows;
    if (!command) throw new Error('Nothing was measured.');
    const note = `${rounds} alternations; half of them lie between ${command.low.toFixed(2)} and ${command.high.toFixed(2)}`;
    return {
      figures: [
        { name: 'cold register-deal ÷ bare SDK PutItem', value: command.ratio, must: 1.2, stretch: 0.95, note },
      ],
      details: rows.map((row) => ({
        ...row,
        ratio: Number(row.ratio.toFixed(3)),
        low: row.low.toFixed(2),
        high: row.high.toFixed(2),
      })),
    };
  } finally {
    await stop();
  }
};
