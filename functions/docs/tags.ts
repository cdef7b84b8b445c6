/** The nouns of the API in the order in which a reader meets them. */
export const tags = [
  { name: 'program', description: 'The rules of the partner program: tiers, product lines, deal rules, terms.' },
  { name: 'partners', description: 'Companies in the program, from their application to the end.' },
  { name: 'users', description: 'People who sign in, for a partner or as staff.' },
  { name: 'api-keys', description: 'What a partner’s machines sign in with: scoped, shown once, revocable.' },
  { name: 'deals', description: 'Registered sales opportunities: one partner, one customer, one product line.' },
  { name: 'known-accounts', description: 'Accounts that direct sales works on, as its CRM says.' },
  {
    name: 'facts',
    description: 'What happened, as scores and figures see it, where Tandem does not record it by itself.',
  },
  { name: 'earnings', description: 'What partners are owed, by which rule, and from when on it is payable.' },
  { name: 'approvals', description: 'Open decisions in somebody’s inbox, whatever they are about.' },
  { name: 'ledger', description: 'Double entry under every amount: accounts, journals, trial balance.' },
  { name: 'documents', description: 'Invoices and proofs: announced, uploaded to us directly, checked, handed out.' },
  { name: 'mdf', description: 'Market development funds: budgets by quarter, fund requests and claims.' },
  {
    name: 'payout-runs',
    description: 'One period’s payouts of all partners: collected, approved as a whole, paid one by one.',
  },
  { name: 'payouts', description: 'What a partner is paid: sent, paid, failed, or nobody knows yet.' },
  { name: 'provider-events', description: 'What those who move the money tell us, signed by them.' },
  {
    name: 'statements',
    description: 'What a partner earned, was paid and has left, month by month, as page, CSV and PDF.',
  },
  { name: 'scoring-runs', description: 'Computations of a quarter’s health scores, of all partners.' },
  { name: 'health', description: 'Health scores by quarter, and their publication.' },
  { name: 'kpis', description: 'Figures of the program by month, quarter and year, with their targets.' },
  { name: 'kpi-definitions', description: 'What each figure means, and what it is made from.' },
  { name: 'program-costs', description: 'What the program costs, quarter by quarter, as finance enters it.' },
  {
    name: 'success-plans',
    description: 'What partners and we want to reach in a quarter, agreed on by both, with how far it is.',
  },
  { name: 'events', description: 'The audit trail: every change of a thing, chained by hashes.' },
  { name: 'docs', description: 'This description, for people and for machines.' },
] as const;

/** The noun a path is about: its first step under /v1. */
export const tagOf = (path: string): string => /^\/v1\/([a-z-]+)/.exec(path)?.[1] ?? 'docs';
