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

/** At least one, each with a name that may change under an id that may not. */
export const NamedThings = some(block({ id: Id, name: Text }));
