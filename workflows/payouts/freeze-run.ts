import { hashOf } from '#shared/core/canonical.ts';
import { systemIntent } from '#shared/core/history.ts';
import { freezeRun, type Manifest, type Run } from '#shared/payouts/run.ts';
import { manifestOf } from '#shared/payouts/run-lines-store.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { frozenLines } from './frozen-lines.ts';
import type { RunInput } from './load-run.ts';

const shards = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Two collectors of a shard that ran at once may have written over each other's lines, so that one stands there twice or not at all:
 * what is paid is what is frozen, each once.
 */
const isWhole = async (run: Run, { hash }: Manifest): Promise<boolean> => {
  const frozen = await Promise.all(shards.map((shard) => frozenLines(run, shard)));
  return hashOf(frozen.flat()) === hash;
};

/**
 * The step Freeze of payout-run.asl.json: what was collected is the manifest, and somebody is asked; or there is nothing to pay. Where it
 * is not whole the run goes on collecting, to which Load goes back.
 */
export const handler = async ({ runId, attempt, at }: RunInput): Promise<void> => {
  const run = await getRun(runId);
  if (run.status !== 'collecting') return;
  const manifest = await manifestOf(runId);
  if (!(await isWhole(run, manifest))) return;
  const frozen = freezeRun(run, manifest, { now: at, attempt });
  const intent = systemIntent('freeze', `${runId}@${run.version}`, at);
  await commitChange(run, changeRun(run, frozen, { type: `payout_run.${frozen.status}`, intent }));
};
