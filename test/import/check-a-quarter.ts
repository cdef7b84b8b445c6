import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { type Api, ask, askAll } from '#local/import/api-client.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { HealthRules } from '#shared/program/health-rules.ts';
import { type Recomputed, recomputeScore } from '#test/health/recompute-score.ts';
import { costs, factsSaid, lastDayOf } from '#test/import/a-reviewed-year.ts';
import type { ExpectedPartner } from '#test/import/recompute-facts.ts';
import { asChecked, belongs } from '#test/kpis/a-checked-world.ts';
import { recomputed } from '#test/kpis/recomputed.ts';
import {
  recomputeScorecard,
  recomputeWarnings,
  type WrittenRule,
  type WrittenWarnings,
} from '#test/scorecards/recompute-scorecard.ts';

/** As the program file writes it. */
interface Written extends HealthRules {
  readonly scorecard: never;
  readonly warnings: never;
}
const health: Written = parse(readFileSync('examples/crm-program.yaml', 'utf8')).health;
const scorecardRules: readonly WrittenRule[] = health.scorecard;
const warningRules: WrittenWarnings = health.warnings;

/** All that could be scored while the clock ran; the last one has only begun when it stops. */
export const quarters = ['2024-Q2', '2024-Q3', '2024-Q4', '2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4'] as const;

/** One quarter as it must have come out: everybody's facts by then, and their scores. */
export interface ExpectedQuarter {
  readonly quarter: string;
  readonly partners: readonly PartnerFacts[];
  readonly scores: ReadonlyMap<string, Recomputed>;
}

/** In the order of time; each score becomes a fact of its quarter. */
export const expectedQuarters = (partners: readonly ExpectedPartner[]): readonly ExpectedQuarter[] => {
  const scored: Fact[] = [];
  return quarters.map((quarter) => {
    const known = partners.map((partner): PartnerFacts => {
      const facts = [...partner.facts, ...factsSaid(partner)].filter((fact) => fact.quarter <= quarter);
      return { partnerId: partner.agent, quarter, profile: partner.profile, facts };
    });
    const scores = new Map(known.map((of) => [of.partnerId, recomputeScore(of, health)]));
    for (const [partnerId, { points }] of scores)
      scored.push({ partnerId, kind: 'health.score', quarter, id: quarter, value: points, at: 0 });
    const withScores = known.map((of) => ({
      ...of,
      facts: [...of.facts, ...scored.filter(({ partnerId }) => partnerId === of.partnerId)],
    }));
    return { quarter, partners: withScores, scores };
  });
};

export interface Reading {
  readonly api: Api;
  readonly token: string;
  readonly ids: ReadonlyMap<string, string>;
}

const width = 8;
const read = <T>({ api, token }: Reading, path: string, shape: z.ZodType<T>): Promise<T> =>
  ask(api, { method: 'GET', path, token }, shape);

const Summary = z.object({ partnerId: z.string(), score: z.number(), band: z.string(), coverage: z.number() });
const Signal = z.object({
  id: z.string(),
  value: z.number().optional(),
  ratings: z.array(z.number()).optional(),
  contribution: z.number(),
});
const Health = z.object({
  ...Summary.shape,
  revision: z.literal(1),
  digest: z.string(),
  categories: z.array(z.object({ category: z.string(), score: z.number().optional(), signals: z.array(Signal) })),
  history: z.array(z.object({ quarter: z.string(), score: z.number(), band: z.string(), coverage: z.number() })),
});
type Health = z.infer<typeof Health>;

const summaryOf = ({ points, band, coverage }: Recomputed) => ({ score: points / 10, band, coverage: coverage / 10 });

/** `3/4` as a number, ratings as they are. */
const shown = (value: string): number | readonly number[] => {
  const [top = 0, bottom] = value.split('/').map(Number);
  return bottom === undefined ? value.split(', ').map(Number) : top / bottom;
};

const explained = ({ score, band, coverage, categories, history }: Health) => {
  const signals = categories.flatMap((each) => each.signals);
  const known = signals.filter(({ value }) => value !== undefined);
  const contributions = signals.reduce((sum, { contribution }) => sum + Math.round(contribution * 10), 0);
  return {
    score,
    band,
    coverage,
    categories: Object.fromEntries(
      categories.flatMap((each) => (each.score === undefined ? [] : [[each.category, each.score]])),
    ),
    values: Object.fromEntries(known.map(({ id, ratings, value }) => [id, ratings ?? value])),
    contributions: contributions / 10,
    history,
  };
};

const mustBeExplained = (one: ExpectedQuarter, all: readonly ExpectedQuarter[], agent: string) => {
  const score = one.scores.get(agent);
  if (!score) throw new Error(`Nobody scored ${agent}.`);
  const past = all.filter(({ quarter }) => quarter <= one.quarter);
  return {
    ...summaryOf(score),
    categories: Object.fromEntries(
      Object.entries(score.categories).map(([category, points]) => [category, points / 10]),
    ),
    values: Object.fromEntries(Object.entries(score.values).map(([id, value]) => [id, shown(value)])),
    contributions: score.points / 10,
    history: past.map(({ quarter, scores }) => {
      const then = scores.get(agent);
      return { quarter, ...(then && summaryOf(then)) };
    }),
  };
};

const Value = z.union([z.number(), z.object({ amountMinor: z.number() }).transform(({ amountMinor }) => amountMinor)]);
const Scorecard = z.object({
  health: z.object({ score: z.number(), band: z.string(), coverage: z.number() }),
  figures: z.array(
    z.object({
      metric: z.string(),
      actual: Value.optional(),
      target: Value.optional(),
      rag: z.string(),
      trend: z.string().optional(),
      history: z.array(Value.nullable()),
    }),
  ),
  tierCriteria: z.array(z.object({ actual: Value, outcome: z.string() })),
  warnings: z.array(z.object({ kind: z.string(), text: z.string(), until: z.string() })),
});

/** `Deals sourced: less than …` as dealsSourced. */
const aboutOf = (text: string): string | undefined =>
  /^No deal for (\d+) /.exec(text)?.[1] ??
  text
    .split(':')[0]
    ?.replace(/ ([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());

const checkScorecard = async (reading: Reading, one: ExpectedQuarter, of: PartnerFacts): Promise<void> => {
  const { quarter, scores } = one;
  const id = reading.ids.get(of.partnerId);
  const {
    health: shownHealth,
    figures,
    tierCriteria,
    warnings,
  } = await read(reading, `/v1/partners/${id}/scorecards/${quarter}`, Scorecard);
  const score = scores.get(of.partnerId);
  expect(shownHealth).toEqual(score && summaryOf(score));
  expect({ of: of.partnerId, figures }).toEqual({ of: of.partnerId, figures: recomputeScorecard(of, scorecardRules) });
  const sold = recomputeScorecard(of, scorecardRules).find(({ metric }) => metric === 'revenueClosed')?.history ?? [];
  const inAYear = sold.reduce<number>((sum, minor) => sum + (minor ?? 0), 0);
  expect(tierCriteria).toEqual([{ actual: inAYear, outcome: 'met' }]);
  const rules = { scorecard: scorecardRules, warnings: warningRules, lastDay: lastDayOf(quarter), timeZone: 'UTC' };
  expect(warnings.map(({ kind, text }) => `${kind} ${aboutOf(text)}`)).toEqual(recomputeWarnings(of, rules));
};

/** Scores, by list and one by one with their explanations, and scorecards. */
export const checkScores = async (
  reading: Reading,
  one: ExpectedQuarter,
  all: readonly ExpectedQuarter[],
): Promise<void> => {
  const { quarter, partners, scores } = one;
  const { api, token, ids } = reading;
  const list = await askAll(api, { method: 'GET', path: `/v1/health?quarter=${quarter}`, token }, Summary);
  const points = list.map(({ score }) => score);
  expect(points).toEqual(points.toSorted((a, b) => a - b));
  expect(new Map(list.map(({ partnerId, ...summary }) => [partnerId, summary]))).toEqual(
    new Map([...scores].map(([agent, score]) => [ids.get(agent), summaryOf(score)])),
  );
  await inLanes(partners, { width, laneOf: ({ partnerId }) => partnerId }, async (of) => {
    const found = await read(reading, `/v1/partners/${ids.get(of.partnerId)}/health/${quarter}`, Health);
    expect({ of: of.partnerId, ...explained(found) }).toEqual({
      of: of.partnerId,
      ...mustBeExplained(one, all, of.partnerId),
    });
    await checkScorecard(reading, one, of);
  });
};

const Kpis = z.object({
  data: z.array(
    z.object({
      group: z.string(),
      period: z.string(),
      figures: z.array(z.object({ kpi: z.string(), value: z.number().optional(), amount: Value.optional() })),
    }),
  ),
});

/** Every figure of groups in periods; answers how many were held against each other. */
export const checkKpis = async (
  reading: Reading,
  one: ExpectedQuarter,
  asked: { readonly groupBy: string; readonly by: string },
): Promise<number> => {
  const { quarter, partners } = one;
  const own: PartnerFacts = {
    partnerId: 'company',
    quarter,
    profile: { status: '', tier: '', region: '', types: [] },
    facts: [],
  };
  const world = asChecked({ partners, own }, costs, 'UTC');
  const agents = new Map([...reading.ids].map(([agent, id]) => [id, agent]));
  const path = `/v1/kpis?quarter=${quarter}&groupBy=${asked.groupBy}&by=${asked.by}&limit=100`;
  const { data } = await read(reading, path, Kpis);
  let compared = 0;
  for (const { group, period, figures } of data) {
    const told = figures.flatMap(({ kpi, value, amount }) =>
      (amount ?? value) === undefined ? [] : [[kpi, amount ?? value] as const],
    );
    const isOne = ({ partnerId }: PartnerFacts) => partnerId === agents.get(group);
    const keep =
      group === 'all' ? {} : { keep: asked.groupBy === 'partner' ? isOne : belongs(`${asked.groupBy}:${group}`) };
    const expected = recomputed(world, { ...keep, period, quarter });
    expect({ group, period, ...Object.fromEntries(told) }).toEqual({ group, period, ...expected });
    compared += told.length;
  }
  return compared;
};
