import type { Run } from '#shared/payouts/run.ts';
import type { Line } from '#shared/payouts/run-lines-store.ts';
import { unsettledStatements } from '#shared/payouts/statement-store.ts';

/** What stands frozen for this run is its manifest, whoever froze it: of one shard, in the order of partners. */
export const frozenLines = async (run: Run, shard: number): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for await (const page of unsettledStatements(shard, run.period))
    for (const { payout } of page)
      if (payout.runId === run.id && payout.status === 'pending' && payout.amount && payout.payeeVersion) {
        const { id: payoutId, partnerId, currency, period, payeeVersion, amount } = payout;
        lines.push({ payoutId, partnerId, currency, period, payeeVersion, amountMinor: amount.amountMinor });
      }
  return lines.sort((a, b) => (a.partnerId < b.partnerId ? -1 : 1));
};
