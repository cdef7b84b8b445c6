import { markFollowedUp } from '#shared/approvals/approval-store.ts';
import { approvalIdOf } from '#shared/core/awaited.ts';
import { systemIntent } from '#shared/core/history.ts';
import { handOver, releaseRun } from '#shared/payouts/run.ts';
import { endRun } from '#shared/payouts/run-end-store.ts';
import { chunksOf } from '#shared/payouts/run-lines-store.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { readStatements } from '#shared/payouts/statement-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { RunInput } from './load-run.ts';
import { releaseStrays } from './release-strays.ts';

/** Throws while something of the manifest was not handed over, so that it is tried again and somebody hears of it. */
const mustBeDone = async (runId: string): Promise<void> => {
  for await (const lines of chunksOf(runId))
    for (const { payout } of await readStatements(lines))
      if (payout.runId === runId && payout.status === 'pending')
        throw new Error(`${payout.id} of ${runId} is pending.`);
};

/** The step Close of payout-run.asl.json: everything was handed over, or released. */
export const handler = async ({ runId, attempt, at }: RunInput): Promise<void> => {
  const run = await getRun(runId);
  const intent = systemIntent('close', `${runId}@${run.version}`, at);
  await releaseStrays(run, at);
  if (run.status === 'paying' && !run.handedOverAt) {
    await mustBeDone(runId);
    await commitChange(run, changeRun(run, handOver(run, at), { type: 'payout_run.handed_over', intent }));
  }
  if (run.status === 'rejected' && !run.releasedAt) {
    await mustBeDone(runId);
    await commitChange(run, changeRun(run, releaseRun(run, at), { type: 'payout_run.released', intent }));
  }
  await endRun(runId, at);
  if (run.approvals > 0) await markFollowedUp(approvalIdOf(runId, run.approvals), attempt, 'unasked');
};
