import * as z from 'zod';
import { Quarter } from '#shared/core/quarters.ts';
import { categories } from '#shared/program/health-rules.ts';
import type { CategoryExplanation, Explanation, SignalExplanation } from './explain-score.ts';
import { HealthBand } from './health.ts';
import type { Levers } from './levers.ts';

/** With one decimal. */
const Points = z.number();
const tenth = (tenths: number): number => tenths / 10;
/** Nothing where nothing is known. */
const maybe = <const Name extends string>(name: Name, tenths: number | undefined) =>
  (tenths === undefined ? {} : { [name]: tenth(tenths) }) as { readonly [N in Name]?: number };

const FactsView = z.strictObject({
  kinds: z.array(z.string()),
  of: z.array(z.string()).optional(),
  count: z.int().nonnegative(),
  from: Quarter.optional(),
  to: Quarter.optional(),
});

const SignalView = z.strictObject({
  id: z.string(),
  name: z.string(),
  question: z.string().optional(),
  unit: z.string(),
  floor: z.number(),
  target: z.number(),
  /** Absent where nothing is known. */
  value: z.number().optional(),
  told: z.string(),
  /** From 0 to 100. */
  score: Points.optional(),
  /** Of the partner’s score, and how much it could be. */
  contribution: Points,
  most: Points,
  change: Points.optional(),
  because: z.string().optional(),
  facts: FactsView.optional(),
  ratings: z.array(z.number()).optional(),
  disagreement: z.literal(true).optional(),
  secondRatingMissing: z.literal(true).optional(),
});

const CategoryView = z.strictObject({
  category: z.enum(categories),
  name: z.string(),
  weight: z.number(),
  score: Points.optional(),
  contribution: Points,
  most: Points,
  change: Points.optional(),
  signals: z.array(SignalView),
});

const LeverView = z.strictObject({
  signal: z.string(),
  name: z.string(),
  from: z.number().optional(),
  to: z.number(),
  points: Points,
  told: z.string(),
});

const LeversView = z.strictObject({
  band: HealthBand,
  missing: Points,
  /** False: any one of them suffices. True: they are meant one after the other. */
  together: z.boolean(),
  reached: z.boolean(),
  changes: z.array(LeverView),
});

/** How a score came about. */
export const ExplanationView = z
  .object({
    confidence: z.enum(['high', 'medium', 'low']),
    track: z.string().optional(),
    change: Points.optional(),
    won: Points.optional(),
    lost: Points.optional(),
    dropped: z.array(z.strictObject({ id: z.string(), name: z.string(), change: Points })).optional(),
    categories: z.array(CategoryView),
    /** The cheapest ways into the next band; none in the highest. */
    levers: LeversView.optional(),
  })
  .meta({ id: 'HealthExplanation' });
export type ExplanationView = z.infer<typeof ExplanationView>;

const viewSignal = (signal: SignalExplanation): z.infer<typeof SignalView> => {
  const { points, given, most, change, facts, ratings, ...told } = signal;
  return {
    ...told,
    ...maybe('score', points),
    contribution: tenth(given),
    most: tenth(most),
    ...maybe('change', change),
    ...(facts ? { facts: { ...facts, kinds: [...facts.kinds], ...(facts.of ? { of: [...facts.of] } : {}) } } : {}),
    ...(ratings ? { ratings: [...ratings] } : {}),
  } as z.infer<typeof SignalView>;
};

const viewCategory = (explained: CategoryExplanation): z.infer<typeof CategoryView> => {
  const { points, given, most, change, signals, ...told } = explained;
  return {
    ...told,
    ...maybe('score', points),
    contribution: tenth(given),
    most: tenth(most),
    ...maybe('change', change),
    signals: signals.map(viewSignal),
  };
};

const viewLevers = ({ missing, changes, ...levers }: Levers): z.infer<typeof LeversView> => ({
  ...levers,
  missing: tenth(missing),
  changes: changes.map(({ points, ...lever }) => ({ ...lever, points: tenth(points) })),
});

export const viewExplanation = (explanation: Explanation, levers: Levers | undefined): ExplanationView => {
  const { confidence, track, change, won, lost, dropped } = explanation;
  return {
    confidence,
    ...(track === undefined ? {} : { track }),
    ...maybe('change', change),
    ...maybe('won', won),
    ...maybe('lost', lost),
    ...(dropped ? { dropped: dropped.map((each) => ({ ...each, change: tenth(each.change) })) } : {}),
    categories: explanation.categories.map(viewCategory),
    ...(levers ? { levers: viewLevers(levers) } : {}),
  };
};
