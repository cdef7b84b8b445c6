import * as z from 'zod';
import { Amount, block, Id, must, oneOf, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';
import { ScorecardRules, WarningRules } from '#shared/program/scorecard-rules.ts';

const Weight = whole('points', { max: 100 });

/** What a partner is judged by (PRODUCT §6), by the names of people. */
export const categoryNames = {
  relationship: 'Relationship',
  technicalReadiness: 'Technical readiness',
  accountOverlap: 'Account overlap',
  enablement: 'Sales and success enablement',
  marketing: 'Content and marketing',
  marketPosition: 'Market position',
  operations: 'Operational basics',
} as const;
export type Category = keyof typeof categoryNames;

/** In the order of the program file. */
export const categories = [
  'relationship',
  'technicalReadiness',
  'accountOverlap',
  'enablement',
  'marketing',
  'marketPosition',
  'operations',
] as const satisfies readonly Category[];

/** Sum to 100. */
const Weights = block({
  relationship: Weight,
  technicalReadiness: Weight,
  accountOverlap: Weight,
  enablement: Weight,
  marketing: Weight,
  marketPosition: Weight,
  operations: Weight,
});

/** How facts become one value. Of what is counted, what goes off a sum again (an amount or a number below 0) counts off. Of what is counted or summed nothing is 0 where Tandem itself would know; otherwise it is not known. */
export const waysToMeasure = ['sum', 'count', 'mean', 'last', 'ratio'] as const;

const mark = 'a number with at most four decimals, for example 4 or 2.5, or where the facts are money an amount';
const isPlain = (value: number): boolean => /^-?\d+(\.\d{1,4})?$/.test(String(value));

/** Where a signal has no points, or all: in the unit of its facts, percent where it is a ratio or a part, an amount where it is money. */
export const Mark = z.union(
  [
    z
      .number()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .refine(isPlain, { error: `must be ${mark}` }),
    Amount,
  ],
  { error: must(mark) },
);

/** One thing that is looked at: measured by facts, or assessed by people from 1 to 5. */
export const Signal = block({
  id: Id,
  name: Text,
  category: oneOf(categories),
  /** Its part of the category beside the others; 1 if it is not said. */
  weight: whole('parts', { min: 1, max: 100 }).optional(),
  /** By people; `question` is what they answer. */
  assessed: YesNo.optional(),
  question: Text.optional(),
  /** Kinds of facts, as they are listed in the reference. */
  facts: some(Text).optional(),
  how: oneOf(waysToMeasure).optional(),
  /** Of a ratio: what the facts are a part of. */
  of: some(Text).optional(),
  /** Looked at together, the last being the one that is scored; 1 if it is not said. What holds now has no quarter. */
  quarters: whole('quarters', { min: 1, max: 9 }).optional(),
  /** No points there or beyond; 0 if it is not said. */
  floor: Mark.optional(),
  /** All points there or beyond; less than the floor where less is better. */
  target: Mark.optional(),
});
export type Signal = z.infer<typeof Signal>;

/** Other weights for some types of partners. */
const Track = block({
  id: Id,
  name: Text,
  /** It is for partners whose main type is one of these. */
  partnerTypes: some(Id),
  weights: Weights,
  /** Signals that say nothing about such partners. */
  without: some(Id).optional(),
});
export type Track = z.infer<typeof Track>;

/** The health score (PRODUCT §6). */
export const HealthRules = block({
  weights: Weights,
  /** From this score on; below `stable` a partner is `developing`. */
  bands: block({ strong: Weight, stable: Weight }),
  /** Two people assess independently of each other. */
  secondRater: YesNo.optional(),
  /** Those of shared/health/default-signals.ts if they are not said. */
  signals: some(Signal).optional(),
  tracks: some(Track).optional(),
  /** Targets and colours of the scorecard; those of shared/scorecards/default-scorecard.ts if they are not said. */
  scorecard: ScorecardRules.optional(),
  warnings: WarningRules.optional(),
});
export type HealthRules = z.infer<typeof HealthRules>;
