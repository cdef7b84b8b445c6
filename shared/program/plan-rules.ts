import type * as z from 'zod';
import { Mark } from '#shared/program/health-rules.ts';
import { block, Id, oneOf, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';

/** How facts become what was reached of an objective. */
export const waysToCount = ['sum', 'count', 'last'] as const;

/** What a partner and we want to reach together: measured by facts, or, where it names none, told by either side. */
export const Objective = block({
  id: Id,
  title: Text,
  weight: whole('percent', { min: 1, max: 100 }),
  /** Kinds of facts, as they are listed in the reference. */
  facts: some(Text).optional(),
  how: oneOf(waysToCount).optional(),
  /** What is told by hand is counted in, such as "meetings". */
  unit: Text.optional(),
  /** In the unit of the facts, an amount where they are money. Absent: agreed with each partner. */
  target: Mark.optional(),
  /** Who sees to it, on either side. */
  owners: block({ partner: Text, partnerManager: Text }),
  /** Counted from the first day of the plan; absent: the end of the quarter. */
  dueAfterDays: whole('days', { min: 1, max: 365 }).optional(),
  /** Once the partner accepts the plan it is its own target of the quarter, which bonuses and the scorecard look at. */
  salesTarget: YesNo.optional(),
});
export type Objective = z.infer<typeof Objective>;

/** What mutual success plans are made from; its weights sum to 100. */
export const PlanTemplate = block({
  id: Id,
  name: Text,
  /** Every new partner's first plan is made from it. */
  onActivation: YesNo.optional(),
  objectives: some(Objective),
});
export type PlanTemplate = z.infer<typeof PlanTemplate>;
