import * as z from 'zod';
import { metricIds } from './metric-ids.ts';

/** `none`: there is no target, or nothing to hold against it. */
export const rags = ['green', 'amber', 'red', 'none'] as const;
export type Rag = (typeof rags)[number];

export const trends = ['up', 'level', 'down'] as const;
export type Trend = (typeof trends)[number];

/** Quarters that are shown beside each other, the one that is looked at being the last. */
export const quartersShown = 4;

/** One figure, in the unit of its metric, as short as it can be kept. */
export const ScorecardFigure = z.strictObject({
  metric: z.enum(metricIds),
  target: z.int().optional(),
  rag: z.enum(rags),
  /** Of the last quarters, oldest first, the last one being the quarter itself; null: it cannot be told from any fact. */
  history: z.array(z.int().nullable()),
});
export type ScorecardFigure = z.infer<typeof ScorecardFigure>;

/** A partner's quarter in figures against targets, as it was told from the facts. */
export const Scorecard = z.strictObject({ figures: z.array(ScorecardFigure) });
export type Scorecard = z.infer<typeof Scorecard>;

interface Movement {
  readonly actual: number | undefined;
  readonly previous: number | undefined;
  readonly trend: Trend | undefined;
}

/** Told of what is shown, so that nobody sees an arrow between two equal figures. */
export const movementOf = ({ history }: Pick<ScorecardFigure, 'history'>): Movement => {
  const [previous, actual] = [history.at(-2) ?? undefined, history.at(-1) ?? undefined];
  if (actual === undefined || previous === undefined) return { actual, previous, trend: undefined };
  return { actual, previous, trend: actual === previous ? 'level' : actual > previous ? 'up' : 'down' };
};
