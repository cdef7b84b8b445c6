import { type Caller, isStaff, partnerOf, type Role } from './caller.ts';
import { DomainError, notFound } from './errors.ts';

/** `own`: only what belongs to the caller's partner. `any`: whoever it belongs to. */
export type Reach = 'own' | 'any';

export interface AccessRow {
  /** Open to the world, without a token. */
  readonly anyone?: true;
  readonly partner_member?: 'own';
  readonly partner_admin?: 'own';
  readonly partner_manager?: 'any';
  readonly finance?: 'any';
  readonly admin?: 'any';
  /** What an API key must have been made for. Without it keys are not let in. */
  readonly scope?: string;
}

const everybody = {
  partner_member: 'own',
  partner_admin: 'own',
  partner_manager: 'any',
  finance: 'any',
  admin: 'any',
} as const;
const partnersAndManager = { partner_member: 'own', partner_admin: 'own', partner_manager: 'any' } as const;
const paymentsTellers = { partner_manager: 'any', finance: 'any' } as const;
const earningsReaders = {
  partner_member: 'own',
  partner_admin: 'own',
  partner_manager: 'any',
  finance: 'any',
} as const;
const statementReaders = { partner_member: 'own', partner_admin: 'own', finance: 'any' } as const;
const manager = { partner_manager: 'any' } as const;
const kpiReaders = { partner_manager: 'any', finance: 'any', admin: 'any', scope: 'kpis:read' } as const;

/** Who may do what to whose. What is not in this table does not exist. */
export const access = {
  'apply-partner': { anyone: true },
  'get-application': { anyone: true },
  'resubmit-application': { anyone: true },
  'list-partners': { ...everybody, scope: 'partners:read' },
  'get-partner': { ...everybody, scope: 'partners:read' },
  'update-partner': { partner_admin: 'own', partner_manager: 'any', finance: 'any', admin: 'any' },
  'evaluate-partner': manager,
  'accept-agreement': { partner_admin: 'own' },
  'suspend-partner': manager,
  'reinstate-partner': manager,
  'terminate-partner': manager,
  'list-partner-tasks': { ...everybody, scope: 'partners:read' },
  'list-program-tasks': { ...manager, admin: 'any' },
  'appeal-tier': { partner_member: 'own', partner_admin: 'own' },
  'answer-tier-appeal': manager,

  'list-users': { partner_admin: 'own', admin: 'any' },
  'invite-user': { partner_admin: 'own', admin: 'any' },
  'deactivate-user': { partner_admin: 'own', admin: 'any' },
  'list-api-keys': { partner_admin: 'own', admin: 'any' },
  'create-api-key': { partner_admin: 'own', admin: 'any' },
  'revoke-api-key': { partner_admin: 'own', admin: 'any' },

  'check-deal': { ...partnersAndManager, finance: 'any', admin: 'any', scope: 'deals:write' },
  'register-deal': { ...partnersAndManager, scope: 'deals:write' },
  'list-deals': { ...everybody, scope: 'deals:read' },
  'get-deal': { ...everybody, scope: 'deals:read' },
  'update-deal': { ...partnersAndManager, scope: 'deals:write' },
  'extend-deal': { partner_member: 'own', partner_admin: 'own', scope: 'deals:write' },
  'resubmit-deal': { partner_member: 'own', partner_admin: 'own', scope: 'deals:write' },
  'close-deal': { ...partnersAndManager, scope: 'deals:write' },
  'pay-deal': { ...paymentsTellers, scope: 'payments:write' },
  'refund-deal': { ...paymentsTellers, scope: 'payments:write' },
  'report-milestone': { ...paymentsTellers, scope: 'milestones:write' },
  'report-usage': { ...paymentsTellers, scope: 'usage:write' },
  'withdraw-deal': { partner_member: 'own', partner_admin: 'own', scope: 'deals:write' },
  'attribute-deal': manager,

  'record-known-account': { partner_manager: 'any', admin: 'any', scope: 'known-accounts:write' },

  'report-facts': { partner_manager: 'any', finance: 'any', admin: 'any', scope: 'facts:write' },

  'estimate-deal': { ...earningsReaders, scope: 'deals:read' },
  'submit-bonus': paymentsTellers,
  'list-earnings': { ...earningsReaders, scope: 'earnings:read' },
  'get-earning': { ...earningsReaders, scope: 'earnings:read' },
  'explain-earning': { ...earningsReaders, scope: 'earnings:read' },
  'dispute-earning': { partner_member: 'own', partner_admin: 'own', scope: 'earnings:write' },

  'list-approvals': { partner_manager: 'any', finance: 'any', admin: 'any' },
  'get-approval': { partner_manager: 'any', finance: 'any', admin: 'any' },
  'decide-approval': { partner_manager: 'any', finance: 'any', admin: 'any' },

  'create-document': { ...partnersAndManager, finance: 'any', scope: 'documents:write' },
  'get-document': { ...everybody, scope: 'documents:read' },
  'list-mdf-budgets': { ...everybody, scope: 'mdf:read' },
  'allocate-mdf-budget': { finance: 'any' },
  'submit-mdf-request': { ...partnersAndManager, scope: 'mdf:write' },
  'list-mdf-requests': { ...everybody, scope: 'mdf:read' },
  'get-mdf-request': { ...everybody, scope: 'mdf:read' },
  'resubmit-mdf-request': { ...partnersAndManager, scope: 'mdf:write' },
  'withdraw-mdf-request': { ...partnersAndManager, scope: 'mdf:write' },
  'submit-mdf-claim': { ...partnersAndManager, scope: 'mdf:write' },
  'list-mdf-claims': { ...everybody, scope: 'mdf:read' },
  'get-mdf-claim': { ...everybody, scope: 'mdf:read' },
  'resubmit-mdf-claim': { ...partnersAndManager, scope: 'mdf:write' },
  'dispute-mdf-claim': { partner_member: 'own', partner_admin: 'own', scope: 'mdf:write' },
  'claw-back-mdf-claim': { finance: 'any' },

  'start-payout-run': { finance: 'any' },
  'list-payout-runs': { finance: 'any' },
  'get-payout-run': { finance: 'any' },
  'list-payout-run-changes': { finance: 'any' },
  'list-payouts': { partner_member: 'own', partner_admin: 'own', finance: 'any', scope: 'earnings:read' },
  'resolve-payout': { finance: 'any' },
  'get-payout-file': { finance: 'any' },
  'answer-payout-run': { finance: 'any' },
  'receive-stripe-event': { anyone: true },
  'list-statements': { ...statementReaders, scope: 'earnings:read' },
  'get-statements-overview': { finance: 'any' },
  'get-statement': { ...statementReaders, scope: 'earnings:read' },

  'start-scoring-run': manager,
  'list-scoring-runs': manager,
  'get-scoring-run': manager,
  'assess-partner': manager,
  'get-assessment': { ...manager, admin: 'any' },
  'publish-quarter': manager,
  'get-health': { ...everybody, scope: 'health:read' },
  'list-health': { ...everybody, scope: 'health:read' },
  'get-kpis': kpiReaders,
  'get-kpi-report': kpiReaders,
  'list-kpi-definitions': kpiReaders,
  'get-program-costs': kpiReaders,
  'enter-program-costs': { finance: 'any' },
  'get-scorecard': { ...everybody, scope: 'health:read' },
  'review-scorecard': manager,
  'acknowledge-scorecard': { partner_member: 'own', partner_admin: 'own' },
  'get-scorecard-invitation': everybody,

  'propose-success-plan': manager,
  'get-success-plan': { ...everybody, scope: 'partners:read' },
  'accept-success-plan': { partner_admin: 'own' },
  'update-success-plan': partnersAndManager,
  'list-success-plans': { ...manager, admin: 'any' },

  'get-program': { anyone: true },
  'publish-program': { admin: 'any' },
  'get-program-guide': { anyone: true },

  'get-ledger-account': { finance: 'any' },
  'list-journals': { finance: 'any' },
  'get-trial-balance': { finance: 'any' },

  'list-events': { ...everybody, scope: 'events:read' },

  'get-openapi': { anyone: true },
  'read-docs': { anyone: true },
  'read-docs-script': { anyone: true },
} as const satisfies Record<string, AccessRow>;

export type Operation = keyof typeof access;

/** What API keys can be made for: every scope the table knows. */
export const scopes: readonly string[] = [
  ...new Set(Object.values(access).flatMap((row: AccessRow) => (row.scope === undefined ? [] : [row.scope]))),
].sort();

const forbidden = (detail: string): DomainError => new DomainError('forbidden', 'auth.forbidden', detail);

/**
 * How far this caller reaches in this operation. Throws `auth.forbidden` when its role, or the key's scopes, do not allow it at all.
 */
export const reachOf = (operation: Operation, caller: Caller): Reach => {
  const row: AccessRow = access[operation];
  if (row.anyone) return 'any';
  if (caller.kind === 'anonymous') throw forbidden('This needs a caller who is signed in.');
  if (caller.kind === 'api_key' && (row.scope === undefined || !(caller.scopes ?? []).includes(row.scope))) {
    throw forbidden(row.scope ? `This API key was not made for ${row.scope}.` : 'API keys cannot be used for this.');
  }
  const role: Role = caller.role;
  const reach = row[role];
  if (reach === undefined) throw forbidden(`The role ${role} may not do this.`);
  if (!isStaff(role) && caller.partnerId === undefined) throw forbidden('This caller belongs to no partner.');
  return reach;
};

/** Whether something of this partner, or of none, is visible to the caller. Where it is not, the answer is `not_found`. */
export const reaches = (operation: Operation, caller: Caller, partnerId: string | undefined): boolean =>
  reachOf(operation, caller) === 'any' || (partnerId !== undefined && partnerOf(caller) === partnerId);

/** Throws `not_found` for what is of another partner, or of none. */
export const mustReach = (operation: Operation, caller: Caller, partnerId: string | undefined): void => {
  if (!reaches(operation, caller, partnerId)) throw notFound();
};
