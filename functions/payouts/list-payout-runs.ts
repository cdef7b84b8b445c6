import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/payouts/payout-contract.ts';
import { viewRun } from '#shared/payouts/payout-contract.ts';
import { listRuns } from '#shared/payouts/run-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

/** GET /v1/payout-runs */
export const listPayoutRuns = operation(contracts.listPayoutRuns, async ({ caller, query }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-payout-runs', filter };
  const page = await listRuns(filter, { after: cursor ? readCursor(cursor, scope) : undefined, limit });
  const nextCursor = page.after ? makeCursor(page.after, scope) : null;
  return { status: 200, body: { data: page.runs.map(viewRun), nextCursor } };
});
