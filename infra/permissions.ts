import type { FunctionName } from './functions.ts';

/**
 * What a function can be allowed. Nothing here lets anyone scan the program table or delete from a table.
 *
 * - `read`: get things of the program table, query it
 * - `list by status`: query the index byStatus
 * - `read what is due`: query the index byDue
 * - `write`: put, update and check things, in transactions only
 * - `count calls`: update single counters of calls, outside a transaction
 * - `follow the stream`: read the table's stream
 * - `write facts`: put items into the activity table, alone and in batches
 * - `read facts`: query the activity table
 * - `scan facts`: read the activity table from end to end, and see how large it is
 * - `start workflows`: start executions of the approval workflow, of payout runs and of scoring runs
 * - `answer workflows`: answer their waiting tasks
 * - `invite people`: create sign-ins in the user pool
 * - `lock people out`: disable sign-ins in the user pool
 * - `send mail`: as the stage's sender
 * - `take uploads`: put files into quarantine; whoever signs an upload lends it this right
 * - `check uploads`: read what is in quarantine and keep what is well
 * - `show documents`: read what is kept; whoever signs a link lends it this right
 * - `keep payees`: know the secret that payment details are encrypted under
 * - `pay by Stripe`: know the key that moves money there
 * - `hear Stripe`: know the secret that Stripe signs with
 * - `publish roots`: put roots of the audit trail where nobody can change them
 */
export type Permission =
  | 'read'
  | 'list by status'
  | 'read what is due'
  | 'write'
  | 'count calls'
  | 'follow the stream'
  | 'write facts'
  | 'read facts'
  | 'scan facts'
  | 'start workflows'
  | 'answer workflows'
  | 'invite people'
  | 'lock people out'
  | 'send mail'
  | 'take uploads'
  | 'check uploads'
  | 'show documents'
  | 'keep payees'
  | 'pay by Stripe'
  | 'hear Stripe'
  | 'publish roots';

/**
 * Where a function's reach ends in the table, by what its partition keys are or begin with. It is for those that strangers come to, or
 * that need one kind of thing only; the others reach every thing of the table, one partner's as another's, and the doors' access table
 * and stores tell them apart.
 */
export const reachedKeys: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  authorizer: ['usr_*', 'key_*'],
  program: ['program'],
  guide: ['program'],
};

/** Who may do what. A function that is not here does not compile. */
export const permissions: Readonly<Record<FunctionName, readonly Permission[]>> = {
  authorizer: ['read'],

  partners: ['read', 'list by status', 'write', 'keep payees'],
  users: ['read', 'list by status', 'write'],
  tasks: ['read'],
  deals: ['read', 'list by status', 'write', 'count calls'],
  earnings: ['read', 'list by status', 'write'],
  'known-accounts': ['read', 'write'],
  facts: ['read', 'write'],
  approvals: ['read', 'list by status', 'write'],
  documents: ['read', 'write', 'take uploads', 'show documents'],
  mdf: ['read', 'list by status', 'write'],
  payouts: ['read', 'list by status', 'write'],
  'payout-files': ['read', 'write', 'keep payees'],
  statements: ['read', 'list by status'],
  health: ['read', 'list by status', 'write'],
  scorecards: ['read'],
  'scorecard-reviews': ['read', 'write'],
  'success-plans': ['read', 'list by status', 'write', 'read facts'],
  'provider-events': ['read', 'write', 'hear Stripe'],
  kpis: ['read', 'list by status', 'write', 'read facts'],
  program: ['read', 'write'],
  guide: ['read'],
  ledger: ['read'],
  events: ['read'],
  docs: [],

  'on-stored-change': [
    'read',
    'list by status',
    'write',
    'follow the stream',
    'start workflows',
    'answer workflows',
    'invite people',
    'lock people out',
    'send mail',
  ],
  'write-facts': ['read', 'follow the stream', 'write facts'],
  sweep: [
    'read',
    'list by status',
    'read what is due',
    'write',
    'start workflows',
    'answer workflows',
    'check uploads',
    'read facts',
  ],
  'verify-chains': ['read', 'list by status'],
  'publish-roots': ['read', 'list by status', 'publish roots'],
  reconcile: ['read', 'list by status'],
  'request-approval': ['read', 'list by status', 'write', 'start workflows', 'answer workflows'],
  'follow-up': ['read', 'list by status', 'write', 'send mail'],
  'verify-document': ['read', 'write', 'check uploads'],
  'needs-attention': ['read', 'write'],
  'load-run': ['read', 'write'],
  'collect-payouts': ['read', 'list by status', 'write'],
  'freeze-run': ['read', 'list by status', 'write'],
  'pay-chunk': ['read', 'write', 'pay by Stripe'],
  'release-chunk': ['read', 'write'],
  'close-run': ['read', 'list by status', 'write'],
  'load-scoring': ['read', 'write', 'scan facts'],
  'score-segment': ['read', 'write', 'scan facts'],
  'close-scoring': ['read', 'write'],
};
