import fc from 'fast-check';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, factKinds, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { defaultSignals } from '#shared/health/default-signals.ts';
import { categories, type HealthRules, type Signal, waysToMeasure } from '#shared/program/health-rules.ts';

const quarters = ['2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4'] as const;

/** The one that random quarters are about; some facts are older, some newer. */
export const scored = '2026-Q3';

/** Kinds that signals may name. */
const kinds = (Object.keys(factKinds) as FactKindId[]).filter(
  (id) => !kindOf(id).company && kindOf(id).source !== 'health',
);

const valueFor = (id: FactKindId): fc.Arbitrary<number> => {
  const { unit, range } = kindOf(id);
  if (range) return fc.integer({ min: range[0], max: range[1] });
  if (unit === 'yes') return fc.integer({ min: 0, max: 1 });
  return unit === 'money' ? fc.integer({ min: -5_000_000, max: 50_000_000 }) : fc.integer({ min: -4, max: 40 });
};

const aFact: fc.Arbitrary<Omit<Fact, 'id'> & { readonly name: number }> = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    partnerId: fc.constant('ptr_1'),
    kind: fc.constant(kind),
    quarter: fc.constantFrom(...quarters),
    // Few, so that what holds is told several times of the same thing.
    name: fc.integer({ min: 0, max: 2 }),
    value: valueFor(kind),
    // Few, so that some happen in the same second.
    at: fc.integer({ min: 1_700_000_000, max: 1_700_000_009 }),
  }),
);

const ratingsOf = (signals: readonly Signal[]): fc.Arbitrary<Fact[]> =>
  fc
    .tuple(
      ...signals
        .filter(({ assessed }) => assessed)
        .map(({ id }) =>
          fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }).map((ratings) =>
            ratings.map(
              (value, rater): Fact => ({
                partnerId: 'ptr_1',
                kind: 'health.assessed',
                quarter: scored,
                id: `${id}.${rater + 1}`,
                value,
                at: 1_700_000_000,
              }),
            ),
          ),
        ),
    )
    .map((lists) => lists.flat());

/** What holds is there once in a quarter for each name; what happened has a name of its own. */
const named = (told: readonly (Omit<Fact, 'id'> & { readonly name: number })[]): readonly Fact[] => [
  ...new Map(
    told.map(({ name, ...fact }, index): [string, Fact] => {
      const id = kindOf(fact.kind).standing ? `n${name}` : `f${index}`;
      return [`${fact.kind} ${fact.quarter} ${id}`, { ...fact, id }];
    }),
  ).values(),
];

/** A partner's quarter, from nothing known to very much. */
export const aQuarter = (signals: readonly Signal[] = defaultSignals): fc.Arbitrary<PartnerFacts> =>
  fc
    .record({
      facts: fc.array(aFact, { maxLength: 120 }),
      ratings: ratingsOf(signals),
      type: fc.constantFrom('reseller', 'alliance'),
    })
    .map(({ facts, ratings, type }) => ({
      partnerId: 'ptr_1',
      quarter: scored,
      profile: { status: 'active', tier: 'gold', region: 'emea', types: [type] },
      facts: [...named(facts), ...ratings],
    }));

const someWeights: fc.Arbitrary<HealthRules['weights']> = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 6, maxLength: 6 })
  .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 100])
  .map((cuts) => {
    const part = (index: number): number => (cuts[index + 1] ?? 0) - (cuts[index] ?? 0);
    return {
      relationship: part(0),
      technicalReadiness: part(1),
      accountOverlap: part(2),
      enablement: part(3),
      marketing: part(4),
      marketPosition: part(5),
      operations: part(6),
    };
  });

const aMark = fc.integer({ min: -400_000, max: 400_000 }).map((parts) => parts / 10_000);

/** Of the kind of any of its facts; whoever reads the program file sees to it that units fit, the arithmetic does not ask. */
const aSignal = fc.record({
  category: fc.constantFrom(...categories),
  weight: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  facts: fc.uniqueArray(fc.constantFrom<string>(...kinds), { minLength: 1, maxLength: 4 }),
  of: fc.uniqueArray(fc.constantFrom<string>(...kinds), { minLength: 1, maxLength: 4 }),
  how: fc.constantFrom(...waysToMeasure),
  quarters: fc.integer({ min: 1, max: 9 }),
  marks: fc.tuple(aMark, aMark).filter(([floor, target]) => floor !== target),
  assessed: fc.boolean(),
});

const signalFrom = (
  {
    marks: [floor, target],
    assessed,
    facts,
    of,
    how,
    quarters: window,
    category,
    weight,
  }: typeof aSignal extends fc.Arbitrary<infer T> ? T : never,
  index: number,
): Signal => {
  const named = { id: `s${index}`, name: `Signal ${index}`, category, ...(weight ? { weight } : {}) };
  if (assessed) return { ...named, assessed };
  return { ...named, facts, how, ...(how === 'ratio' ? { of } : {}), quarters: window, floor, target };
};

/** Any program's health rules, with a track for alliances. */
export const someRules: fc.Arbitrary<HealthRules & { readonly signals: Signal[] }> = fc
  .record({
    weights: someWeights,
    others: someWeights,
    edges: fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 51, max: 100 })),
    signals: fc.array(aSignal, { minLength: 1, maxLength: 20 }),
  })
  .map(({ weights, others, edges: [stable, strong], signals }) => ({
    weights,
    bands: { strong, stable },
    // Every category has one, as programs must.
    signals: [
      ...signals.map(signalFrom),
      ...categories.map((category) => ({ id: category.toLowerCase(), name: category, category, assessed: true })),
    ],
    tracks: [{ id: 'alliances', name: 'Alliances', partnerTypes: ['alliance'], weights: others, without: ['s0'] }],
  }));
