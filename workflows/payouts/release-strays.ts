import { release } from '#shared/payouts/payout-steps-store.ts';
import type { Run } from '#shared/payouts/run.ts';
import { chunksOf } from '#shared/payouts/run-lines-store.ts';
import { unsettledStatements } from '#shared/payouts/statement-store.ts';

const allShards = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * What a collector that was thought dead froze after the manifest was made is no part of the run: it is open again. Expects a run that
 * collects no more, whose manifest cannot change.
 */
export const releaseStrays = async (
  { id, period }: Pick<Run, 'id' | 'period'>,
  at: string,
  shards: readonly number[] = allShards,
): Promise<void> => {
  const ofRun = new Set<string>();
  for await (const lines of chunksOf(id)) for (const { payoutId } of lines) ofRun.add(payoutId);
  for (const shard of shards)
    for await (const page of unsettledStatements(shard, period))
      for (const { payout } of page)
        if (payout.runId === id && payout.status === 'pending' && !ofRun.has(payout.id)) await release(payout, id, at);
};
