import * as z from 'zod';
import { Amount, block, Id, listOf, must, Percent, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';

const gradeMust = 'a grade from 1 to 5 with at most two decimals, for example 4.2';
const Grade = z
  .number({ error: must(gradeMust) })
  .min(1, { error: must(gradeMust) })
  .max(5, { error: must(gradeMust) })
  .refine((grade) => /^\d(\.\d{1,2})?$/.test(String(grade)), { error: must(gradeMust) });

/** What a partner must reach for a tier, all of it, over the last four quarters (PRODUCT §6). What is absent is not asked for. */
const TierCriteria = block({
  /** Revenue of the deals the partner brought that were won: its share. */
  annualRevenue: Amount,
  /** Value of the deals it helped to win. */
  influencedRevenue: Amount.optional(),
  /** Deals it brought that were won. */
  deals: whole('deals', { min: 1, max: 100_000 }).optional(),
  competencies: whole('competencies', { min: 1, max: 1000 }).optional(),
  /** People whose certification holds. */
  certifiedPeople: whole('people', { min: 1, max: 100_000 }).optional(),
  nps: whole('points', { min: -100, max: 100 }).optional(),
  satisfaction: Grade.optional(),
  /** The health score counts for the tier only where this says so. */
  healthScore: whole('points', { min: 1, max: 100 }).optional(),
});
export type TierCriteria = z.infer<typeof TierCriteria>;

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

/** How a tier is lost: notices on these days after the quarter's figures fell short, and the tier itself after the days of grace. */
export const TierReviews = block({
  noticeDays: some(whole('days', { max: 365 })),
  graceDays: whole('days', { min: 1, max: 730 }),
});
export type TierReviews = z.infer<typeof TierReviews>;
