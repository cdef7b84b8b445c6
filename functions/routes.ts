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

const route = <const D extends string>(door: D, operation: Operation, method: Method, path: string) => ({
  operation,
  method,
  path,
  door,
});

export const routes = [
  route('partners', 'apply-partner', 'POST', '/v1/partners'),
  route('partners', 'list-partners', 'GET', '/v1/partners'),
  route('partners', 'get-partner', 'GET', '/v1/partners/{partnerId}'),
  route('partners', 'update-partner', 'PATCH', '/v1/partners/{partnerId}'),
  route('partners', 'get-application', 'GET', '/v1/partners/{partnerId}/application'),
  route('partners', 'resubmit-application', 'POST', '/v1/partners/{partnerId}/resubmission'),
  route('partners', 'evaluate-partner', 'PUT', '/v1/partners/{partnerId}/evaluation'),
  route('partners', 'accept-agreement', 'POST', '/v1/partners/{partnerId}/agreement'),
  route('partners', 'suspend-partner', 'POST', '/v1/partners/{partnerId}/suspension'),
  route('partners', 'reinstate-partner', 'POST', '/v1/partners/{partnerId}/reinstatement'),
  route('partners', 'terminate-partner', 'POST', '/v1/partners/{partnerId}/termination'),

  route('users', 'list-users', 'GET', '/v1/users'),
  route('users', 'invite-user', 'POST', '/v1/users'),
  route('users', 'deactivate-user', 'DELETE', '/v1/users/{userId}'),
  route('users', 'list-api-keys', 'GET', '/v1/api-keys'),
  route('users', 'create-api-key', 'POST', '/v1/api-keys'),
  route('users', 'revoke-api-key', 'DELETE', '/v1/api-keys/{apiKeyId}'),

  route('deals', 'check-deal', 'POST', '/v1/deals/check'),
  route('deals', 'register-deal', 'POST', '/v1/deals'),
  route('deals', 'list-deals', 'GET', '/v1/deals'),
  route('deals', 'get-deal', 'GET', '/v1/deals/{dealId}'),
  route('deals', 'update-deal', 'PATCH', '/v1/deals/{dealId}'),
  route('deals', 'extend-deal', 'POST', '/v1/deals/{dealId}/extension'),
  route('deals', 'resubmit-deal', 'POST', '/v1/deals/{dealId}/resubmission'),
  route('deals', 'close-deal', 'POST', '/v1/deals/{dealId}/close'),
  route('deals', 'withdraw-deal', 'POST', '/v1/deals/{dealId}/withdrawal'),
  route('deals', 'attribute-deal', 'POST', '/v1/deals/{dealId}/attributions'),

  route('known-accounts', 'record-known-account', 'POST', '/v1/known-accounts'),

  route('approvals', 'list-approvals', 'GET', '/v1/approvals'),
  route('approvals', 'get-approval', 'GET', '/v1/approvals/{approvalId}'),
  route('approvals', 'decide-approval', 'POST', '/v1/approvals/{approvalId}/decision'),

  route('program', 'get-program', 'GET', '/v1/program'),
  route('program', 'publish-program', 'POST', '/v1/program/versions'),
  route('guide', 'get-program-guide', 'GET', '/v1/program/guide'),

  route('events', 'list-events', 'GET', '/v1/events'),

  route('docs', 'get-openapi', 'GET', '/openapi.json'),
  route('docs', 'read-docs', 'GET', '/docs'),
] as const satisfies readonly Route[];

export type Door = (typeof routes)[number]['door'];
