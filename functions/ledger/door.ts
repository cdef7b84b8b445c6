import { door } from '#functions/http/door.ts';
import { getLedgerAccount } from './get-ledger-account.ts';
import { getTrialBalance } from './get-trial-balance.ts';
import { listJournals } from './list-journals.ts';

export const handler = door('ledger', [getLedgerAccount, listJournals, getTrialBalance]);
