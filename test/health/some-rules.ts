import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { type ScoringRules, scoringRulesOf } from '#shared/health/scoring-rules.ts';
import type { HealthRules, Signal } from '#shared/program/health-rules.ts';
import { scored } from './random-quarters.ts';

const nothing: HealthRules['weights'] = {
  relationship: 0,
  technicalReadiness: 0,
  accountOverlap: 0,
  enablement: 0,
  marketing: 0,
  marketPosition: 0,
  operations: 0,
};

/** Rules with these weights and signals; bands are the default ones. */
export const rulesOf = (weights: Partial<HealthRules['weights']>, signals: readonly Signal[]): ScoringRules =>
  scoringRulesOf({
    weights: { ...nothing, ...weights },
    bands: { strong: 75, stable: 60 },
    signals: [...signals],
  });

export const aSignal = (more: Partial<Signal> = {}): Signal => ({
  id: 'trainings',
  name: 'Trainings',
  category: 'enablement',
  facts: ['training.completed'],
  how: 'sum',
  target: 10,
  ...more,
});

/** Facts of the quarter `scored`; each an entry of kind and value, or a whole fact. */
export const facts = (...told: readonly (readonly [FactKindId, number, Partial<Fact>?])[]): readonly Fact[] =>
  told.map(([kind, value, more], index) => ({
    partnerId: 'ptr_1',
    kind,
    quarter: scored,
    id: `f${index}`,
    value,
    at: 1_700_000_000 + index,
    ...more,
  }));

export const aPartner = (itsFacts: readonly Fact[], types: readonly string[] = ['reseller']): PartnerFacts => ({
  partnerId: 'ptr_1',
  quarter: scored,
  profile: { status: 'active', tier: 'gold', region: 'emea', types },
  facts: itsFacts,
});
