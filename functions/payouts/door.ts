import { door } from '#functions/http/door.ts';
import { getPayoutRun } from './get-payout-run.ts';
import { listPayoutRunChanges } from './list-payout-run-changes.ts';
import { listPayoutRuns } from './list-payout-runs.ts';
import { listPayouts } from './list-payouts.ts';
import { resolvePayout } from './resolve-payout.ts';
import { startPayoutRun } from './start-payout-run.ts';

export const handler = door('payouts', [
  startPayoutRun,
  listPayoutRuns,
  getPayoutRun,
  listPayoutRunChanges,
  listPayouts,
  resolvePayout,
]);
