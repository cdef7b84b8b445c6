import { systemIntent } from '#shared/core/history.ts';
import { freezeRun } from '#shared/payouts/run.ts';
import { manifestOf } from '#shared/payouts/run-lines-store.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { RunInput } from './load-run.ts';

/** The step Freeze of payout-run.asl.json: what was collected is the manifest, and somebody is asked; or there is nothing to pay. */
export const handler = async ({ runId, attempt, at }: RunInput): Promise<void> => {
  const run = await getRun(runId);
  if (run.status !== 'collecting') return;
  const frozen = freezeRun(run, await manifestOf(runId), { now: at, attempt });
  const intent = systemIntent('freeze', `${runId}@${run.version}`, at);
  await commitChange(run, changeRun(run, frozen, { type: `payout_run.${frozen.status}`, intent }));
};
