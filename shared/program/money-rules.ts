import type * as z from 'zod';
import { Amount, block, Id, listOf, oneOf, Percent, some, Text, whole } from '#shared/program/program-fields.ts';

/** API.md: an invoice is always needed; these are needed beside it. */
export const proofKinds = [
  'attendee-list',
  'photo',
  'platform-report',
  'creative',
  'published-link',
  'certificate',
] as const;

/** Market development funds (PRODUCT §4); the budgets stand with the tiers, the limits with the approvals. */
export const MdfRules = block({
  /** Our share of the cost, at most. */
  sharePercent: Percent,
  /** After the activity's end. */
  claimWithinDays: whole('days', { min: 1 }),
  /** So long a partner has to answer a question about a fund request or a claim. */
  returnedLapseDays: whole('days', { min: 1 }),
  activityTypes: listOf(
    block({
      id: Id,
      name: Text,
      proofs: listOf(oneOf(proofKinds)),
      /** What a lead may cost, shown to whoever decides. */
      benchmarkCostPerLead: Amount.optional(),
    }),
  ),
});
export type MdfRules = z.infer<typeof MdfRules>;

export const earningKinds = [
  'commission',
  'margin-rebate',
  'rebate',
  'bonus',
  'spiff',
  'mdf-reimbursement',
  'rev-share',
] as const;

const HoldDays = whole('days', { max: 365 });

/** When partners are paid (PRODUCT §5). */
export const PayoutRules = block({
  every: oneOf(['month', 'quarter']),
  /** Of the month after. */
  dayOfMonth: whole('day of the month', { min: 1, max: 28 }),
  /** Of all kinds of earnings, then of those that differ. */
  holdDays: HoldDays,
  holdDaysOf: block(
    Object.fromEntries(earningKinds.map((kind) => [kind, HoldDays.optional()])) as {
      // Object.fromEntries forgets which keys it was given; these are exactly the kinds.
      [K in (typeof earningKinds)[number]]: z.ZodOptional<typeof HoldDays>;
    },
  ).optional(),
  /** What does not reach it is carried over. */
  minimum: Amount,
  /** Nothing is paid for so long after the payee's details changed. */
  payeeChangeHoldHours: whole('hours', { max: 720 }),
  /** A line of a statement, or a decision on a claim. */
  disputeWithinDays: whole('days', { max: 365 }),
});
export type PayoutRules = z.infer<typeof PayoutRules>;

const Weight = whole('points', { max: 100 });

/** The health score (PRODUCT §6). */
export const HealthRules = block({
  /** Sum to 100. */
  weights: block({
    relationship: Weight,
    technicalReadiness: Weight,
    accountOverlap: Weight,
    enablement: Weight,
    marketing: Weight,
    marketPosition: Weight,
    operations: Weight,
  }),
  /** From this score on; below `stable` a partner is `developing`. */
  bands: block({ strong: Weight, stable: Weight }),
});
export type HealthRules = z.infer<typeof HealthRules>;

/** At least one, each with a name that may change under an id that may not. */
export const NamedThings = some(block({ id: Id, name: Text }));
