import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Journal } from '#shared/core/journal.ts';
import { Money, PositiveMoney, SignedMoney } from '#shared/core/money.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { DealType, Rep } from '#shared/deals/deal.ts';
import { usageDirections } from '#shared/program/named-kinds.ts';
import { Discount } from './discount.ts';
import { Earning, EarningKind, Explanation, shownStatuses, statusAt } from './earning.ts';
import { formulaOf } from './formula.ts';
import { isDisputed } from './line-dispute.ts';

const ShownExplanation = Explanation.extend({
  /** The formula in words. */
  text: z.string(),
}).meta({ id: 'Explanation' });

const {
  head: _head,
  doneKeys: _doneKeys,
  holdUntil: _until,
  reversesKind: _kind,
  accruedAt: _accruedAt,
  decidedBy: _decidedBy,
  approvals: _approvals,
  ...shown
} = Earning.shape;

/** An earning as callers see it: by time, what is on hold is payable. */
export const EarningView = z
  .object({
    ...shown,
    status: z.enum(shownStatuses),
    rep: Rep.optional(),
    holdUntil: Instant.optional(),
    /** From when on it is payable. */
    payableAt: Instant.optional(),
    explanation: ShownExplanation,
  })
  .meta({ id: 'Earning' });
export type EarningView = z.infer<typeof EarningView>;

const customerHasNotPaid = 'The customer has not paid yet.';

/** `now` decides what is payable; whether that is paid says its statement. */
export const viewEarning = (earning: Earning, now: string, isPaid = false): EarningView => {
  const { head: _h, doneKeys: _k, reversesKind: _r, approvals: _a, accruedAt: _at, ...seen } = earning;
  const { decidedBy: _by, holdReason, ...view } = seen;
  const status = isPaid ? 'paid' : statusAt(earning, now);
  const isHeld = status === 'on_hold';
  const held = isDisputed(earning) ? 'It is disputed.' : (holdReason ?? 'The hold period runs.');
  const reason = status === 'pending' ? customerHasNotPaid : isHeld ? held : undefined;
  return {
    ...view,
    status,
    ...(reason ? { holdReason: reason } : {}),
    ...(earning.holdUntil ? { payableAt: earning.holdUntil } : {}),
    explanation: { ...earning.explanation, text: formulaOf(earning) },
  };
};

const Owed = z.strictObject({
  rule: z.string(),
  name: z.string(),
  kind: z.string(),
  amount: Money,
  /** The formula in words. */
  text: z.string(),
  recurring: z.literal('each-invoice').optional(),
});

/** How far the partner is, this deal included, from what a quarter or a year pays. */
const Goal = z.strictObject({
  rule: z.string(),
  name: z.string(),
  kind: z.string(),
  period: z.string(),
  sales: Money,
  /** Left out where it needs a target that was never agreed. */
  needed: Money.optional(),
  missing: Money.optional(),
  reached: z.boolean(),
  /** What it pays on these sales, once it is reached. */
  amount: Money.optional(),
});

export const Estimate = z
  .strictObject({
    earnings: z.array(Owed),
    total: Money,
    discounts: z.array(Discount),
    tier: z.strictObject({
      current: z.string(),
      /** Of the fiscal year in which the deal would close, this deal included. */
      sales: Money,
      next: z.strictObject({ tier: z.string(), from: Money, missing: Money }).optional(),
    }),
    /** Shares of what the customer will use, month by month, of which nobody knows the amount yet. */
    usage: z.array(
      z.strictObject({
        rule: z.string(),
        name: z.string(),
        direction: z.enum(usageDirections),
        percent: z.number(),
        text: z.string(),
      }),
    ),
    goals: z.array(Goal),
  })
  .meta({ id: 'Estimate' });
export type Estimate = z.infer<typeof Estimate>;

export const estimateDeal = contract({
  operation: 'estimate-deal',
  summary: 'Say what a deal would earn and by which rule, and how far the next tier and bonus are; registers nothing',
  body: z.strictObject({
    productLine: z.string().max(64),
    dealType: DealType,
    value: Money,
    /** When it would close; today unless given. */
    expectedCloseDate: Day.optional(),
    role: z.enum(['sourced', 'influenced']).optional(),
    partnerId: ThingId.optional(),
  }),
  answers: { 200: Estimate },
  errors: [
    'not_found',
    'program.unknown_product_line',
    'deal.below_minimum',
    'deal.close_date_out_of_range',
    'money.currency_mismatch',
  ],
  changesNothing: true,
});

const params = z.strictObject({ earningId: ThingId });

export const submitBonus = contract({
  operation: 'submit-bonus',
  summary:
    'Ask for a bonus outside of the rules, for an active partner; it is owed once somebody else has approved it, and then whatever becomes of the partner',
  body: z.strictObject({
    partnerId: ThingId,
    kind: z.literal('bonus'),
    amount: PositiveMoney,
    /** Shown to whoever decides, and then to the partner. */
    reason: written(1000),
    /** A deal in which the partner has a part. */
    dealId: ThingId.optional(),
  }),
  answers: { 201: EarningView },
  errors: ['not_found', 'partner.not_active', 'money.currency_mismatch'],
});

export const disputeEarning = contract({
  operation: 'dispute-earning',
  summary:
    'Say that a line of a statement is wrong: it alone is held until somebody who did not approve it answers, within five business days',
  params,
  body: z.strictObject({
    /** Shown to whoever answers. */
    reason: written(1000),
    /** What the line should come to; more than it does. */
    expectedAmount: SignedMoney.optional(),
  }),
  answers: { 202: EarningView },
  errors: ['not_found', 'state.transition_not_allowed', 'statement.closed', 'version.stale'],
});

export const listEarnings = contract({
  operation: 'list-earnings',
  summary: 'List earnings, newest first within a partner; partners see their own',
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(shownStatuses).optional(),
    kind: EarningKind.optional(),
    dealId: ThingId.optional(),
    partnerId: ThingId.optional(),
    /** A fiscal quarter or year that was reckoned on, or the month on whose statement it stands. */
    period: z
      .string()
      .regex(/^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$/, 'must be a year, a quarter or a month: "2026", "2026-Q3", "2026-10"')
      .optional(),
  }),
  answers: { 200: pageOf(EarningView) },
  errors: ['not_found'],
});

export const getEarning = contract({
  operation: 'get-earning',
  summary: 'Read an earning',
  params,
  answers: { 200: EarningView },
  errors: ['not_found'],
});

export const explainEarning = contract({
  operation: 'explain-earning',
  summary: 'Say by which rule, version and figures an earning came to be, and how it was booked',
  params,
  answers: {
    200: z
      .strictObject({
        earningId: z.string(),
        amount: SignedMoney,
        explanation: ShownExplanation,
        /** The rule as that version of the program has it; absent where no rule of the program is behind it. */
        rule: z.record(z.string(), z.unknown()).optional(),
        journals: z.array(Journal),
      })
      .meta({ id: 'EarningExplanation' }),
  },
  errors: ['not_found'],
});
