import * as z from 'zod';
import { contract, ThingId } from '#shared/core/contract.ts';
import { languages } from '#shared/core/languages.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { EarningKind } from '#shared/earnings/earning.ts';
import { postingReasons } from './partner-postings.ts';
import { CarryReason, PayoutStatus } from './payout.ts';
import { StatementPeriod } from './statement-period.ts';
import { agingNames } from './statements-overview.ts';

const LineView = z
  .strictObject({
    at: Instant.meta({ description: 'From when on it counts' }),
    type: z.enum(postingReasons),
    amount: SignedMoney.meta({ description: 'What it added to the balance' }),
    text: z.string().meta({ description: 'What it is, and how it was computed' }),
    earningId: z.string().optional(),
    payoutId: z.string().optional(),
    kind: EarningKind.optional(),
    dealId: z.string().optional(),
    claimId: z.string().optional(),
    rule: z.string().optional(),
    programVersion: z.int().positive().optional(),
    statement: z.string().optional().meta({ description: 'The statement that it is paid with' }),
  })
  .meta({ id: 'StatementLine' });

const HeldView = z
  .strictObject({
    earningId: z.string(),
    kind: EarningKind,
    amount: SignedMoney,
    text: z.string(),
    holdUntil: Instant.optional().meta({ description: 'Left out while a dispute is open' }),
    statement: z.string().optional(),
  })
  .meta({ id: 'StatementHold' });

const Reasons = z.array(z.strictObject({ code: CarryReason, text: z.string() }));
const CarriedView = z
  .strictObject({ period: z.string(), amount: SignedMoney, reasons: Reasons })
  .meta({ id: 'StatementCarry' });

const PayoutOfStatement = z
  .strictObject({
    status: PayoutStatus,
    statusText: z.string(),
    payoutId: z.string().optional(),
    runId: z.string().optional(),
    broughtForward: z.array(CarriedView),
    earned: SignedMoney.meta({ description: 'What the earnings that are paid with this statement come to' }),
    due: SignedMoney.meta({ description: 'Brought forward, and all earnings that are paid with this statement' }),
    others: z
      .array(HeldView)
      .meta({ description: 'Earnings paid with this statement that became payable outside of its days' }),
    amount: SignedMoney.optional().meta({ description: 'What is paid' }),
    carriedOver: z.array(CarriedView),
    left: SignedMoney.meta({ description: 'Of what is due, neither sent nor carried over yet' }),
    reference: z.string().optional(),
    sentAt: Instant.optional(),
    endedAt: Instant.optional(),
    accountEndsWith: z.string().optional(),
    failure: z.string().optional(),
  })
  .meta({ id: 'StatementPayout' });

export const StatementView = z
  .strictObject({
    partnerId: z.string(),
    partnerName: z.string(),
    period: StatementPeriod,
    language: z.enum(languages),
    from: Day,
    to: Day,
    asOf: Instant.meta({ description: 'The last moment of its days, or now when that is earlier' }),
    openingBalance: SignedMoney.meta({ description: 'What was payable before its first moment, as the ledger has it' }),
    lines: z.array(LineView),
    closingBalance: SignedMoney.meta({ description: 'What was payable as of `asOf`, as the ledger has it' }),
    onHold: z.strictObject({ total: SignedMoney, earnings: z.array(HeldView) }),
    payout: PayoutOfStatement,
  })
  .meta({ id: 'Statement' });
export type StatementView = z.infer<typeof StatementView>;

export const statementMedia = ['application/json', 'text/csv', 'application/pdf'] as const;

export const getStatement = contract({
  operation: 'get-statement',
  summary:
    'A partner’s statement of a month, or of a day that was paid between runs: every movement with its explanation, what is on hold, what was paid and carried over; as JSON, CSV or PDF by Accept, in English or German by Accept-Language',
  params: z.strictObject({ partnerId: ThingId, period: StatementPeriod }),
  answers: { 200: StatementView },
  media: statementMedia,
  errors: ['not_found'],
});

export const StatementSummary = z
  .strictObject({
    partnerId: z.string(),
    period: z.string(),
    status: PayoutStatus,
    due: SignedMoney,
    payoutId: z.string().optional(),
    amount: SignedMoney.optional(),
  })
  .meta({ id: 'StatementSummary' });
export type StatementSummary = z.infer<typeof StatementSummary>;

export const listStatements = contract({
  operation: 'list-statements',
  summary: 'The statements that a partner has, newest first',
  query: z.strictObject({ partnerId: ThingId.optional() }),
  answers: { 200: z.strictObject({ data: z.array(StatementSummary), nextCursor: z.null() }) },
  errors: ['not_found'],
});

export const StatementsOverview = z
  .strictObject({
    asOf: Instant,
    period: StatementPeriod,
    statements: z
      .array(z.strictObject({ status: PayoutStatus, count: z.int(), due: SignedMoney }))
      .meta({ description: 'Statements of the period, by what became of them' }),
    exceptions: z
      .array(
        z.strictObject({
          partnerId: z.string(),
          period: z.string(),
          status: PayoutStatus,
          due: SignedMoney,
          reasons: Reasons,
          needsAttention: z.string().optional(),
        }),
      )
      .meta({ description: 'Statements that were not simply paid, or carried for being small' }),
    onHold: z
      .array(z.strictObject({ days: z.enum(agingNames), count: z.int(), amount: SignedMoney }))
      .meta({ description: 'All that is on hold now, by the days for which it has been' }),
    disputed: z.strictObject({ count: z.int(), amount: SignedMoney }).meta({ description: 'Of it, what is disputed' }),
  })
  .meta({ id: 'StatementsOverview' });
export type StatementsOverview = z.infer<typeof StatementsOverview>;

export const getStatementsOverview = contract({
  operation: 'get-statements-overview',
  summary: 'What became of all statements of a period, what to look at, and how long what is on hold has been',
  query: z.strictObject({ period: StatementPeriod }),
  answers: { 200: StatementsOverview },
  errors: [],
});
