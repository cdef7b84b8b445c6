import { company } from '#shared/facts/fact.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import { addPeriods, type ByPeriod } from './measures.ts';
import { addMeasuresOf, type Looked } from './measures-of.ts';

/**
 * What all figures of a quarter are made from, by group (`company`, `tier:gold`, `type:reseller`, `region:amer`) and period.
 *
 * Plain JSON that adds up. A partner's facts lie together, so it is looked at once, by one worker: counting partners that are active,
 * transacting or lost is adding ones, for each period anew, because a partner of two months is one partner of their quarter. Its size
 * depends on the program's tiers, types and regions, and not on how many partners there are.
 */
export type KpiSums = Record<string, ByPeriod>;

export const noSums = (): KpiSums => ({});

/** Which groups a partner is in; of its types the first is the main one, so that the tiers, the types and the regions each add up to all. */
export const groupsOf = ({ partnerId, profile }: PartnerFacts): readonly string[] =>
  partnerId === company
    ? [company]
    : [`tier:${profile.tier}`, `type:${profile.types[0] ?? ''}`, `region:${profile.region}`];

/** Adds a partner, or the company's own facts, to the sums of its groups. Each partner must be added once. */
export const addToSums = (sums: KpiSums, of: Looked, program: Program): void => {
  for (const group of groupsOf(of)) {
    sums[group] ??= {};
    addMeasuresOf(sums[group], of, program);
  }
};

/** The sums of two disjoint sets of partners together. In whatever order parts are merged, the result is the same. */
export const mergeSums = (a: KpiSums, b: KpiSums): KpiSums => {
  const merged = noSums();
  for (const sums of [a, b])
    for (const [group, periods] of Object.entries(sums)) {
      merged[group] ??= {};
      addPeriods(merged[group], periods);
    }
  return merged;
};

/** Those of all partners: each is in one tier. */
export const sumsOfAll = (sums: KpiSums): ByPeriod => {
  const all: ByPeriod = {};
  for (const [group, periods] of Object.entries(sums)) if (group.startsWith('tier:')) addPeriods(all, periods);
  return all;
};
