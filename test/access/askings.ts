import { readFileSync } from 'node:fs';
import type { Operation } from '#shared/core/access.ts';
import { type Caller, isStaff, type Role } from '#shared/core/caller.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { anAnnouncement } from '#test/documents/a-document.ts';
import { aContent, aContentOf } from '#test/mdf/a-claim.ts';
import { aPlan, usd } from '#test/mdf/a-fund-request.ts';
import { agreeing, anApplication, freshDomain, now } from '#test/partners/a-partner.ts';
import { signatureOf } from '#test/payouts/stripe-books.ts';
import type { Call } from '#test/support/call.ts';

/** What belongs to one partner, or the ids of what is not there. */
export interface Things {
  readonly partnerId: string;
  readonly dealId: string;
  readonly requestId: string;
  readonly claimId: string;
  readonly earningId: string;
  readonly runId: string;
  readonly payoutId: string;
  readonly scoringRunId: string;
  /** Of which program costs are entered. */
  readonly quarter: string;
  readonly userId: string;
  readonly apiKeyId: string;
  readonly documentId: string;
  /** The approval about this partner's deal that this role decides. */
  readonly approvalFor: (role: Role) => string;
}

/** A request that is right in itself, so that only access decides about it. */
export interface Asking {
  /** `thing`: one thing of a partner, named in the path. `named`: a partner, or its thing, is named beside. `nothing`: neither. */
  readonly about: 'thing' | 'named' | 'nothing';
  readonly call: (things: Things, caller: Caller) => Partial<Call>;
}

/** No thing has this version: whoever reaches the thing is told so, and nothing changes. */
const ifMatch = 999_999;

const nothing = (call: () => Partial<Call> = () => ({})): Asking => ({ about: 'nothing', call });
const deal = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ dealId }) => ({ params: { dealId }, ...(body ? { body, ifMatch } : {}) }),
});
const earning: Asking = { about: 'thing', call: ({ earningId }) => ({ params: { earningId } }) };
const partner = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ partnerId }) => ({ params: { partnerId }, ...(body ? { body, ifMatch } : {}) }),
});
/** Something of a quarter of the partner: its scorecard, or its success plan. */
const ofQuarter = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ partnerId }) => ({
    params: { partnerId, quarter: '2024-Q1' },
    ...(body === undefined ? {} : { body, ifMatch }),
  }),
});
const fundRequest = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ requestId }) => ({ params: { requestId }, ...(body ? { body, ifMatch } : {}) }),
});
const mdfClaim = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ claimId }) => ({ params: { claimId }, ...(body ? { body, ifMatch } : {}) }),
});
const named = (query: (things: Things) => Record<string, string>): Asking => ({
  about: 'named',
  call: (things) => ({ query: query(things) }),
});
const naming = (body: () => Record<string, unknown>): Asking => ({
  about: 'named',
  call: ({ partnerId }) => ({ body: { ...body(), partnerId } }),
});
const byPartner = named(({ partnerId }) => ({ partnerId }));
const reason = { reason: 'As agreed.' };
const freshSite = (): string => `https://${freshDomain()}`;
const freshCustomer = () => ({ companyName: 'Acme', websiteUrl: freshSite(), countryCode: 'US' });

const roleOf = (caller: Caller): Role => (caller.kind === 'anonymous' ? 'partner_member' : caller.role);
const approval = (body?: unknown): Asking => ({
  about: 'thing',
  call: ({ approvalFor }, caller) => ({
    params: { approvalId: approvalFor(roleOf(caller)) },
    ...(body ? { body, ifMatch } : {}),
  }),
});

export const askings: Readonly<Record<Operation, Asking>> = {
  'apply-partner': nothing(() => ({ body: anApplication(freshDomain()) })),
  'get-application': nothing(() => ({ params: { partnerId: 'ptr_none' }, query: { statusToken: 'guessed' } })),
  'resubmit-application': nothing(() => ({
    params: { partnerId: 'ptr_none' },
    query: { statusToken: 'guessed' },
    body: anApplication(freshDomain()),
  })),
  'list-partners': nothing(),
  'get-partner': partner(),
  'update-partner': {
    about: 'thing',
    call: ({ partnerId }, caller) => ({
      params: { partnerId },
      ifMatch,
      body: isStaff(roleOf(caller)) ? { region: 'emea' } : { contacts: anApplication('acme.example').contacts },
    }),
  },
  'evaluate-partner': partner({ capacity: { score: 3, note: 'Ten people.' } }),
  'accept-agreement': partner(agreeing),
  'suspend-partner': partner(reason),
  'appeal-tier': partner(reason),
  'answer-tier-appeal': partner({ ...reason, outcome: 'reject' }),
  'reinstate-partner': partner(reason),
  'terminate-partner': partner(reason),

  'list-users': byPartner,
  'invite-user': naming(() => ({ email: `ada@${freshDomain()}`, role: 'partner_member' })),
  'deactivate-user': { about: 'thing', call: ({ userId }) => ({ params: { userId }, ifMatch }) },
  'list-api-keys': byPartner,
  'create-api-key': naming(() => ({ name: 'CRM', scopes: ['deals:read'], role: 'partner_member' })),
  'revoke-api-key': { about: 'thing', call: ({ apiKeyId }) => ({ params: { apiKeyId }, ifMatch }) },

  'check-deal': naming(() => ({ websiteUrl: freshSite(), productLine: 'platform' })),
  'register-deal': naming(() => aRegistration({ customer: freshCustomer() })),
  'list-deals': byPartner,
  'get-deal': deal(),
  'update-deal': deal({ stage: 'proposal' }),
  'extend-deal': deal({ progressNotes: 'They test it.' }),
  'resubmit-deal': deal(aRegistration()),
  'close-deal': deal({ outcome: 'won', closedOn: '2026-07-01' }),
  'pay-deal': deal({ amount: { amountMinor: 100, currency: 'USD' }, paidOn: '2026-07-01' }),
  'refund-deal': deal({ kind: 'churn', occurredOn: '2026-07-01', ...reason }),
  'report-milestone': deal({ milestone: 'hundred-users', reachedOn: '2026-07-01' }),
  'report-usage': deal({ period: '2026-07', amount: { amountMinor: 100, currency: 'USD' } }),
  'withdraw-deal': deal({ ...reason }),
  'attribute-deal': deal({ partnerId: 'ptr_helper', role: 'influenced', evidence: 'A joint workshop.' }),

  'record-known-account': nothing(() => ({
    body: { companyName: 'Acme', websiteUrl: freshSite(), openOpportunity: false },
  })),

  'report-facts': nothing(() => ({
    body: { facts: [{ id: freshDomain(), kind: 'direct.lost', occurredAt: '2026-06-30', value: 1, currency: 'USD' }] },
  })),

  'estimate-deal': naming(() => ({
    productLine: 'platform',
    dealType: 'new',
    value: { amountMinor: 2_000_000, currency: 'USD' },
  })),
  'submit-bonus': naming(() => ({ kind: 'bonus', amount: usd(100), ...reason })),
  'list-earnings': byPartner,
  'get-earning': earning,
  'explain-earning': earning,
  'dispute-earning': { about: 'thing', call: ({ earningId }) => ({ params: { earningId }, body: reason, ifMatch }) },

  'list-approvals': nothing(),
  'get-approval': approval(),
  'decide-approval': approval({ outcome: 'approve' }),

  'create-document': naming(() => anAnnouncement()),
  'get-document': { about: 'thing', call: ({ documentId }) => ({ params: { documentId } }) },
  'list-mdf-budgets': byPartner,
  'allocate-mdf-budget': naming(() => ({ quarter: '2026-Q3', kind: 'discretionary', amount: usd(100) })),
  'submit-mdf-request': naming(() => aPlan()),
  'list-mdf-requests': byPartner,
  'get-mdf-request': fundRequest(),
  'resubmit-mdf-request': fundRequest(aPlan()),
  'withdraw-mdf-request': fundRequest({ ...reason }),
  'submit-mdf-claim': {
    about: 'thing',
    call: ({ requestId, documentId }) => ({ params: { requestId }, body: aContentOf(documentId) }),
  },
  'list-mdf-claims': byPartner,
  'get-mdf-claim': mdfClaim(),
  'resubmit-mdf-claim': mdfClaim(aContent()),
  'dispute-mdf-claim': mdfClaim({ ...reason }),
  'claw-back-mdf-claim': mdfClaim({ ...reason }),

  'list-statements': byPartner,
  'get-statements-overview': nothing(() => ({ query: { period: '2026-01' } })),
  'get-statement': { about: 'thing', call: ({ partnerId }) => ({ params: { partnerId, period: '2026-01' } }) },

  'get-kpis': nothing(() => ({ query: { quarter: '2026-Q3', groupBy: 'partner' } })),
  'get-kpi-report': nothing(() => ({ query: { year: '2026' } })),
  'list-kpi-definitions': nothing(),
  'get-program-costs': { about: 'thing', call: ({ quarter }) => ({ params: { quarter } }) },
  'enter-program-costs': nothing(() => ({ params: { quarter: '2026-Q2' }, body: { costs: [], marginPercent: 70 } })),
  'get-program': nothing(),
  'publish-program': nothing(() => ({
    body: { source: readFileSync('examples/program.yaml', 'utf8'), effectiveFrom: '2030-01-01T00:00:00Z' },
  })),
  'get-program-guide': nothing(),

  'start-scoring-run': nothing(() => ({ body: { quarter: '2024-Q1' } })),
  'list-program-tasks': nothing(),
  'list-scoring-runs': nothing(),
  'get-scoring-run': { about: 'thing', call: ({ scoringRunId }) => ({ params: { runId: scoringRunId } }) },
  'assess-partner': {
    about: 'thing',
    call: ({ partnerId }) => ({
      params: { partnerId, quarter: '2024-Q1' },
      body: { consistency: { score: 4, note: 'Steady.' } },
      ifMatch,
    }),
  },
  'get-assessment': {
    about: 'thing',
    call: ({ partnerId }) => ({ params: { partnerId, quarter: '2024-Q1' } }),
  },
  'get-health': { about: 'thing', call: ({ partnerId }) => ({ params: { partnerId, quarter: '2024-Q1' } }) },
  'get-scorecard': ofQuarter(),
  'review-scorecard': ofQuarter({ actions: [] }),
  'acknowledge-scorecard': ofQuarter({}),
  'get-scorecard-invitation': ofQuarter(),
  'propose-success-plan': ofQuarter({ template: 'launch' }),
  'get-success-plan': ofQuarter(),
  'accept-success-plan': ofQuarter({ accepted: true }),
  'update-success-plan': ofQuarter({ comment: 'It goes well.' }),
  'list-success-plans': nothing(() => ({ query: { quarter: '2024-Q1' } })),
  'list-health': nothing(() => ({ query: { quarter: '2024-Q1' } })),
  'publish-quarter': nothing(() => ({ params: { quarter: '2024-Q1' }, body: {} })),

  'start-payout-run': nothing(() => ({ body: { period: '2024-01' } })),
  'list-payout-runs': nothing(),
  'get-payout-run': { about: 'thing', call: ({ runId }) => ({ params: { runId } }) },
  'list-payout-run-changes': { about: 'thing', call: ({ runId }) => ({ params: { runId } }) },
  'list-partner-tasks': { about: 'thing', call: ({ partnerId }) => ({ params: { partnerId } }) },
  'list-payouts': named(({ partnerId }) => ({ partnerId })),
  'resolve-payout': {
    about: 'thing',
    call: ({ payoutId }) => ({ params: { payoutId }, body: { outcome: 'paid', reason: 'Seen.' }, ifMatch }),
  },
  'get-payout-file': { about: 'thing', call: ({ runId }) => ({ params: { runId } }) },
  'answer-payout-run': {
    about: 'thing',
    call: ({ runId }) => ({ params: { runId }, body: { content: '<Document/>' } }),
  },
  'receive-stripe-event': nothing(() => {
    const body = { type: 'transfer.created', data: { object: {} } };
    return { body, headers: { 'stripe-signature': signatureOf(JSON.stringify(body), now) } };
  }),

  'get-ledger-account': nothing(() => ({ params: { accountId: 'bank' } })),
  'list-journals': nothing(),
  'get-trial-balance': nothing(),

  'list-events': named(({ dealId }) => ({ subject: dealId })),

  'get-openapi': nothing(),
  'read-docs': nothing(),
  'read-docs-script': nothing(),
};
