import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '#shared/core/canonical.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import { explainScore } from '#shared/health/explain-score.ts';
import { leversFor } from '#shared/health/levers.ts';
import { factsBehind } from '#shared/health/measure-signals.ts';
import { scoreQuarter } from '#shared/health/score-quarter.ts';
import { type ScoringRules, scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { whatIf } from '#shared/health/what-if.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import { aProgram } from '#test/support/a-program.ts';
import { refusalOf } from '#test/support/refusal-of.ts';
import { aQuarter, scored, someRules } from './random-quarters.ts';
import { aPartner, aSignal, facts, rulesOf } from './some-rules.ts';

const rules = scoringRulesOf(aProgram().health);

type Told = readonly [FactKindId, number, Partial<Fact>?];

const judged = (by: ScoringRules, ...told: readonly Told[]) => ({
  score: scoreQuarter(aPartner(facts(...told)), by),
  rules: by,
  currency: 'USD',
  quarter: scored,
});

/** Enablement 60 of trainings (3 parts) and sessions (1), marketing 40 of events; each has all points at 10. */
const twoCategories = rulesOf({ enablement: 60, marketing: 40 }, [
  aSignal({ weight: 3, quarters: 2 }),
  aSignal({ id: 'sessions', name: 'Sessions', facts: ['enablement.session'] }),
  aSignal({ id: 'events', name: 'Events', category: 'marketing', facts: ['marketing.event'] }),
]);

describe('when a score is explained', () => {
  const explained = explainScore(
    judged(
      twoCategories,
      ['training.completed', 5],
      ['training.completed', 2, { quarter: '2026-Q2' }],
      ['marketing.event', 10],
    ),
    judged(twoCategories, ['training.completed', 4], ['enablement.session', 10]),
  );
  const [enablement, marketing] = explained.categories;

  it('then it goes from the categories to the signals to the facts', () => {
    expect(explained).toMatchObject({ points: 820, band: 'strong', coverage: 850, confidence: 'high' });
    expect(enablement).toMatchObject({
      name: 'Sales and success enablement',
      weight: 60,
      points: 700,
      given: 420,
      most: 600,
    });
    expect(enablement?.signals[0]).toEqual({
      id: 'trainings',
      name: 'Trainings',
      unit: 'count',
      floor: 0,
      target: 10,
      value: 7,
      told: '7; no points at 0, all at 10',
      points: 700,
      given: 420,
      most: 600,
      change: 120,
      because: 'value',
      facts: { kinds: ['training.completed'], count: 2, from: '2026-Q2', to: '2026-Q3' },
    });
  });

  it('then what is not known is said, and gives nothing', () => {
    expect(enablement?.signals[1]).toMatchObject({
      id: 'sessions',
      told: 'not known; no points at 0, all at 10',
      given: 0,
      most: 0,
    });
    expect(enablement?.signals[1]).not.toHaveProperty('value');
  });

  it('then it says what was won and lost since the last quarter, and why', () => {
    // Last quarter: trainings 0.4 of 75 points, sessions all of 25, and events were not known.
    expect(explained).toMatchObject({ change: 270, won: 520, lost: 250 });
    expect(enablement?.signals[1]).toMatchObject({ change: -250, because: 'no-longer-known' });
    expect(marketing).toMatchObject({ change: 400, signals: [{ change: 400, because: 'newly-known' }] });
  });
});

describe('when the facts of the partner are there too', () => {
  it('then every line is told, in the order in which it happened', () => {
    const told = facts(
      ['training.completed', 5, { at: 1_700_000_009 }],
      ['training.completed', 2, { quarter: '2026-Q2' }],
      ['training.completed', 1, { quarter: '2026-Q1' }],
      ['marketing.event', 10],
    );
    const of = aPartner(told);
    const score = scoreQuarter(of, twoCategories);
    const explained = explainScore({ score, rules: twoCategories, currency: 'USD', quarter: scored, facts: of });
    expect(explained.categories[0]?.signals[0]?.facts).toMatchObject({ count: 2, lines: [told[1], told[0]] });
  });

  it('then the lines of a signal alone make its value', () => {
    const anybodys = fc.oneof(
      aQuarter().map((of) => [of, rules] as const),
      someRules.chain((some) => aQuarter(some.signals).map((of) => [of, scoringRulesOf(some)] as const)),
    );
    fc.assert(
      fc.property(anybodys, ([of, by]) => {
        const score = scoreQuarter(of, by);
        for (const signal of by.signals) {
          const alone = scoreQuarter({ ...of, facts: factsBehind(of, signal) }, by);
          expect(alone.measured[signal.id]?.slice(0, 2)).toEqual(score.measured[signal.id]?.slice(0, 2));
          expect(alone.judged[signal.id]).toEqual(score.judged[signal.id]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('when the score of another version is what it is compared with', () => {
  it('then a signal that is no longer judged is lost, by the rules of then', () => {
    const before = judged(
      twoCategories,
      ['training.completed', 10],
      ['enablement.session', 10],
      ['marketing.event', 10],
    );
    const now = judged(rulesOf({ enablement: 100 }, [aSignal()]), ['training.completed', 10]);
    expect(explainScore(now, before)).toMatchObject({
      points: 1000,
      change: 0,
      won: 550,
      lost: 550,
      dropped: [
        { id: 'events', name: 'Events', change: -400 },
        { id: 'sessions', name: 'Sessions', change: -150 },
      ],
      categories: [{ signals: [{ given: 1000, change: 550, because: 'weights' }] }],
    });
  });
});

describe('when two people assess', () => {
  const by = {
    ...rulesOf({ enablement: 100 }, [
      { id: 'trust', name: 'Trust', category: 'enablement', assessed: true, question: 'Do we trust them?' },
    ]),
    secondRater: true,
  };

  it.each([
    {
      label: 'more than two apart is a disagreement',
      ratings: [5, 2],
      says: { disagreement: true, told: '3.5; no points at 1, all at 5' },
    },
    { label: 'two apart is none', ratings: [5, 3], says: { told: '4; no points at 1, all at 5' } },
    { label: 'the second is missed', ratings: [4], says: { secondRatingMissing: true } },
  ])('then $label', ({ ratings, says }) => {
    const told = ratings.map((rating, rater): Told => ['health.assessed', rating, { id: `trust.${rater + 1}` }]);
    const [signal] = explainScore(judged(by, ...told)).categories[0]?.signals ?? [];
    expect(signal).toMatchObject({ ...says, ratings, question: 'Do we trust them?' });
    expect(signal?.disagreement).toBe('disagreement' in says ? true : undefined);
  });
});

describe('when so much is known', () => {
  it.each([
    { label: '80 % is high', weights: { enablement: 80, marketing: 20 }, confidence: 'high' },
    { label: '79 % is medium', weights: { enablement: 79, marketing: 21 }, confidence: 'medium' },
    { label: '50 % is medium', weights: { enablement: 50, marketing: 50 }, confidence: 'medium' },
    { label: '49 % is low', weights: { enablement: 49, marketing: 51 }, confidence: 'low' },
  ])('then $label', ({ weights, confidence }) => {
    const by = rulesOf(weights, [
      aSignal(),
      aSignal({ id: 'events', category: 'marketing', facts: ['marketing.event'] }),
    ]);
    expect(explainScore(judged(by, ['training.completed', 1])).confidence).toBe(confidence);
  });
});

describe('when a value is told', () => {
  it.each([
    {
      label: 'money',
      signal: { facts: ['deal.lost'], target: { amountMinor: 1_000_000, currency: 'USD' } },
      fact: ['deal.lost', 123_456],
      told: 'USD 1,234.56; no points at USD 0.00, all at USD 10,000.00',
    },
    {
      label: 'an hour',
      signal: { facts: ['deal.answered'], how: 'mean', floor: 72, target: 24 },
      fact: ['deal.answered', 1],
      told: '1 hour; no points at 72 hours, all at 24 hours',
    },
    {
      label: 'days',
      signal: { facts: ['deal.cycle'], how: 'mean', floor: 90, target: 30 },
      fact: ['deal.cycle', 40],
      told: '40 days; no points at 90 days, all at 30 days',
    },
    {
      label: 'uptime',
      signal: { facts: ['integration.uptime'], how: 'mean', floor: 90, target: 99.9 },
      fact: ['integration.uptime', 9876],
      told: '98.8 %; no points at 90 %, all at 99.9 %',
    },
    {
      label: 'yes and no',
      signal: { facts: ['security.reviewed'], how: 'last', target: 1 },
      fact: ['security.reviewed', 1],
      told: 'yes; no points at no, all at yes',
    },
  ] as { label: string; signal: Partial<Signal>; fact: Told; told: string }[])(
    'then $label: $told',
    ({ signal, fact, told }) => {
      const by = rulesOf({ enablement: 100 }, [aSignal(signal)]);
      expect(explainScore(judged(by, fact)).categories[0]?.signals[0]?.told).toBe(told);
    },
  );
});

describe('when somebody asks what would lift the partner into the next band', () => {
  it('then single changes that suffice come first the cheapest, each only as far as it must go', () => {
    const levers = leversFor(
      judged(twoCategories, ['training.completed', 5], ['enablement.session', 0], ['marketing.event', 8]),
    );
    // 45 × 0.5 + 40 × 0.8 = 54.5 of 100; 60 is the edge.
    expect(levers).toMatchObject({ band: 'stable', missing: 55, together: false, reached: true });
    expect(levers?.changes.map(({ told }) => told)).toEqual([
      'Events: from 8 to 10 (+8 points)',
      'Trainings: from 5 to 7 (+9 points)',
      'Sessions: from 0 to 4 (+6 points)',
    ]);
  });

  it('then less is better where it is, and what is not known may become known', () => {
    const by = rulesOf({ enablement: 50, relationship: 50 }, [
      aSignal({ target: 4 }),
      aSignal({
        id: 'answers',
        name: 'Hours to answer',
        category: 'relationship',
        facts: ['deal.answered'],
        how: 'mean',
        floor: 100,
        target: 20,
      }),
      aSignal({ id: 'review', name: 'Review', facts: ['security.reviewed'], how: 'last', target: 1 }),
    ]);
    const levers = leversFor(judged(by, ['training.completed', 2], ['deal.answered', 60]));
    expect(levers?.changes.map(({ told }) => told)).toEqual([
      'Hours to answer: from 60 hours to 44 hours (+10 points)',
      'Trainings: from 2 to 3 (+12.5 points)',
      'Review: yes, which is not known yet (+12.5 points)',
    ]);
  });

  it('then nobody is asked for more than the target, though it is no whole number', () => {
    const by = { ...rulesOf({ enablement: 100 }, [aSignal({ target: 2.5 })]), bands: { strong: 100, stable: 90 } };
    expect(leversFor(judged(by, ['training.completed', 2]))?.changes).toMatchObject([{ from: 2, to: 2.5 }]);
  });

  it('then several go together where none suffices, the last only as far as it must', () => {
    const levers = leversFor(
      judged(twoCategories, ['training.completed', 0], ['enablement.session', 0], ['marketing.event', 0]),
    );
    expect(levers).toMatchObject({ band: 'stable', together: true, reached: true });
    expect(levers?.changes.map(({ told }) => told)).toEqual([
      'Trainings: from 0 to 10 (+45 points)',
      'Events: from 0 to 4 (+16 points)',
    ]);
  });

  it('then it is said when three do not lead there', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      aSignal({ id, name: id, facts: ['deal.influenced'], how: 'count' }),
    );
    const by = { ...rulesOf({ enablement: 100 }, five), bands: { strong: 90, stable: 80 } };
    expect(leversFor(judged(by))).toMatchObject({
      together: true,
      reached: false,
      changes: [{ points: 200 }, { points: 200 }, { points: 200 }],
    });
  });

  it('then there is nothing above the highest band', () => {
    expect(leversFor(judged(twoCategories, ['training.completed', 10]))).toBeUndefined();
  });
});

describe('when somebody asks what if', () => {
  const now = judged(twoCategories, ['training.completed', 5], ['marketing.event', 8]);

  it('then other values give another score, and none the same', () => {
    expect(whatIf(now.score, rules, {}).points).not.toBe(0);
    expect(JSON.stringify(whatIf(now.score, twoCategories, {}))).toBe(JSON.stringify(now.score));
    expect(whatIf(now.score, twoCategories, { trainings: 7.5, sessions: 10 })).toMatchObject({
      points: 808,
      coverage: 1000,
    });
  });

  it('then the bytes are canonical, whatever was known before', () => {
    const known = whatIf(judged(twoCategories, ['training.completed', 5]).score, twoCategories, { events: 1 });
    expect(Object.keys(known.measured)).toEqual(['events', 'trainings']);
    expect(JSON.stringify(known)).toBe(canonical(known));
  });

  it.each([
    { label: 'a signal that is not judged', values: { sales: 1 } },
    { label: 'a value without end', values: { trainings: Number.POSITIVE_INFINITY } },
  ])('then $label is refused', ({ values }) => {
    expect(refusalOf(() => whatIf(now.score, twoCategories, values))).toMatchObject({
      code: 'request.invalid',
    });
  });

  it('then a rating that is none is refused', () => {
    expect(() => whatIf(scoreQuarter(aPartner([]), rules), rules, { consistency: 4.5 })).toThrow('rated from 1 to 5');
  });
});

/** A partner by the default signals, or by any. */
const anybody = fc
  .oneof(
    aQuarter().map((of) => [of, rules] as const),
    someRules.chain((some) => aQuarter(some.signals).map((of) => [of, scoringRulesOf(some)] as const)),
  )
  .map(([of, by]) => ({ score: scoreQuarter(of, by), rules: by, currency: 'USD', quarter: scored }));

const runs = { numRuns: 200 };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('when anything at all is known of a partner', () => {
  it('then the lines of its explanation add up to the score, and the changes to the difference', () => {
    fc.assert(
      fc.property(anybody, anybody, (now, before) => {
        const { points, coverage, categories, change, dropped = [] } = explainScore(now, before);
        const signals = categories.flatMap((category) => category.signals);
        expect(sum(categories.map(({ given }) => given))).toBe(coverage === 0 ? 0 : points);
        expect(sum(signals.map(({ given }) => given))).toBe(coverage === 0 ? 0 : points);
        expect(change).toBe(points - before.score.points);
        expect(sum([...signals, ...dropped].map((line) => line.change ?? 0))).toBe(change);
        // Rounding gives nobody more than a tenth, or than there is.
        for (const { given, most } of signals) expect(given >= 0 && given <= most + 1).toBe(true);
      }),
      runs,
    );
  });

  it('then a better value of one signal never makes the score worse', () => {
    const better = fc.tuple(
      anybody,
      fc.nat(),
      fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })),
    );
    fc.assert(
      fc.property(better, ([{ score, rules: by }, pick, values]) => {
        const signals = by.signals.filter(({ id }) => score.measured[id] ?? score.judged[id]);
        const signal = signals[pick % Math.max(signals.length, 1)];
        if (!signal) return;
        const rated = values.map((value) => 1 + (Math.abs(value) % 5));
        const [low = 0, high = 0] = (signal.assessed ? rated : values).toSorted((a, b) => a - b);
        const isLessBetter = !signal.assessed && Number(signal.target) < Number(signal.floor ?? 0);
        const [worse, good] = isLessBetter ? [high, low] : [low, high];
        const of = (value: number) => whatIf(score, by, { [signal.id]: value }).points;
        expect(of(good)).toBeGreaterThanOrEqual(of(worse));
      }),
      { numRuns: 600 },
    );
  });

  it('then every lever that is said to lead into the next band does', () => {
    fc.assert(
      fc.property(anybody, (now) => {
        const levers = leversFor(now);
        expect(levers === undefined).toBe(now.score.band === 'strong');
        if (!levers) return;
        const turned = (changes: typeof levers.changes) =>
          whatIf(now.score, now.rules, Object.fromEntries(changes.map(({ signal, to }) => [signal, to])));
        const reached = ({ band }: { readonly band: string }) => band === levers.band || band === 'strong';
        expect(levers.changes.length).toBeLessThanOrEqual(3);
        if (levers.together) expect(reached(turned(levers.changes))).toBe(levers.reached);
        else for (const lever of levers.changes) expect(reached(turned([lever]))).toBe(true);
      }),
      runs,
    );
  });
});
