import * as approvals from '#shared/approvals/approval-contract.ts';
import type { Contract } from '#shared/core/contract.ts';
import * as deals from '#shared/deals/deal-contract.ts';
import * as docs from '#shared/docs/docs-contract.ts';
import * as documents from '#shared/documents/document-contract.ts';
import * as earnings from '#shared/earnings/earning-contract.ts';
import * as events from '#shared/events/event-contract.ts';
import * as facts from '#shared/facts/fact-contract.ts';
import * as health from '#shared/health/health-contract.ts';
import * as knownAccounts from '#shared/known-accounts/known-account-contract.ts';
import * as kpis from '#shared/kpis/kpi-contract.ts';
import * as ledger from '#shared/ledger/ledger-contract.ts';
import * as mdf from '#shared/mdf/mdf-contract.ts';
import * as partners from '#shared/partners/partner-contract.ts';
import * as bank from '#shared/payouts/bank-contract.ts';
import * as payouts from '#shared/payouts/payout-contract.ts';
import * as runChanges from '#shared/payouts/run-changes-contract.ts';
import * as statements from '#shared/payouts/statement-contract.ts';
import * as stripe from '#shared/payouts/stripe-contract.ts';
import * as program from '#shared/program/program-contract.ts';
import * as scorecards from '#shared/scorecards/scorecard-contract.ts';
import * as successPlans from '#shared/success-plans/success-plan-contract.ts';
import * as tasks from '#shared/tasks/task-contract.ts';
import * as apiKeys from '#shared/users/api-key-contract.ts';
import * as users from '#shared/users/user-contract.ts';

const isContract = (exported: unknown): exported is Contract =>
  typeof exported === 'object' && exported !== null && 'operation' in exported && 'answers' in exported;

const files = [
  apiKeys,
  approvals,
  deals,
  docs,
  documents,
  earnings,
  events,
  facts,
  health,
  knownAccounts,
  kpis,
  ledger,
  mdf,
  partners,
  payouts,
  bank,
  stripe,
  program,
  runChanges,
  scorecards,
  statements,
  successPlans,
  tasks,
  users,
];

/** Every contract there is. A new contract file is added here; a test holds this against the files and the routes. */
export const contracts: readonly Contract[] = files.flatMap((file) => Object.values<unknown>(file).filter(isContract));
