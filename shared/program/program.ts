import * as z from 'zod';
import { Day } from '#shared/core/time.ts';
import { KpiRules } from '#shared/kpis/kpi-rules.ts';
import { ApprovalRules } from '#shared/program/approval-rules.ts';
import { DealRules, Territory } from '#shared/program/deal-rules.ts';
import { HealthRules } from '#shared/program/health-rules.ts';
import { IncentiveRules } from '#shared/program/incentive-rules.ts';
import { MdfRules, NamedThings } from '#shared/program/money-rules.ts';
import { OnboardingRules } from '#shared/program/onboarding-rules.ts';
import { PayoutRules } from '#shared/program/payout-rules.ts';
import { PlanTemplate } from '#shared/program/plan-rules.ts';
import { block, Id, listOf, must, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';
import { Tier, TierReviews } from '#shared/program/tiers.ts';

const timeZoneMust = 'a time zone by its IANA name, for example "Europe/Berlin"';

const TimeZone = z.string({ error: must(timeZoneMust) }).refine(
  (timeZone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
    } catch {
      return false;
    }
  },
  { error: must(timeZoneMust) },
);

const currencyMust = 'an ISO 4217 currency code of three capital letters, for example "USD"';

/**
 * The rules of one partner program, as its file says them. What fields must have to do with each other stands in
 * program-checks.ts. A program is a calendar of business days too: it can be given to `addBusinessDays` as it is.
 */
export const Program = block({
  name: Text,
  currency: z.string({ error: must(currencyMust) }).regex(/^[A-Z]{3}$/, { error: must(currencyMust) }),
  timeZone: TimeZone,
  /** First month of the fiscal year. */
  fiscalYearStart: whole('the month', { min: 1, max: 12 }),
  holidays: listOf(Day),
  /** 1 = Monday to 7 = Sunday. */
  weekend: listOf(whole('the day of the week', { min: 1, max: 7 })),
  regions: some(Id),
  partnerTypes: some(block({ id: Id, name: Text, admittedWithoutReview: YesNo })),
  tiers: some(Tier),
  /** Absent: notices at once, after 30 and after 60 days, and the tier is kept for 90. */
  tierReviews: TierReviews.optional(),
  productLines: NamedThings,
  /** Kinds of customers that territories may speak of. */
  segments: listOf(block({ id: Id, name: Text })),
  territories: listOf(Territory),
  onboarding: OnboardingRules,
  /** Absent: those of shared/success-plans/default-templates.ts. */
  successPlans: some(PlanTemplate).optional(),
  deals: DealRules,
  approvals: ApprovalRules,
  incentives: IncentiveRules,
  mdf: MdfRules,
  payouts: PayoutRules,
  health: HealthRules,
  kpis: KpiRules.optional(),
});
export type Program = z.infer<typeof Program>;
