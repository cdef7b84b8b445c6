import type { Quarter } from '#shared/core/quarters.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Track } from '#shared/program/health-rules.ts';
import { type Gathering, gather, gatheringOf } from './measure-signals.ts';
import type { Measured, Score } from './score.ts';
import { type ScoringRules, signalsOf, trackFor } from './scoring-rules.ts';
import { settleScore } from './settle-score.ts';

const byRules = new WeakMap<ScoringRules, Map<string, Gathering>>();

/** Made once for each track and quarter, since the same rules score a hundred thousand partners. */
const gatheringFor = (rules: ScoringRules, track: Track | undefined, quarter: Quarter): Gathering => {
  const known = byRules.get(rules) ?? new Map<string, Gathering>();
  byRules.set(rules, known);
  const key = `${quarter} ${track?.id ?? ''}`;
  const gathering = known.get(key) ?? gatheringOf(signalsOf(rules, track), quarter);
  known.set(key, gathering);
  return gathering;
};

/**
 * The health score of a partner's quarter: the same facts, in whatever order, and the same rules give the same bytes. Throws a
 * RangeError when facts add up to more than can be kept exactly.
 */
export const scoreQuarter = (of: PartnerFacts, rules: ScoringRules): Score => {
  const track = trackFor(rules, of.profile.types);
  const gathering = gatheringFor(rules, track, of.quarter);
  const { values, ratings } = gather(of, gathering);
  const [measured, judged]: [Record<string, Measured>, Record<string, readonly number[]>] = [{}, {}];
  for (const [index, { id, assessed }] of gathering.signals.entries()) {
    const [value, rated] = [values[index], ratings.get(id)];
    if (assessed && rated) judged[id] = rated;
    if (!assessed && value) measured[id] = value;
  }
  return settleScore({ judged, measured }, rules, track);
};
