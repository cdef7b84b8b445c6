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
