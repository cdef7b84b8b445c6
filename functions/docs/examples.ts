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

const plan = {
  quarter: '2027-Q1',
  activityType: 'event',
  title: 'Harbour fair: a breakfast for plant managers',
  description: 'Forty plant managers of the region, two customers who speak, a demonstration.',
  startDate: '2027-02-11',
  endDate: '2027-02-11',
  expectedCost: { amountMinor: 800_000, currency: 'USD' },
  requestedAmount: { amountMinor: 400_000, currency: 'USD' },
  expectedLeads: 40,
  expectedPipeline: { amountMinor: 30_000_000, currency: 'USD' },
  region: 'amer',
};

const claim = {
  claimedAmount: { amountMinor: 380_000, currency: 'USD' },
  invoices: [
    {
      number: 'R-2027-118',
      supplier: 'Harbour Hall',
      issuedOn: '2027-02-15',
      amount: { amountMinor: 760_000, currency: 'USD' },
      documentId: 'doc_01K0Q1V7D3Z7',
    },
  ],
  proofs: [
    { kind: 'attendee-list', documentId: 'doc_01K0Q1V7D3Z8' },
    { kind: 'photo', documentId: 'doc_01K0Q1V7D3Z9' },
  ],
  outcome: { leads: 34, pipeline: { amountMinor: 26_000_000, currency: 'USD' }, attendees: 61 },
};

const application = {
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
};

/** What to send, as a reader would want to copy it. A test holds each against its contract. */
export const bodyExamples: Readonly<Partial<Record<Operation, unknown>>> = {
  'apply-partner': application,
  'resubmit-application': application,
  'update-partner': {
    payee: {
      kind: 'us_account',
      accountHolder: 'Northwind Consulting LLC',
      routingNumber: '021000021',
      accountNumber: '000123456789',
      address,
      taxForm: { kind: 'w9', id: '12-3456789' },
    },
  },
  'evaluate-partner': {
    capacity: { score: 4, note: 'Two consultants free from next month.' },
    capability: { score: 5, note: 'Certified on comparable platforms.' },
    commitment: { score: 3, note: 'No plan beyond this year yet.' },
    customerFit: { score: 4, note: 'Manufacturers of our size.' },
  },
  'appeal-tier': { reason: 'The renewal of Acme Industries comes in January instead of December.' },
  'answer-tier-appeal': {
    outcome: 'uphold',
    reason: 'The renewal is signed; it starts a month later.',
    tierUntil: '2027-03-31',
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
  'create-api-key': { name: 'CRM', scopes: ['deals:read', 'deals:write'] },
  'check-deal': { websiteUrl: 'https://www.acme.example', productLine: 'platform' },
  'register-deal': registration,
  'resubmit-deal': registration,
  'update-deal': { stage: 'proposal', value: { ...value, amountMinor: 5_200_000 } },
  'extend-deal': { progressNotes: 'The pilot runs until May; the board decides in June.' },
  'close-deal': { outcome: 'won', value, closedOn: '2027-02-26' },
  'estimate-deal': { productLine: 'platform', dealType: 'new', value, expectedCloseDate: '2027-03-31' },
  'pay-deal': { amount: value, paidOn: '2027-03-26' },
  'refund-deal': {
    kind: 'refund',
    amount: { ...value, amountMinor: 500_000 },
    occurredOn: '2027-04-14',
    reason: 'One of the two plants was not delivered.',
  },
  'report-milestone': { milestone: 'hundred-users', reachedOn: '2027-05-12' },
  'report-usage': { period: '2027-05', amount: { amountMinor: 1840000, currency: 'USD' } },
  'submit-bonus': {
    partnerId: 'ptr_01K0Q1V7D3Z7',
    kind: 'bonus',
    amount: { ...value, amountMinor: 100_000 },
    reason: 'They ran the stand at the harbour fair at two days’ notice.',
  },
  'publish-quarter': { note: 'Talked through with all managers on 6 April.' },
  'start-scoring-run': { quarter: '2027-Q1' },
  'review-scorecard': {
    comment: 'A strong quarter in the north; the south needs a second trained engineer.',
    actions: [
      { title: 'Train a second engineer in the south', owner: 'partner', dueOn: '2027-05-31', done: false },
      { title: 'Plan the plant managers’ breakfast', owner: 'partner_manager', dueOn: '2027-04-30', done: false },
    ],
    meeting: { startsAt: '2027-04-20T14:00:00Z', durationMinutes: 60, place: 'https://meet.example/review' },
  },
  'propose-success-plan': {
    template: 'growth',
    adjustments: {
      sales: { target: { amountMinor: 20_000_000, currency: 'USD' }, weight: 50 },
      'existing-customers': { weight: 10, owners: { partner: 'Ada Byron', partnerManager: 'Grace Hopper' } },
    },
  },
  'accept-success-plan': { accepted: true },
  'update-success-plan': { reached: { announcement: { done: true } }, comment: 'It went out on both sites on Monday.' },
  'acknowledge-scorecard': { answer: 'Agreed; the engineer starts in May.' },
  'assess-partner': {
    relationship: { score: 4, note: 'Answers soon, and says early what will not work.' },
    'follow-through': { score: 3, note: 'Two of the five joint calls were put off.' },
  },
  'start-payout-run': { period: '2027-03' },
  'resolve-payout': { outcome: 'paid', reference: 'TRF-2027-0451', reason: 'On the bank statement of 9 April.' },
  'answer-payout-run': {
    content:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">…',
  },
  'dispute-earning': {
    reason: 'The second plant was sold in this deal too.',
    expectedAmount: { ...value, amountMinor: 150_000 },
  },
  'receive-stripe-event': {
    id: 'evt_1MiN3gLkdIwHu7ix',
    object: 'event',
    type: 'transfer.reversed',
    data: {
      object: {
        id: 'tr_1MiN3gLkdIwHu7ixNCZvFdgA',
        object: 'transfer',
        amount: 120_000,
        amount_reversed: 120_000,
        currency: 'usd',
        reversed: true,
        transfer_group: 'pay_01K0Q1V7D3Z7',
      },
    },
  },
  'withdraw-deal': { reason: 'The customer stopped the project.' },
  'attribute-deal': {
    partnerId: 'ptr_01K0Q1V7D3Z7',
    role: 'influenced',
    evidence: 'Ran the security workshop in May.',
  },
  'create-document': {
    purpose: 'invoice',
    fileName: 'hall-rent.pdf',
    contentType: 'application/pdf',
    sizeBytes: 48_213,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  'record-known-account': {
    companyName: 'Acme Industries',
    websiteUrl: 'https://www.acme.example',
    openOpportunity: true,
    customerSince: '2024-02-29',
  },
  'report-facts': {
    source: 'academy',
    facts: [
      { id: 'course-4711', kind: 'training.completed', partnerId: 'ptr_01K0Q1V7D3Z7', occurredAt: '2027-02-11' },
      {
        id: 'account-88-2027-q1',
        kind: 'customer.revenue',
        occurredAt: '2027-03-31T12:00:00Z',
        value: 1_250_000,
        unit: 'money',
        currency: 'USD',
        about: 'acme.example',
      },
    ],
  },
  'allocate-mdf-budget': {
    partnerId: 'ptr_01K0Q1V7D3Z7',
    quarter: '2027-Q1',
    kind: 'discretionary',
    amount: { amountMinor: 250_000, currency: 'USD' },
  },
  'submit-mdf-request': plan,
  'resubmit-mdf-request': plan,
  'withdraw-mdf-request': { reason: 'The venue is not free on that day.' },
  'submit-mdf-claim': claim,
  'resubmit-mdf-claim': claim,
  'dispute-mdf-claim': { reason: 'The band is part of the activity that you approved.' },
  'claw-back-mdf-claim': { reason: 'The venue says that there was no such event.' },
  'enter-program-costs': {
    costs: [
      { kind: 'people', amount: { amountMinor: 18_000_000, currency: 'USD' } },
      { kind: 'marketing', amount: { amountMinor: 4_200_000, currency: 'USD' } },
    ],
    marginPercent: 72.5,
  },
  'publish-program': { source: 'currency: USD\n# … the whole program file\n', effectiveFrom: '2027-01-01T00:00:00Z' },
  'decide-approval': { outcome: 'return', reason: 'Which of the two plants is this for?' },
};
