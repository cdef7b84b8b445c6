import * as z from 'zod';
import { Day } from '#shared/core/time.ts';
import { attributionRoles, dealTypes } from '#shared/program/deal-rules.ts';
import { usageDirections } from '#shared/program/named-kinds.ts';
import { Amount, block, Id, listOf, oneOf, Percent, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';

/** `margin-discount` is shown on the deal and never paid out; the others become earnings. */
export const incentiveKinds = [
  'commission',
  'margin-discount',
  'margin-rebate',
  'rebate',
  'bonus',
  'spiff',
  'rev-share',
] as const;

const tierOrPercent = 'must be a percentage from 0 to 100, for example 10, or the word "tier"';

/**
 * One thing that is owed. The lists say for whom and for what (a list that is absent is no limit), the rest what must be
 * reached and how much it is: either a percentage or a flat amount.
 */
export const IncentiveRule = block({
  id: Id,
  name: Text,
  kind: oneOf(incentiveKinds),
  /** What it is reckoned on: each deal, all sales of a fiscal quarter or year, a deal whose customer reached a milestone, or what a customer uses each month. */
  per: oneOf(['deal', 'quarter', 'year', 'milestone', 'usage']),
  /** Of adoption by the customer, as it will be reported: `hundred-users`. */
  milestone: Id.optional(),
  /** Of a share of usage: whether we owe it to the partner, or the partner to us. */
  direction: oneOf(usageDirections).optional(),
  partnerTypes: some(Id).optional(),
  tiers: some(Id).optional(),
  dealTypes: some(oneOf(dealTypes)).optional(),
  roles: some(oneOf(attributionRoles)).optional(),
  productLines: some(Id).optional(),
  /** Band of deal size: from this value on, and strictly below that one. */
  dealValueFrom: Amount.optional(),
  dealValueBelow: Amount.optional(),
  /** The quarter's or year's sales must reach this. */
  salesFrom: Amount.optional(),
  /** So much of the partner's own target must be reached. */
  targetPercentFrom: whole('percent of the target', { min: 1, max: 1000 }).optional(),
  /** Only deals that were registered and approved before they were won. */
  registeredBeforeWon: YesNo.optional(),
  /** "tier": the rate that the benefits of the partner's tier name. */
  percent: z.union([Percent, z.literal('tier')], { error: tierOrPercent }).optional(),
  flat: Amount.optional(),
  /** Once, or again with each invoice that the customer pays. */
  recurring: oneOf(['once', 'each-invoice']).optional(),
  /** `rep`: in the name of the partner's person who brought the deal. */
  payTo: oneOf(['partner', 'rep']).optional(),
  /** How a rep gets it; money unless it says otherwise. */
  form: oneOf(['cash', 'gift-card']).optional(),
  period: block({ from: Day, until: Day }).optional(),
  budget: Amount.optional(),
  /** A partner has this or that one, as agreed; that one unless something was agreed. */
  alternativeTo: Id.optional(),
}).refine((rule) => (rule.percent === undefined) !== (rule.flat === undefined), {
  error: 'must have either "percent" or "flat"',
});
export type IncentiveRule = z.infer<typeof IncentiveRule>;

export const IncentiveRules = block({
  earnedWhen: oneOf(['invoice-paid', 'deal-won']),
  /** A refund or churn within so many days takes the earning back. */
  clawbackDays: whole('days'),
  rules: listOf(IncentiveRule),
});
export type IncentiveRules = z.infer<typeof IncentiveRules>;
