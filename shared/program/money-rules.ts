import type * as z from 'zod';
import { accountingClasses, proofKinds } from '#shared/program/named-kinds.ts';
import { Amount, block, Id, listOf, oneOf, Percent, some, Text, whole } from '#shared/program/program-fields.ts';

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
      /** How the general ledger takes what we pay for it: an expense of ours, unless it lowers what the partner's purchases brought. */
      accounting: oneOf(accountingClasses).optional(),
    }),
  ),
});
export type MdfRules = z.infer<typeof MdfRules>;

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
