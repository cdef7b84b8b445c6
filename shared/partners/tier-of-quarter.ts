import { type FactsByQuarter, factsByQuarter, tally } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import type { Tier, TierCriteria } from '#shared/program/tiers.ts';
import type { Exact } from '#shared/scorecards/exact.ts';
import { csatOf, npsOf, wonInfluenced, wonSourced } from '#shared/scorecards/metrics.ts';

export type TierCriterion = keyof TierCriteria;

/** One criterion of one tier: minor units, counts, points, or hundredths of a grade; health in tenths of a point. */
export interface CriterionResult {
  readonly tier: string;
  readonly criterion: TierCriterion;
  /** Rounded down to the unit; absent where nothing tells it. */
  readonly actual?: number;
  readonly needed: number;
  readonly outcome: 'met' | 'missed' | 'unknown';
}

/**
 * What the figures of four quarters say of every tier, whichever the partner is in: what follows from it changes nothing in it, so that
 * looking again finds the same.
 */
export interface TierJudgement {
  readonly quarter: string;
  readonly criteria: readonly CriterionResult[];
}

/** What a judgement means for a partner in a tier: `to` is where it leads, at once, in time, or the same. */
export interface TierVerdict {
  readonly outcome: 'promotes' | 'keeps' | 'falls_short';
  readonly to: string;
}

const trailing = [0, 1, 2, 3];

const standing = (facts: FactsByQuarter, kind: 'competency' | 'certified.people'): Exact => {
  const told = facts.standing(kind);
  return told.length === 0 ? undefined : { of: told.reduce((sum, { value }) => sum + value, 0), by: 1 };
};

interface Reading {
  readonly facts: FactsByQuarter;
  /** In tenths. */
  readonly health: number | undefined;
}

const actualOf: Readonly<Record<TierCriterion, (reading: Reading) => Exact>> = {
  annualRevenue: ({ facts }) => ({ of: tally(facts, wonSourced, trailing).sum, by: 1 }),
  influencedRevenue: ({ facts }) => ({ of: tally(facts, wonInfluenced, trailing).sum, by: 1 }),
  deals: ({ facts }) => ({ of: tally(facts, wonSourced, trailing).count, by: 1 }),
  competencies: ({ facts }) => standing(facts, 'competency'),
  certifiedPeople: ({ facts }) => standing(facts, 'certified.people'),
  nps: ({ facts }) => npsOf(facts, trailing),
  satisfaction: ({ facts }) => csatOf(facts, trailing),
  healthScore: ({ health }) => (health === undefined ? undefined : { of: health, by: 1 }),
};

const neededFor = (criterion: TierCriterion, value: TierCriteria[TierCriterion]): number => {
  if (typeof value === 'object') return value.amountMinor;
  if (criterion === 'satisfaction') return Math.round(Number(value) * 100);
  return criterion === 'healthScore' ? Number(value) * 10 : Number(value);
};

const resultOf = (tier: Tier, criterion: TierCriterion, reading: Reading): CriterionResult => {
  const needed = neededFor(criterion, tier.criteria[criterion]);
  const exact = actualOf[criterion](reading);
  if (exact === undefined) return { tier: tier.id, criterion, needed, outcome: 'unknown' };
  // By multiplication: what is divided is rounded, and an edge would be lost.
  const met = exact.of >= needed * exact.by;
  return { tier: tier.id, criterion, actual: Math.floor(exact.of / exact.by), needed, outcome: met ? 'met' : 'missed' };
};

const resultsOf = (tier: Tier, reading: Reading): readonly CriterionResult[] =>
  // A tier's criteria are parsed by their schema, which knows these names only.
  (Object.keys(tier.criteria) as TierCriterion[])
    .filter((criterion) => tier.criteria[criterion] !== undefined)
    .map((criterion) => resultOf(tier, criterion, reading));

/** Judges by the trailing four quarters. `health` is the quarter's own score in tenths, as the same run found it. */
export const judgeTier = (of: PartnerFacts, { tiers }: Pick<Program, 'tiers'>, health?: number): TierJudgement => {
  const reading = { facts: factsByQuarter(of), health };
  return { quarter: of.quarter, criteria: tiers.flatMap((tier) => resultsOf(tier, reading)) };
};

/**
 * `promotes`: all criteria of a higher tier are met. `falls_short`: one of its own is missed, and there is a tier below. What nothing is
 * known about promotes nobody, and is held against nobody. Whoever is in a tier that the program does not know any more stays there
 * until a person decides.
 */
export const verdictOf = (
  { criteria }: TierJudgement,
  tier: string,
  { tiers }: { readonly tiers: readonly Pick<Tier, 'id'>[] },
): TierVerdict => {
  const outcomes = (id: string) => criteria.filter((it) => it.tier === id).map(({ outcome }) => outcome);
  const place = tiers.findIndex(({ id }) => id === tier);
  if (place < 0) return { outcome: 'keeps', to: tier };
  const isReached = (id: string): boolean => outcomes(id).length > 0 && outcomes(id).every((it) => it === 'met');
  const higher = tiers.slice(place + 1).findLast(({ id }) => isReached(id));
  if (higher) return { outcome: 'promotes', to: higher.id };
  const below = tiers[place - 1];
  return below && outcomes(tier).includes('missed')
    ? { outcome: 'falls_short', to: below.id }
    : { outcome: 'keeps', to: tier };
};
