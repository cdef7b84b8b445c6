import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { startEngine } from './engine.ts';
import { type Finding, quantile } from './figure.ts';
import { bundleReference } from './references/bundle-reference.ts';
import { registrations } from './requests.ts';

const run = promisify(execFile);
const folder = resolve('.local/bench/warm');
const warmUp = 150;
const measured = 300;

/** What Lambda tells a function; without it the tracer of the usual stack sees that it runs elsewhere and does nothing. */
const asInLambda = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  LAMBDA_TASK_ROOT: folder,
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
};

/** Milliseconds of CPU for one warm registration, each by a partner and of a customer of its own. */
const cpuOf = async (bundle: string): Promise<number> => {
  const file = `${folder}/events.json`;
  await writeFile(file, JSON.stringify(await registrations(warmUp + measured)));
  const { NODE_OPTIONS: _none, ...env } = process.env;
  const { stdout } = await run(process.execPath, ['bench/warm-process.mjs', bundle, file, String(warmUp)], {
    env: { ...env, ...asInLambda },
    maxBuffer: 64 * 1024 * 1024,
  });
  return Number(stdout.split('\n').at(-1));
};

/** CPU of a warm registration against that of the stack AWS's guides would have you build, alternating, in a process each. */
export const measureWarm = async (rounds: number): Promise<Finding> => {
  const stop = await startEngine();
  try {
    await publish(aProgram());
    await bundleFunctions(
      functions.filter(({ name }) => name === 'deals'),
      folder,
    );
    const usual = resolve(await bundleReference('usual-stack', `${folder}/references`));
    const taken: { readonly ours: number; readonly usual: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      taken.push({ usual: await cpuOf(usual), ours: await cpuOf(`${folder}/deals/index.mjs`) });
    }
    const ratios = taken.map((round) => round.ours / round.usual);
    const spread = `from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    const note = `${rounds} alternations of ${measured} requests after ${warmUp} to warm up; ${spread}`;
    return {
      figures: [
        { name: 'warm register-deal ÷ usual stack', value: quantile(ratios, 0.5), must: 0.3, stretch: 0.2, note },
      ],
      details: taken.map(({ ours, usual: theirs }) => ({
        'ours, CPU ms': ours.toFixed(3),
        'usual stack, CPU ms': theirs.toFixed(3),
        ratio: (ours / theirs).toFixed(3),
      })),
    };
  } finally {
    await stop();
  }
};
