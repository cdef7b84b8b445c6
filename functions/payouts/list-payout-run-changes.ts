import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { DomainError } from '#shared/core/errors.ts';
import * as contracts from '#shared/payouts/run-changes-contract.ts';
import { viewChange } from '#shared/payouts/run-changes-contract.ts';
import { readRunChanges } from '#shared/payouts/run-changes-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';

const notCollected = (): DomainError =>
  new DomainError('conflict', 'payout_run.not_collected', 'The run is still collecting what it pays.');

/** GET /v1/payout-runs/{runId}/changes. Neither run changes any more, so a page begins where the one before ended. */
export const listPayoutRunChanges = operation(
  contracts.listPayoutRunChanges,
  async ({ caller, params: { runId }, query }) => {
    const { limit, after, nextCursor } = pageAsked('list-payout-run-changes', caller, { ...query, runId });
    const run = await getRun(runId);
    if (run.status === 'collecting') throw notCollected();
    const { totals, counts, changes, against } = await readRunChanges(run);
    const wanted = changes.filter(({ change }) => query.change === undefined || change === query.change);
    const start = Number(after ?? 0);
    const body: contracts.RunChangesView = {
      runId,
      period: run.period,
      against: against.map(({ id, period }) => ({ runId: id, period })),
      totals: totals.map(({ currency, payouts, amountMinor, payoutsBefore, beforeMinor }) => ({
        payouts,
        amount: { amountMinor, currency },
        payoutsBefore,
        before: { amountMinor: beforeMinor, currency },
        difference: { amountMinor: amountMinor - beforeMinor, currency },
      })),
      counts,
      data: wanted.slice(start, start + limit).map(viewChange),
      nextCursor: nextCursor(start + limit < wanted.length ? String(start + limit) : undefined),
    };
    return { status: 200, body };
  },
);
