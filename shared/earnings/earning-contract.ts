import * as z from 'zod';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Journal } from '#shared/core/journal.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { Instant } from '#shared/core/time.ts';
import { Rep } from '#shared/deals/deal.ts';
import { Earning, EarningKind, Explanation, shownStatuses, statusAt } from './earning.ts';
import { formulaOf } from './formula.ts';

const ShownExplanation = Explanation.extend({
  /** The formula in words. */
  text: z.string(),
}).meta({ id: 'Explanation' });

const { head: _head, doneKeys: _doneKeys, holdUntil: _until, reversesKind: _kind, ...shown } = Earning.shape;

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

/** `now` decides what is payable. */
export const viewEarning = (earning: Earning, now: string): EarningView => {
  const { head: _h, doneKeys: _k, reversesKind: _r, holdReason, ...view } = earning;
  const status = statusAt(earning, now);
  const isHeld = status === 'on_hold';
  const reason =
    status === 'pending' ? customerHasNotPaid : isHeld ? (holdReason ?? 'The hold period runs.') : undefined;
  return {
    ...view,
    status,
    ...(reason ? { holdReason: reason } : {}),
    ...(earning.holdUntil ? { payableAt: earning.holdUntil } : {}),
    explanation: { ...earning.explanation, text: formulaOf(earning) },
  };
};

const params = z.strictObject({ earningId: ThingId });

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
