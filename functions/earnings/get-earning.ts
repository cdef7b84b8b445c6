import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { readingPaid } from '#shared/payouts/paid-store.ts';
import { getVisibleEarning } from './visible-earning.ts';

/** GET /v1/earnings/{earningId} */
export const getEarning = operation(contracts.getEarning, async ({ caller, params, now }) => {
  const earning = await getVisibleEarning('get-earning', caller, params.earningId);
  return {
    status: 200,
    body: viewEarning(earning, now, await readingPaid(now)(earning)),
    version: earning.version,
  };
});
