import type * as z from 'zod';
import { block, Country, CriterionId, listOf, oneOf, some, Text, whole } from '#shared/program/program-fields.ts';

/** How a company becomes a partner (PRODUCT §1). */
export const OnboardingRules = block({
  /** The ideal partner profile: each criterion is scored 1 to 5; weights are percent and sum to 100. */
  evaluation: some(
    block({ id: CriterionId, name: Text, weight: whole('percent', { max: 100 }), question: Text.optional() }),
  ),
  requiredAnswers: listOf(CriterionId),
  /** No applications from there. */
  blockedCountries: listOf(Country),
  agreement: block({
    version: Text,
    title: Text,
    text: Text,
    /** An agreement that is not accepted lapses after so many days. */
    lapseDays: whole('days', { min: 1 }),
  }),
  returnedLapseDays: whole('days', { min: 1 }),
  /** The template of the first plan: what is to be done, by whom, how long after activation. */
  successPlan: listOf(
    block({ title: Text, owner: oneOf(['partner', 'partner_manager']), dueAfterDays: whole('days') }),
  ),
});
export type OnboardingRules = z.infer<typeof OnboardingRules>;
