/**
 * The table of contents of the API. One row is one operation: who may call it stands in shared/core/access.ts under the same
 * id, what goes in and out in the contract of its noun, and what it does in functions/<door>/<operation>.ts.
 * A door is one Lambda function; infra, the laptop, the OpenAPI document and the tests are all built from this table.
 */
import type { Operation } from '#shared/core/access.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly operation: Operation;
  readonly method: Method;
  readonly path: string;
  readonly door: string;
}

const behind =
  <const D extends string>(door: D) =>
  (operation: Operation, method: Method, path: string) => ({ operation, method, path, door });

const partners = behind('partners');
const users = behind('users');
const tasks = behind('tasks');
const deals = behind('deals');
const earnings = behind('earnings');
const knownAccounts = behind('known-accounts');
const facts = behind('facts');
const approvals = behind('approvals');
const documents = behind('documents');
const mdf = behind('mdf');
const payouts = behind('payouts');
const payoutFiles = behind('payout-files');
const providerEvents = behind('provider-events');
const statements = behind('statements');
const health = behind('health');
const kpis = behind('kpis');
const scorecards = behind('scorecards');
const scorecardReviews = behind('scorecard-reviews');
const successPlans = behind('success-plans');
const program = behind('program');
const guide = behind('guide');
const ledger = behind('ledger');
const events = behind('events');
const docs = behind('docs');

export const routes = [
  partners('apply-partner', 'POST', '/v1/partners'),
  partners('list-partners', 'GET', '/v1/partners'),
  partners('get-partner', 'GET', '/v1/partners/{partnerId}'),
  partners('update-partner', 'PATCH', '/v1/partners/{partnerId}'),
  partners('get-application', 'GET', '/v1/partners/{partnerId}/application'),
  partners('resubmit-application', 'POST', '/v1/partners/{partnerId}/resubmission'),
  partners('evaluate-partner', 'PUT', '/v1/partners/{partnerId}/evaluation'),
  partners('accept-agreement', 'POST', '/v1/partners/{partnerId}/agreement'),
  partners('suspend-partner', 'POST', '/v1/partners/{partnerId}/suspension'),
  partners('reinstate-partner', 'POST', '/v1/partners/{partnerId}/reinstatement'),
  partners('terminate-partner', 'POST', '/v1/partners/{partnerId}/termination'),
  tasks('list-partner-tasks', 'GET', '/v1/partners/{partnerId}/tasks'),
  tasks('list-program-tasks', 'GET', '/v1/program/tasks'),
  partners('appeal-tier', 'POST', '/v1/partners/{partnerId}/tier-appeals'),
  partners('answer-tier-appeal', 'POST', '/v1/partners/{partnerId}/tier-appeals/decision'),

  users('list-users', 'GET', '/v1/users'),
  users('invite-user', 'POST', '/v1/users'),
  users('deactivate-user', 'DELETE', '/v1/users/{userId}'),
  users('list-api-keys', 'GET', '/v1/api-keys'),
  users('create-api-key', 'POST', '/v1/api-keys'),
  users('revoke-api-key', 'DELETE', '/v1/api-keys/{apiKeyId}'),

  deals('check-deal', 'POST', '/v1/deals/check'),
  deals('register-deal', 'POST', '/v1/deals'),
  deals('list-deals', 'GET', '/v1/deals'),
  deals('get-deal', 'GET', '/v1/deals/{dealId}'),
  deals('update-deal', 'PATCH', '/v1/deals/{dealId}'),
  deals('extend-deal', 'POST', '/v1/deals/{dealId}/extension'),
  deals('resubmit-deal', 'POST', '/v1/deals/{dealId}/resubmission'),
  deals('close-deal', 'POST', '/v1/deals/{dealId}/close'),
  deals('pay-deal', 'POST', '/v1/deals/{dealId}/payments'),
  deals('refund-deal', 'POST', '/v1/deals/{dealId}/refunds'),
  deals('report-milestone', 'POST', '/v1/deals/{dealId}/milestones'),
  deals('report-usage', 'POST', '/v1/deals/{dealId}/usage'),
  deals('withdraw-deal', 'POST', '/v1/deals/{dealId}/withdrawal'),
  deals('attribute-deal', 'POST', '/v1/deals/{dealId}/attributions'),

  knownAccounts('record-known-account', 'POST', '/v1/known-accounts'),

  facts('report-facts', 'POST', '/v1/facts'),

  earnings('estimate-deal', 'POST', '/v1/deals/estimate'),
  earnings('submit-bonus', 'POST', '/v1/earnings'),
  earnings('list-earnings', 'GET', '/v1/earnings'),
  earnings('get-earning', 'GET', '/v1/earnings/{earningId}'),
  earnings('explain-earning', 'GET', '/v1/earnings/{earningId}/explanation'),
  earnings('dispute-earning', 'POST', '/v1/earnings/{earningId}/dispute'),

  approvals('list-approvals', 'GET', '/v1/approvals'),
  approvals('get-approval', 'GET', '/v1/approvals/{approvalId}'),
  approvals('decide-approval', 'POST', '/v1/approvals/{approvalId}/decision'),

  documents('create-document', 'POST', '/v1/documents'),
  documents('get-document', 'GET', '/v1/documents/{documentId}'),
  mdf('list-mdf-budgets', 'GET', '/v1/mdf/budgets'),
  mdf('allocate-mdf-budget', 'POST', '/v1/mdf/budgets'),
  mdf('submit-mdf-request', 'POST', '/v1/mdf/requests'),
  mdf('list-mdf-requests', 'GET', '/v1/mdf/requests'),
  mdf('get-mdf-request', 'GET', '/v1/mdf/requests/{requestId}'),
  mdf('resubmit-mdf-request', 'POST', '/v1/mdf/requests/{requestId}/resubmission'),
  mdf('withdraw-mdf-request', 'POST', '/v1/mdf/requests/{requestId}/withdrawal'),
  mdf('submit-mdf-claim', 'POST', '/v1/mdf/requests/{requestId}/claims'),
  mdf('list-mdf-claims', 'GET', '/v1/mdf/claims'),
  mdf('get-mdf-claim', 'GET', '/v1/mdf/claims/{claimId}'),
  mdf('resubmit-mdf-claim', 'POST', '/v1/mdf/claims/{claimId}/resubmission'),
  mdf('dispute-mdf-claim', 'POST', '/v1/mdf/claims/{claimId}/dispute'),
  mdf('claw-back-mdf-claim', 'POST', '/v1/mdf/claims/{claimId}/clawback'),

  payouts('start-payout-run', 'POST', '/v1/payout-runs'),
  payouts('list-payout-runs', 'GET', '/v1/payout-runs'),
  payouts('get-payout-run', 'GET', '/v1/payout-runs/{runId}'),
  payouts('list-payout-run-changes', 'GET', '/v1/payout-runs/{runId}/changes'),
  payouts('list-payouts', 'GET', '/v1/payouts'),
  payouts('resolve-payout', 'POST', '/v1/payouts/{payoutId}/resolution'),
  payoutFiles('get-payout-file', 'GET', '/v1/payout-runs/{runId}/file'),
  payoutFiles('answer-payout-run', 'POST', '/v1/payout-runs/{runId}/bank-status'),
  providerEvents('receive-stripe-event', 'POST', '/v1/provider-events/stripe'),
  statements('list-statements', 'GET', '/v1/statements'),
  statements('get-statements-overview', 'GET', '/v1/statements/overview'),
  statements('get-statement', 'GET', '/v1/statements/{partnerId}/{period}'),

  health('start-scoring-run', 'POST', '/v1/scoring-runs'),
  health('list-scoring-runs', 'GET', '/v1/scoring-runs'),
  health('get-scoring-run', 'GET', '/v1/scoring-runs/{runId}'),
  health('assess-partner', 'PUT', '/v1/partners/{partnerId}/assessments/{quarter}'),
  health('get-assessment', 'GET', '/v1/partners/{partnerId}/assessments/{quarter}'),
  health('list-health', 'GET', '/v1/health'),
  health('get-health', 'GET', '/v1/partners/{partnerId}/health/{quarter}'),
  health('publish-quarter', 'POST', '/v1/health/{quarter}/publication'),
  kpis('get-kpis', 'GET', '/v1/kpis'),
  kpis('get-kpi-report', 'GET', '/v1/kpis/report'),
  kpis('list-kpi-definitions', 'GET', '/v1/kpi-definitions'),
  kpis('get-program-costs', 'GET', '/v1/program-costs/{quarter}'),
  kpis('enter-program-costs', 'PUT', '/v1/program-costs/{quarter}'),

  scorecards('get-scorecard', 'GET', '/v1/partners/{partnerId}/scorecards/{quarter}'),
  scorecardReviews('review-scorecard', 'PUT', '/v1/partners/{partnerId}/scorecards/{quarter}/review'),
  scorecardReviews('acknowledge-scorecard', 'POST', '/v1/partners/{partnerId}/scorecards/{quarter}/acknowledgement'),
  scorecardReviews('get-scorecard-invitation', 'GET', '/v1/partners/{partnerId}/scorecards/{quarter}/invitation'),

  successPlans('propose-success-plan', 'PUT', '/v1/partners/{partnerId}/success-plans/{quarter}'),
  successPlans('get-success-plan', 'GET', '/v1/partners/{partnerId}/success-plans/{quarter}'),
  successPlans('accept-success-plan', 'POST', '/v1/partners/{partnerId}/success-plans/{quarter}/acceptance'),
  successPlans('update-success-plan', 'POST', '/v1/partners/{partnerId}/success-plans/{quarter}/updates'),
  successPlans('list-success-plans', 'GET', '/v1/success-plans'),

  program('get-program', 'GET', '/v1/program'),
  program('publish-program', 'POST', '/v1/program/versions'),
  guide('get-program-guide', 'GET', '/v1/program/guide'),

  ledger('get-ledger-account', 'GET', '/v1/ledger/accounts/{accountId}'),
  ledger('list-journals', 'GET', '/v1/ledger/journals'),
  ledger('get-trial-balance', 'GET', '/v1/ledger/trial-balance'),

  events('list-events', 'GET', '/v1/events'),

  docs('get-openapi', 'GET', '/openapi.json'),
  docs('read-docs', 'GET', '/docs'),
  docs('read-docs-script', 'GET', '/docs/scalar.js'),
] as const satisfies readonly Route[];

export type Door = (typeof routes)[number]['door'];
