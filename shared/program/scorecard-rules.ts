import * as z from 'zod';
import { Amount, block, Id, listOf, must, oneOf, Percent, whole } from '#shared/program/program-fields.ts';
import { metricIds } from '#shared/scorecards/metric-ids.ts';

const targetMust =
  'a number, an amount with its currency such as "50,000.00 USD", or "partner" for what was agreed with the partner';

const Figure = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((figure) => /^\d+(\.\d{1,2})?$/.test(String(figure)));

/** What a partner is to reach in a quarter, and from which part of it a figure is amber, and green; below it is red. */
const ScorecardRule = block({
  metric: oneOf(metricIds),
  target: z.union([z.literal('partner'), Figure, Amount], { error: must(targetMust) }),
  amberFromPercent: Percent,
  greenFromPercent: Percent,
  /** Main types; absent: every partner. The first rule for a figure that names a partner is its rule. */
  partnerTypes: listOf(Id).optional(),
});
export type ScorecardRule = z.infer<typeof ScorecardRule>;

export const ScorecardRules = listOf(ScorecardRule);

/** When somebody has to act before the figures are bad. */
export const WarningRules = block({
  /** After so many months without a deal, each a warning of its own. */
  noDealMonths: listOf(whole('months', { min: 1, max: 24 })),
  /** A figure below so much of its target. */
  farBelowTargetPercent: Percent,
  /** Market development funds that stood open for so many quarters without a request; whatever the program offers and nobody used. */
  unusedFundsQuarters: whole('quarters', { min: 1, max: 8 }),
  /** So long after the quarter's end the task is open. */
  openDays: whole('days', { min: 1, max: 365 }),
  /** Types that sell nothing and are not asked for deals. */
  notAskedForDeals: listOf(Id),
});
export type WarningRules = z.infer<typeof WarningRules>;
