import { approvalIdOf } from '#shared/core/awaited.ts';
import { addDays } from '#shared/core/time.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { approveDeal } from '#shared/deals/deal-registration.ts';
import { aProgram } from '#test/support/a-program.ts';
import { commitGate } from '#test/support/gates.ts';

/** A registration as a partner's rep sends it, with what a test wants different. */
export const aRegistration = (overrides: Record<string, unknown> = {}) => ({
  customer: { companyName: 'Acme Industries', websiteUrl: 'https://www.acme.example', countryCode: 'US' },
  productLine: 'platform',
  dealType: 'new',
  value: { amountMinor: 5_000_000, currency: 'USD' },
  expectedCloseDate: '2026-12-01',
  contacts: [{ firstName: 'Ada', lastName: 'Byron', email: 'ada@acme.example' }],
  sourceNotes: 'Met at the fair; asked us for an offer.',
  ...overrides,
});

/** An active partner's gate, as the partners noun opens it. */
export const anActivePartner = commitGate;

/** When the deals of `aDeal` were registered, and decided. */
export const registeredAt = '2026-07-01T12:00:00.000Z';
export const approvedUntil = '2026-09-29T12:00:00.000Z';
export const returnedUntil = '2026-07-31T12:00:00.000Z';

export const terms = { version: 1, program: aProgram() };

/** What a partner's rep does ten days after `aDeal` was registered. */
export const tenDaysLater = {
  now: addDays(registeredAt, 10),
  program: terms.program,
  by: 'usr_rep_ptr_1',
  byStaff: false,
};

const submitted: Deal = {
  id: 'deal_1',
  status: 'submitted',
  version: 1,
  head: 'head',
  createdAt: registeredAt,
  updatedAt: registeredAt,
  partnerId: 'ptr_1',
  customer: {
    companyName: 'Acme Industries',
    websiteUrl: 'https://www.acme.example',
    countryCode: 'US',
    domain: 'acme.example',
  },
  productLine: 'platform',
  dealType: 'new',
  value: { amountMinor: 5_000_000, currency: 'USD' },
  expectedCloseDate: '2026-12-01',
  contacts: [{ firstName: 'Ada', lastName: 'Byron', email: 'ada@acme.example' }],
  sourceNotes: 'Met at the fair; asked us for an offer.',
  attributions: [{ partnerId: 'ptr_1', role: 'sourced', sharePercent: 100 }],
  programVersion: 1,
  approvals: 1,
  awaits: {
    approvalId: approvalIdOf('deal_1', 1),
    kind: 'deal_registration',
    attempt: 1,
    since: registeredAt,
    by: 'usr_rep_ptr_1',
  },
};

/** What a deal of a status has and lacks, when it was approved (or returned) as soon as it was registered. */
const usual = (status: Deal['status']): Deal => {
  const { awaits: _awaits, ...decided } = submitted;
  const { stage: _stage, due: _due, ...over } = approveDeal(submitted, terms, registeredAt);
  switch (status) {
    case 'submitted':
      return submitted;
    case 'returned':
      return { ...decided, status, returnedUntil, due: { what: 'lapse', at: returnedUntil }, reason: 'Who decides?' };
    case 'approved':
      return approveDeal(submitted, terms, registeredAt);
    case 'rejected':
      return { ...decided, status, reason: 'Not ours.' };
    default:
      return { ...over, status };
  }
};

/** A deal as it is stored, `aDeal({ status: 'approved' })`, with what a test wants different. */
export const aDeal = ({ status = 'submitted', ...overrides }: Partial<Deal> = {}): Deal => ({
  ...usual(status),
  ...overrides,
});
