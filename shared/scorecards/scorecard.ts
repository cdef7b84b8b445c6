import * as z from 'zod';
import { Quarter } from '#shared/core/quarters.ts';
import { metricIds } from './metric-ids.ts';

/** `none`: there is no target, or nothing to hold against it. */
export const rags = ['green', 'amber', 'red', 'none'] as const;
export type Rag = (typeof rags)[number];

export const trends = ['up', 'level', 'down'] as const;
export type Trend = (typeof trends)[number];

/** Quarters that are shown beside each other, the one that is looked at being the last. */
export const quartersShown = 4;

/** One figure, in the unit of its metric. What cannot be told from any fact is absent, and null among others. */
export const ScorecardFigure = z.strictObject({
  metric: z.enum(metricIds),
  actual: z.int().optional(),
  target: z.int().optional(),
  previous: z.int().optional(),
  trend: z.enum(trends).optional(),
  rag: z.enum(rags),
  /** Of the last quarters, oldest first. */
  history: z.array(z.int().nullable()),
});
export type ScorecardFigure = z.infer<typeof ScorecardFigure>;

/** A partner's quarter in figures against targets, as it was told from the facts. */
export const Scorecard = z.strictObject({
  partnerId: z.string(),
  quarter: Quarter,
  figures: z.array(ScorecardFigure),
});
export type Scorecard = z.infer<typeof Scorecard>;
