import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '#shared/core/canonical.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Score } from '#shared/health/score.ts';
import { scoreQuarter } from '#shared/health/score-quarter.ts';
import { type ScoringRules, scoringRulesOf } from '#shared/health/scoring-rules.ts';
import type { HealthRules, Signal } from '#shared/program/health-rules.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aQuarter, scored, someRules } from './random-quarters.ts';
import { recomputeScore } from './recompute-score.ts';
import { aPartner, aSignal, facts, rulesOf } from './some-rules.ts';

const { health } = aProgram();
const rules = scoringRulesOf(health);

type Told = readonly [FactKindId, number, Partial<Fact>?];

const one = (signal: Partial<Signal>) => rulesOf({ enablement: 100 }, [aSignal(signal)]);
const scoreOf = (told: readonly Told[], by: ScoringRules): Score => scoreQuarter(aPartner(facts(...told)), by);

describe('when a signal is measured, then its value is that of the facts in its window', () => {
  it.each([
    {
      label: 'a sum of this quarter',
      signal: {},
      told: [
        ['training.completed', 2],
        ['training.completed', 3],
      ],
      value: [5, 1, 2],
      points: 500,
    },
    {
      label: 'what happened before the window is not looked at, nor what comes after',
      signal: { quarters: 2 },
      told: [
        ['training.completed', 1, { quarter: '2026-Q1' }],
        ['training.completed', 2, { quarter: '2026-Q2' }],
        ['training.completed', 4, { quarter: '2026-Q3' }],
        ['training.completed', 3, { quarter: '2026-Q4' }],
      ],
      value: [6, 1, 2],
      points: 600,
    },
    {
      label: 'deals count by their number, whatever they are worth',
      signal: { facts: ['deal.registered.new', 'deal.registered.renewal'], how: 'count', target: 4 },
      told: [
        ['deal.registered.new', 5_000_000],
        ['deal.registered.renewal', 1],
      ],
      value: [2, 1, 2],
      points: 500,
    },
    {
      label: 'a mean of hours, where less is better',
      signal: { facts: ['deal.answered'], how: 'mean', floor: 120, target: 24 },
      told: [
        ['deal.answered', 20],
        ['deal.answered', 100],
        ['deal.answered', 96],
      ],
      value: [216, 3, 3],
      points: 500,
    },
    {
      label: 'hours beyond the floor are no worse than the floor',
      signal: { facts: ['deal.answered'], how: 'mean', floor: 120, target: 24 },
      told: [['deal.answered', 1000]],
      value: [1000, 1, 1],
      points: 0,
    },
    {
      label: 'more than the target is no better than the target',
      signal: {},
      told: [['training.completed', 11]],
      value: [11, 1, 1],
      points: 1000,
    },
    {
      label: 'what was told last',
      signal: { facts: ['overlap.customers'], how: 'last', target: 20 },
      told: [
        ['overlap.customers', 5, { at: 1_700_000_002 }],
        ['overlap.customers', 19, { at: 1_700_000_001 }],
      ],
      value: [5, 1, 1],
      points: 250,
    },
    {
      label: 'what held by the end of the quarter, however far back it was told',
      signal: { facts: ['overlap.customers'], how: 'last', target: 20 },
      told: [
        ['overlap.customers', 4, { id: 'crm', quarter: '2023-Q1', at: 1_675_000_000 }],
        ['overlap.customers', 10, { id: 'crm', quarter: '2024-Q1', at: 1_706_000_000 }],
        ['overlap.customers', 20, { id: 'crm', quarter: '2026-Q4', at: 1_793_000_000 }],
      ],
      value: [10, 1, 1],
      points: 500,
    },
    {
      label: 'what holds counts once for each thing',
      signal: { facts: ['integration.installs'], target: 100 },
      told: [
        ['integration.installs', 40, { id: 'crm', quarter: '2026-Q1' }],
        ['integration.installs', 30, { id: 'crm', quarter: '2026-Q3' }],
        ['integration.installs', 20, { id: 'erp' }],
      ],
      value: [50, 1, 2],
      points: 500,
    },
    {
      label: 'a ratio in percent of amounts',
      signal: { facts: ['deal.won.sourced.new'], of: ['deal.approved'], how: 'ratio', target: 50 },
      told: [
        ['deal.won.sourced.new', 100_000],
        ['deal.approved', 300_000],
        ['deal.approved', 100_000],
      ],
      value: [100_000, 400_000, 3],
      points: 500,
    },
    {
      label: 'a ratio of what is in the whole too',
      signal: {
        facts: ['certification.passed'],
        of: ['certification.passed', 'certification.failed'],
        how: 'ratio',
        target: 100,
      },
      told: [
        ['certification.passed', 3],
        ['certification.failed', 1],
      ],
      value: [3, 4, 2],
      points: 750,
    },
    {
      label: 'a ratio of things of which one carries hours',
      signal: { facts: ['lead.accepted'], of: ['lead.sent'], how: 'ratio', target: 100 },
      told: [
        ['lead.accepted', 40],
        ['lead.sent', 4],
      ],
      value: [1, 4, 2],
      points: 250,
    },
    {
      label: 'uptime in percent, though its facts are in hundredths of one',
      signal: { facts: ['integration.uptime'], how: 'mean', floor: 90, target: 99.9 },
      told: [['integration.uptime', 9495]],
      value: [9495, 1, 1],
      points: 500,
    },
    {
      label: 'a security review that was withdrawn',
      signal: { facts: ['security.reviewed'], how: 'last', target: 1 },
      told: [['security.reviewed', 0]],
      value: [0, 1, 1],
      points: 0,
    },
  ] as { label: string; signal: Partial<Signal>; told: Told[]; value: number[]; points: number }[])(
    '$label: $value is $points tenths',
    ({ signal, told, value, points }) => {
      expect(scoreOf(told, one(signal))).toMatchObject({ measured: { trainings: value }, points, coverage: 1000 });
    },
  );
});

describe('when there are no facts', () => {
  it.each([
    { label: 'what Tandem records itself is zero', signal: { facts: ['deal.influenced'], how: 'count' }, known: true },
    { label: 'what others report is not known', signal: {}, known: false },
    { label: 'a mean of nothing is not known', signal: { facts: ['deal.lost'], how: 'mean' }, known: false },
    {
      label: 'one kind of several suffices',
      signal: { facts: ['marketing.event', 'mdf.claimed'], how: 'count' },
      known: true,
    },
    { label: 'a part of nothing is not known', signal: { of: ['lead.sent'], how: 'ratio' }, known: false },
    { label: 'what nobody assessed is not known', signal: { assessed: true, facts: undefined }, known: false },
  ] as { label: string; signal: Partial<Signal>; known: boolean }[])('then $label', ({ signal, known }) => {
    expect(scoreOf([], one(signal))).toMatchObject({ points: 0, band: 'developing', coverage: known ? 1000 : 0 });
  });
});

describe('when a score is near the edge of a band, then the exact points decide and not the shown ones', () => {
  const revenue = one({
    facts: ['deal.won.sourced.new'],
    how: 'sum',
    target: { amountMinor: 100_000_000, currency: 'USD' },
  });

  it.each([
    { label: '74.999999 is shown as 75.0', value: 74_999_999, points: 750, band: 'stable' },
    { label: '75 exactly', value: 75_000_000, points: 750, band: 'strong' },
    { label: '59.999999 is shown as 60.0', value: 59_999_999, points: 600, band: 'developing' },
    { label: '60 exactly', value: 60_000_000, points: 600, band: 'stable' },
    { label: '74.95 goes to the even tenth above', value: 74_950_000, points: 750, band: 'stable' },
    { label: '74.85 goes to the even tenth below', value: 74_850_000, points: 748, band: 'stable' },
    { label: 'nothing', value: 0, points: 0, band: 'developing' },
    { label: 'all', value: 100_000_000, points: 1000, band: 'strong' },
  ])('$label: $band', ({ value, points, band }) => {
    expect(scoreOf([['deal.won.sourced.new', value]], revenue)).toMatchObject({ points, band });
  });

  it('thirds and sevenths that make 75 together make it exactly', () => {
    const by = rulesOf({ enablement: 50, marketing: 50 }, [
      aSignal({ id: 'a', target: 3 }),
      aSignal({ id: 'b', facts: ['certification.passed'], target: 6 }),
      aSignal({ id: 'c', category: 'marketing', facts: ['asset.one-pager'], target: 7 }),
      aSignal({ id: 'd', category: 'marketing', facts: ['asset.case-study'], target: 14 }),
    ]);
    // (2/3 + 5/6) / 2 = 3/4 and (5/7 + 11/14) / 2 = 3/4.
    const told: Told[] = [
      ['training.completed', 2],
      ['certification.passed', 5],
      ['asset.one-pager', 5],
      ['asset.case-study', 11],
    ];
    expect(scoreOf(told, by)).toMatchObject({ points: 750, band: 'strong' });
  });
});

describe('when something is not known', () => {
  const by = rulesOf({ enablement: 60, marketing: 40 }, [
    aSignal({ id: 'trainings', weight: 3 }),
    aSignal({ id: 'sessions', facts: ['enablement.session'] }),
    aSignal({ id: 'events', category: 'marketing', facts: ['marketing.event'] }),
  ]);

  it.each([
    {
      label: 'all is known',
      told: [
        ['training.completed', 10],
        ['enablement.session', 0],
        ['marketing.event', 5],
      ],
      points: 650,
      coverage: 1000,
    },
    {
      label: 'its weight goes to the rest of its category',
      told: [
        ['training.completed', 10],
        ['marketing.event', 5],
      ],
      points: 800,
      coverage: 850,
    },
    {
      label: 'that of a category goes to the others',
      told: [
        ['training.completed', 10],
        ['enablement.session', 0],
      ],
      points: 750,
      coverage: 600,
    },
    {
      label: 'first within the category, then over the rest',
      told: [['enablement.session', 4]],
      points: 400,
      coverage: 150,
    },
    { label: 'nothing is known', told: [], points: 0, coverage: 0 },
  ] as { label: string; told: Told[]; points: number; coverage: number }[])(
    'then $label: $points tenths at a coverage of $coverage tenths of a percent',
    ({ told, points, coverage }) => {
      expect(scoreOf(told, by)).toMatchObject({ points, coverage });
    },
  );

  it('then a partner of whom only the contract is known has done nothing yet, and is developing', () => {
    const score = scoreOf([['partner.agreement', 1]], rules);
    // 8 of 55 points: relationship 20, enablement 15 and marketing 12 are known to be nothing.
    expect(score).toMatchObject({ points: 145, band: 'developing' });
    expect(Object.keys(score.measured)).toEqual(['campaigns', 'contract', 'reciprocity', 'recommendations']);
  });
});

describe('when people assess', () => {
  const by = one({ assessed: true, facts: undefined, how: undefined, target: undefined });
  const rated = (...ratings: readonly number[]): Told[] =>
    ratings.map((rating, rater) => ['health.assessed', rating, { id: `trainings.${rater + 1}` }]);

  it.each([
    { label: 'a 1 is nothing', told: rated(1), points: 0 },
    { label: 'a 3 is half', told: rated(3), points: 500 },
    { label: 'a 5 is all', told: rated(5), points: 1000 },
    { label: 'of two raters the mean', told: rated(4, 1), points: 375 },
  ])('then $label', ({ told, points }) => {
    expect(scoreOf(told, by)).toMatchObject({ points, judged: { trainings: told.map(([, rating]) => rating) } });
  });

  it('then only the quarter itself counts, and only what the program asks', () => {
    const told: Told[] = [
      ['health.assessed', 5, { id: 'trainings.1', quarter: '2026-Q2' }],
      ['health.assessed', 5, { id: 'other.1' }],
    ];
    expect(scoreOf(told, by)).toMatchObject({ coverage: 0, judged: {} });
  });
});

describe('when a track is for the partner’s main type', () => {
  const by: ScoringRules = {
    ...rulesOf({ enablement: 100 }, [
      aSignal(),
      aSignal({ id: 'sessions', facts: ['enablement.session'] }),
      aSignal({ id: 'events', category: 'marketing', facts: ['marketing.event'] }),
    ]),
    tracks: [
      {
        id: 'alliances',
        name: 'Alliances',
        partnerTypes: ['alliance'],
        weights: {
          ...rules.weights,
          relationship: 0,
          technicalReadiness: 0,
          accountOverlap: 0,
          enablement: 50,
          marketing: 50,
          marketPosition: 0,
          operations: 0,
        },
        without: ['sessions'],
      },
    ],
  };
  const its = facts(['training.completed', 10], ['enablement.session', 0], ['marketing.event', 2]);

  it.each([
    {
      label: 'then its weights hold, and what says nothing is left out',
      types: ['alliance', 'reseller'],
      points: 600,
      track: 'alliances',
    },
    { label: 'then a second type changes nothing', types: ['reseller', 'alliance'], points: 500, track: undefined },
    { label: 'then a partner without a type is judged as the program says', types: [], points: 500, track: undefined },
  ])('$label', ({ types, points, track }) => {
    const score = scoreQuarter(aPartner(its, types), by);
    expect(score.points).toBe(points);
    expect(score.track).toBe(track);
  });
});

describe('when facts add up to more than can be kept exactly', () => {
  it('then there is no score, in whatever order they come', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const told: Told[] = [
      ['training.completed', most],
      ['training.completed', 1],
      ['training.completed', -most],
    ];
    for (const order of [told, told.toReversed()]) expect(() => scoreOf(order, one({}))).toThrow(RangeError);
  });
});

/** Cheap ones may be many. */
const runs = { numRuns: 300 };

const told = ({ points, band, coverage, categories, judged, measured }: Score) => ({
  points,
  band,
  coverage,
  categories,
  known: [...Object.keys(judged), ...Object.keys(measured)].sort(),
});

describe('when anything at all is known of a partner', () => {
  const anything: fc.Arbitrary<readonly [PartnerFacts, HealthRules]> = fc.oneof(
    aQuarter().map((of) => [of, health] as const),
    someRules.chain((some) => aQuarter(some.signals).map((of) => [of, some] as const)),
  );

  it('then the score is what an independent recomputation from the program file says', () => {
    fc.assert(
      fc.property(anything, ([of, some]) => {
        const { values, ...expected } = recomputeScore(of, some);
        expect(told(scoreQuarter(of, scoringRulesOf(some)))).toEqual({
          ...expected,
          known: Object.keys(values).sort(),
        });
      }),
      { numRuns: 600 },
    );
  });

  it('then score, categories and coverage lie within 0 and 100', () => {
    fc.assert(
      fc.property(anything, ([of, some]) => {
        const { points, coverage, categories } = scoreQuarter(of, scoringRulesOf(some));
        for (const value of [points, coverage, ...Object.values(categories)])
          expect(Number.isInteger(value) && value >= 0 && value <= 1000).toBe(true);
      }),
      runs,
    );
  });

  it('then the order of the facts changes nothing, and the bytes are canonical', () => {
    const shuffled = anything.chain(([of, some]) =>
      fc.tuple(fc.constant(of), fc.shuffledSubarray([...of.facts], { minLength: of.facts.length }), fc.constant(some)),
    );
    fc.assert(
      fc.property(shuffled, ([of, mixed, some]) => {
        const score = scoreQuarter(of, scoringRulesOf(some));
        const again = scoreQuarter({ ...of, facts: mixed }, scoringRulesOf(some));
        expect(JSON.stringify(again)).toBe(JSON.stringify(score));
        expect(JSON.stringify(score)).toBe(canonical(score));
      }),
      runs,
    );
  });

  it('then what comes later, and what no signal names, changes nothing', () => {
    fc.assert(
      fc.property(aQuarter(), ({ facts: its, ...of }) => {
        const more = facts(
          ['training.completed', 7, { quarter: '2026-Q4' }],
          ['customer.renewed', 5],
          ['earning.accrued', -5],
        );
        expect(JSON.stringify(scoreQuarter({ ...of, facts: [...its, ...more] }, rules))).toBe(
          JSON.stringify(scoreQuarter({ ...of, facts: its }, rules)),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('when everything known is as good, or as bad, as can be', () => {
  /** Facts of one signal each, with all or none of its points. */
  const extreme = (signal: Signal, isBest: boolean): Fact[] => {
    const mark = Number(isBest ? signal.target : (signal.floor ?? 0));
    if (signal.assessed) return [...facts(['health.assessed', isBest ? 5 : 1, { id: `${signal.id}.1` }])];
    const [kind] = signal.facts as [FactKindId];
    const times = signal.how === 'count' ? mark : 1;
    return [...facts(...Array.from({ length: times }, () => [kind, mark] as const))];
  };

  it.each([
    { isBest: true, points: 1000 },
    { isBest: false, points: 0 },
  ])(
    'then the score is $points tenths whatever is not known, because weights are spread over what is',
    ({ isBest, points }) => {
      // What is known to be zero without facts cannot be left out.
      const signals = rules.signals.filter(({ how }) => how !== 'count');
      fc.assert(
        fc.property(fc.subarray(signals, { minLength: 1 }), (known) => {
          const its = known
            .flatMap((signal) => extreme(signal, isBest))
            .map((fact, index) => ({ ...fact, id: fact.kind === 'health.assessed' ? fact.id : `f${index}` }));
          const score = scoreQuarter(aPartner(its), { ...rules, signals });
          expect(score.points).toBe(points);
          const part = (list: readonly Signal[], { category }: Signal) =>
            list.filter((signal) => signal.category === category).length;
          const coverage = known.reduce(
            (sum, signal) => sum + rules.weights[signal.category] / part(signals, signal),
            0,
          );
          // Rounded to the tenth.
          expect(Math.abs(score.coverage - coverage * 10)).toBeLessThanOrEqual(0.5 + 1e-9);
        }),
        { numRuns: 200 },
      );
    },
  );
});

describe('when the same rules score several quarters', () => {
  it('then each by its own window', () => {
    const by = one({ quarters: 2 });
    const its = facts(
      ['training.completed', 4, { quarter: '2026-Q1' }],
      ['training.completed', 2, { quarter: scored }],
    );
    const of = (quarter: string) => scoreQuarter({ ...aPartner(its), quarter }, by).points;
    expect(['2026-Q1', '2026-Q2', scored, '2026-Q4', '2027-Q1'].map(of)).toEqual([400, 400, 200, 200, 0]);
  });
});
