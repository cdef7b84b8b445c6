/** An IBAN payee as a partner's administrator sends it, with what a test wants different. */
export const anIbanPayee = (overrides: Record<string, unknown> = {}) => ({
  kind: 'iban',
  accountHolder: 'Müller & Söhne GmbH',
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
  address: { streetAddress: 'Hafenstraße 1', city: 'Köln', postalCode: '50667', countryCode: 'DE' },
  taxForm: { kind: 'eu_vat', id: 'DE136695976' },
  ...overrides,
});

/** An account in the United States. */
export const aUsPayee = (overrides: Record<string, unknown> = {}) => ({
  kind: 'us_account',
  accountHolder: 'Northwind Consulting LLC',
  routingNumber: '021000021',
  accountNumber: '000483920175',
  address: {
    streetAddress: '1 Harbour Street',
    city: 'Boston',
    stateOrRegion: 'MA',
    postalCode: '02110',
    countryCode: 'US',
  },
  taxForm: { kind: 'w9', id: '98-7654321' },
  ...overrides,
});

/** A connected account at Stripe. */
export const aStripePayee = (overrides: Record<string, unknown> = {}) => ({
  kind: 'stripe_account',
  accountHolder: 'Northwind Ltd',
  accountId: 'acct_northwind1',
  address: { streetAddress: '1 Main Street', city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
  taxForm: { kind: 'eu_vat', id: 'DE136695976' },
  ...overrides,
});
