import * as z from 'zod';
import { contract, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Money, SignedMoney } from '#shared/core/money.ts';
import { AnyInstant, Day, Instant } from '#shared/core/time.ts';

const AccountId = ThingId.meta({
  description:
    'Name of the account as the chart has it; a row of the chart, such as `partner:<partner>:payable`, stands for all accounts in it',
  example: 'partner:ptr_01K0Q1V7D3Z7:payable',
});
const NormalSide = z.enum(['debit', 'credit']).meta({ description: 'The side on which the account usually stands' });
const AsOf = Instant.meta({ description: 'The instant that the answer holds for' });
const asOfQuery = {
  asOf: AnyInstant.optional().meta({
    description:
      'An instant in UTC, past or to come: what counts from a later one, such as the end of a hold, is known before. Default: now',
    example: '2026-10-01T00:00:00Z',
  }),
};

export const EntryView = z
  .strictObject({
    journalId: z.string(),
    at: Instant.meta({ description: 'When it counts from' }),
    amount: SignedMoney.meta({ description: 'What it added to the balance, on the account’s normal side' }),
    subject: z.string().meta({ description: 'The thing whose history has the journal', example: 'ern_01K0Q1V7D3Z7' }),
    event: z.string().meta({ description: 'What happened to the thing', example: 'earning.accrued' }),
  })
  .meta({ id: 'LedgerEntry' });
export type EntryView = z.infer<typeof EntryView>;

export const AccountView = z
  .strictObject({
    accountId: z.string(),
    means: z.string(),
    normalSide: NormalSide,
    asOf: AsOf,
    balances: z.array(SignedMoney).meta({
      description:
        'One for each currency that was ever posted, on the account’s normal side; none means nothing was posted',
    }),
    entries: z.array(EntryView).meta({ description: 'What was posted up to `asOf`, oldest first' }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'LedgerAccount' });
export type AccountView = z.infer<typeof AccountView>;

export const getLedgerAccount = contract({
  operation: 'get-ledger-account',
  summary: 'An account of the ledger: what it means, its balance as of any instant, and what was posted to it',
  params: z.strictObject({ accountId: AccountId }),
  query: z.strictObject({ ...asOfQuery, ...pageQuery }),
  answers: { 200: AccountView },
  errors: [],
});

export const JournalView = z
  .strictObject({
    id: z.string(),
    at: Instant.meta({ description: 'When it counts from' }),
    currency: z.string(),
    lines: z
      .array(z.strictObject({ accountId: z.string(), amountMinor: z.int() }))
      .meta({ description: 'Debits above zero, credits below; their sum is zero' }),
    subject: z.string().meta({ description: 'The thing whose history has it', example: 'ern_01K0Q1V7D3Z7' }),
    seq: z.int().positive().meta({ description: 'The event of that history that brought it' }),
    event: z.string().meta({ description: 'What happened', example: 'earning.accrued' }),
  })
  .meta({ id: 'Journal' });
export type JournalView = z.infer<typeof JournalView>;

export const journalMedia = ['application/json', 'text/csv'] as const;

export const listJournals = contract({
  operation: 'list-journals',
  summary:
    'Journals of the ledger in their order, by account, by day, or by the thing they are about; as CSV for the general ledger by Accept, 10,000 at once, with the accounting class of expenses',
  query: z.strictObject({
    ...pageQuery,
    accountId: AccountId.optional(),
    from: Day.optional().meta({ description: 'First day, in UTC' }),
    to: Day.optional().meta({ description: 'Last day, in UTC; it may lie ahead. Default: today' }),
    subject: ThingId.optional().meta({ description: 'Id of the thing', example: 'ern_01K0Q1V7D3Z7' }),
  }),
  answers: {
    200: z.strictObject({ asOf: AsOf, data: z.array(JournalView), nextCursor: z.string().nullable() }),
  },
  media: journalMedia,
  headers: {
    'x-next-cursor': z
      .string()
      .optional()
      .meta({ description: 'Of CSV: the `cursor` to go on with, left out when there is no more' }),
  },
  errors: [],
});

export const TrialBalanceView = z
  .strictObject({
    asOf: AsOf,
    accounts: z.array(
      z.strictObject({
        accountId: z.string(),
        means: z.string(),
        normalSide: NormalSide,
        debit: Money,
        credit: Money,
      }),
    ),
    totals: z
      .array(z.strictObject({ debit: Money, credit: Money }))
      .meta({ description: 'One for each currency; debits and credits are the same' }),
  })
  .meta({ id: 'TrialBalance' });
export type TrialBalanceView = z.infer<typeof TrialBalanceView>;

export const getTrialBalance = contract({
  operation: 'get-trial-balance',
  summary: 'The balance of every row of the chart of accounts as of any instant; debits equal credits',
  query: z.strictObject(asOfQuery),
  answers: { 200: TrialBalanceView },
  errors: [],
});
