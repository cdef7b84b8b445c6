import type { Operation } from '#shared/core/access.ts';

const address = {
  streetAddress: '1 Harbour Street',
  city: 'Boston',
  stateOrRegion: 'MA',
  postalCode: '02110',
  countryCode: 'US',
};
const contact = {
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@northwind.example',
  businessTitle: 'Head of Partnerships',
};
const value = { amountMinor: 4_500_000, currency: 'USD' };

const registration = {
  customer: { companyName: 'Acme Industries', websiteUrl: 'https://www.acme.example', countryCode: 'US' },
  productLine: 'platform',
  dealType: 'new',
  value,
  expectedCloseDate: '2027-03-31',
  contacts: [{ firstName: 'Grace', lastName: 'Hopper', email: 'grace@acme.example' }],
  sourceNotes: 'Met at the harbour fair; they asked us for an offer for two plants.',
};

/** What to send, as a reader would want to copy it. A test holds each against its contract. */
export const bodyExamples: Readonly<Partial<Record<Operation, unknown>>> = {
  'apply-partner': {
    company: { name: 'Northwind Consulting', websiteUrl: 'https://www.northwind.example', address },
    types: ['reseller', 'si'],
    region: 'amer',
    contacts: [contact],
    answers: {
      capacity: 'Twelve consultants, two of them free from next month.',
      capability: 'Certified on two comparable platforms.',
      commitment: 'A practice lead and a yearly plan.',
      customerFit: 'Manufacturers of 200 to 2,000 people.',
    },
    why: 'Our customers ask for it.',
  },
  'suspend-partner': { reason: 'The insurance certificate has run out.' },
  'reinstate-partner': { reason: 'The new certificate is here.' },
  'terminate-partner': { reason: 'Ended by mutual agreement.' },
  'accept-agreement': {
    version: '2026-01',
    signerName: 'Ada Byron',
    signerTitle: 'Head of Partnerships',
    accepted: true,
  },
  'invite-user': { email: 'rep@northwind.example', role: 'partner_member', partnerId: 'ptr_01K0Q1V7D3Z7' },
  'check-deal': { websiteUrl: 'https://www.acme.example', productLine: 'platform' },
  'register-deal': registration,
  'resubmit-deal': registration,
  'update-deal': { stage: 'proposal', value: { ...value, amountMinor: 5_200_000 } },
  'extend-deal': { progressNotes: 'The pilot runs until May; the board decides in June.' },
  'close-deal': { outcome: 'won', value, closedOn: '2027-02-26' },
  'withdraw-deal': { reason: 'The customer stopped the project.' },
  'attribute-deal': {
    partnerId: 'ptr_01K0Q1V7D3Z7',
    role: 'influenced',
    evidence: 'Ran the security workshop in May.',
  },
  'record-known-account': {
    companyName: 'Acme Industries',
    websiteUrl: 'https://www.acme.example',
    openOpportunity: true,
    customerSince: '2024-02-29',
  },
  'decide-approval': { outcome: 'return', reason: 'Which of the two plants is this for?' },
};
