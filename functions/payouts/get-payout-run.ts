import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/payouts/payout-contract.ts';
import { viewRun } from '#shared/payouts/payout-contract.ts';
import { getRun } from '#shared/payouts/run-store.ts';

/** GET /v1/payout-runs/{runId} */
export const getPayoutRun = operation(contracts.getPayoutRun, async ({ params }) => {
  const run = await getRun(params.runId);
  return { status: 200, body: viewRun(run), version: run.version };
});
