import type * as z from 'zod';
import { Amount, block, Id, listOf, Percent, Text, whole, YesNo } from '#shared/program/program-fields.ts';

/** What a partner must reach for a tier; PRODUCT §6 lists more to come. */
const TierCriteria = block({
  /** Revenue of the partner's won deals in a fiscal year. */
  annualRevenue: Amount,
});

/** What a partner of the tier gets; each takes effect. */
const TierBenefits = block({
  /** What incentive rules with `percent: tier` pay; absent: nothing. */
  commissionPercent: Percent.optional(),
  marginPercent: Percent.optional(),
  mdfPerQuarter: Amount.optional(),
  /** Open registrations at a time; absent: as many as they like. */
  openRegistrationLimit: whole('open registrations', { max: 1_000_000 }).optional(),
  partnerManager: YesNo.optional(),
  leads: YesNo.optional(),
  firstInReviewQueue: YesNo.optional(),
  /** Benefits in words, shown as they are. */
  more: listOf(Text).optional(),
});

/** From the lowest, in which partners begin, to the highest. */
export const Tier = block({ id: Id, name: Text, criteria: TierCriteria, benefits: TierBenefits });
export type Tier = z.infer<typeof Tier>;
