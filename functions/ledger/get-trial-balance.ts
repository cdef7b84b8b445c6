import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/ledger/ledger-contract.ts';
import { sumTotals } from '#shared/ledger/ledger-store.ts';
import { trialBalance } from '#shared/ledger/trial-balance.ts';

/** GET /v1/ledger/trial-balance?asOf=. */
export const getTrialBalance = operation(contracts.getTrialBalance, async ({ query, now }) => {
  const asOf = query.asOf ?? now;
  return { status: 200, body: trialBalance(await sumTotals(asOf), asOf) };
});
