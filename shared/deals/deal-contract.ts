import * as z from 'zod';
import { byStaff, type Caller } from '#shared/core/caller.ts';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { WebsiteUrl } from '#shared/core/domains.ts';
import { Money } from '#shared/core/money.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { Discount } from '#shared/earnings/discount.ts';
import { ForFraud } from '#shared/earnings/for-fraud.ts';
import { Closing, Deal, DealStage, DealStatus, isLive, Month, Registration } from './deal.ts';
import { expireDeal } from './deal-life.ts';

const { head: _head, doneKeys: _doneKeys, due: _due, approvals: _approvals, ...shown } = Deal.shape;

/** A deal as callers see it. */
export const DealView = z
  .object({
    ...shown,
    /** Margin that the partner has up front; read with the deal itself only. */
    discounts: z.array(Discount).optional(),
  })
  .meta({ id: 'Deal' });
export type DealView = z.infer<typeof DealView>;

/** Who looks at a deal, and when. */
export interface Looking {
  readonly caller: Caller;
  readonly now: string;
}

/**
 * What is expired by its time shows it at once, whether or not the sweep has come by. Other partners' parts in a deal are shown to
 * staff only.
 */
export const viewDeal = (deal: Deal, { caller, now }: Looking): DealView => {
  const isOver = (deal.status === 'approved' || deal.status === 'returned') && !isLive(deal, now);
  const { head: _h, doneKeys: _k, due: _d, approvals: _a, ...view } = isOver ? expireDeal(deal) : deal;
  if (byStaff(caller)) return view;
  return { ...view, attributions: view.attributions.filter((part) => part.partnerId === deal.partnerId) };
};

const params = z.strictObject({ dealId: ThingId });
const one = { 200: DealView };
const changing = ['not_found', 'version.stale', 'state.transition_not_allowed', 'deal.hold_lost'] as const;
const registering = [
  'partner.not_active',
  'deal.conflict',
  'deal.already_registered',
  'deal.cooling_off',
  'deal.limit_reached',
  'deal.known_to_direct_sales',
  'deal.territory_not_allowed',
  'deal.own_company',
  'deal.below_minimum',
  'deal.close_date_out_of_range',
  'deal.contest_not_open',
  'program.unknown_product_line',
  'program.unknown_segment',
  'money.currency_mismatch',
] as const;

export const checkDeal = contract({
  operation: 'check-deal',
  summary: 'Ask whether a customer is free for a product line; never says who holds it',
  body: z.strictObject({
    websiteUrl: WebsiteUrl,
    productLine: z.string().max(64),
    partnerId: ThingId.optional(),
  }),
  answers: {
    200: z
      .strictObject({
        outcome: z.enum(['available', 'own', 'cooling_off', 'taken', 'review']),
        freeAt: Instant.optional(),
      })
      .meta({ id: 'DealCheck' }),
  },
  errors: ['program.unknown_product_line', 'rate.limited'],
  changesNothing: true,
});

export const registerDeal = contract({
  operation: 'register-deal',
  summary: 'Register a deal; approved at once where the program allows, else submitted for review',
  body: z.strictObject({
    ...Registration.shape,
    partnerId: ThingId.optional(),
    /** The approved fund request whose activity it came from. */
    mdfRequestId: ThingId.optional(),
    contest: z.strictObject({ reason: written(2000) }).optional(),
  }),
  answers: { 201: DealView },
  errors: registering,
});

export const listDeals = contract({
  operation: 'list-deals',
  summary: 'List deals, newest first; partners see their own',
  query: z.strictObject({ ...pageQuery, status: DealStatus.optional(), partnerId: ThingId.optional() }),
  answers: { 200: pageOf(DealView) },
  errors: [],
});

export const getDeal = contract({
  operation: 'get-deal',
  summary: 'Read a deal',
  params,
  answers: one,
  errors: ['not_found'],
});

export const updateDeal = contract({
  operation: 'update-deal',
  summary: 'Change stage, value, expected close date or notes of a protected deal',
  params,
  body: z
    .strictObject({
      stage: DealStage.optional(),
      value: Money.optional(),
      expectedCloseDate: Day.optional(),
      notes: written(2000).optional(),
    })
    .refine((changes) => Object.keys(changes).length > 0, 'must change something'),
  answers: one,
  errors: [
    ...changing,
    'version.required',
    'money.currency_mismatch',
    'deal.below_minimum',
    'deal.close_date_out_of_range',
    'deal.value_needs_review',
  ],
  needsVersion: true,
});

export const extendDeal = contract({
  operation: 'extend-deal',
  summary: 'Extend protection, once, before it ends',
  params,
  body: z.strictObject({ progressNotes: written(2000) }),
  answers: one,
  errors: changing,
});

export const resubmitDeal = contract({
  operation: 'resubmit-deal',
  summary: 'Send a returned deal again',
  params,
  body: Registration,
  answers: one,
  errors: [...changing, ...registering, 'deal.customer_fixed'],
});

export const closeDeal = contract({
  operation: 'close-deal',
  summary: 'Close a deal as won or lost; a partner proposes it for a decision',
  params,
  body: Closing,
  answers: { 200: DealView, 202: DealView },
  errors: [
    ...changing,
    'deal.closed_in_future',
    'deal.closed_before_registration',
    'deal.day_out_of_range',
    'deal.loss_reason_missing',
    'money.currency_mismatch',
  ],
});

/** More than nothing. */
const Sum = z.strictObject({ ...Money.shape, amountMinor: z.int().min(1, 'must be above zero') });
const paying = ['deal.churned', 'deal.too_many_payments', 'deal.day_out_of_range', 'money.currency_mismatch'] as const;

export const payDeal = contract({
  operation: 'pay-deal',
  summary: 'Record what the customer of a won deal has paid, all of it or an instalment',
  params,
  body: z.strictObject({ amount: Sum, paidOn: Day }),
  answers: { 201: DealView },
  errors: [...changing, ...paying, 'deal.overpaid'],
});

export const refundDeal = contract({
  operation: 'refund-deal',
  summary: 'Record that the customer of a won deal got money back, or left; earnings are taken back pro rata',
  params,
  body: z
    .strictObject({
      kind: z.enum(['refund', 'churn']),
      /** What went back; left out when the customer has left. */
      amount: Sum.optional(),
      occurredOn: Day,
      reason: written(500),
      forFraud: ForFraud,
    })
    .refine(({ kind, amount }) => (kind === 'refund') === (amount !== undefined), {
      path: ['amount'],
      error: 'must be there for a refund, and left out when the customer has left',
    }),
  answers: { 201: DealView },
  errors: [...changing, ...paying, 'deal.refund_too_large'],
});

export const reportMilestone = contract({
  operation: 'report-milestone',
  summary: 'Record that the customer of a won deal reached a milestone of adoption, which the program rewards once',
  params,
  body: z.strictObject({ milestone: z.string().min(1).max(64), reachedOn: Day }),
  answers: { 201: DealView },
  errors: [...changing, 'deal.churned', 'deal.milestone_reached', 'deal.day_out_of_range', 'program.unknown_milestone'],
});

export const reportUsage = contract({
  operation: 'report-usage',
  summary:
    'Record what the customer of a won deal used in a month, once, of which the program gives a share; or correct it',
  params,
  body: z.strictObject({
    period: Month,
    amount: Money,
    /** It replaces what was said of that month before; the difference is an earning of its own. */
    corrects: z.boolean().optional(),
  }),
  answers: { 201: DealView },
  errors: [...changing, ...paying, 'deal.usage_reported', 'deal.usage_not_reported', 'program.no_usage_share'],
});

export const withdrawDeal = contract({
  operation: 'withdraw-deal',
  summary: 'Withdraw a deal',
  params,
  body: z.strictObject({ reason: written(500).optional() }),
  answers: one,
  errors: changing,
});

export const attributeDeal = contract({
  operation: 'attribute-deal',
  summary: 'Record that another partner influenced a deal',
  params,
  body: z.strictObject({
    partnerId: ThingId,
    role: z.literal('influenced'),
    evidence: written(1000),
    /** Its share of what the deal earns, taken from the partner that registered it; none unless given. */
    sharePercent: z.int().min(0).max(100).optional(),
  }),
  answers: { 201: DealView },
  errors: [...changing, 'deal.already_attributed', 'deal.own_company', 'deal.share_too_large'],
});
