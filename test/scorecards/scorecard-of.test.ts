import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import type { Profile } from '#shared/facts/partner-facts.ts';
import type { ScorecardRule } from '#shared/program/scorecard-rules.ts';
import { type MetricId, metricIds } from '#shared/scorecards/metric-ids.ts';
import { movementOf } from '#shared/scorecards/scorecard.ts';
import { scorecardOf } from '#shared/scorecards/scorecard-of.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aQuarter, some } from './a-quarter.ts';

const { health } = aProgram();

const figureOf = (
  metric: MetricId,
  known: readonly (readonly Fact[])[],
  { scorecard, profile }: { scorecard?: readonly ScorecardRule[]; profile?: Partial<Profile> } = {},
) => {
  const rules = scorecard ? { ...health, scorecard: [...scorecard] } : health;
  const card = scorecardOf(aQuarter(known, profile), { health: rules });
  const found = card.figures.find((figure) => figure.metric === metric);
  return found && { ...found, ...movementOf(found) };
};

const rule = (metric: MetricId, target: ScorecardRule['target'], more: Partial<ScorecardRule> = {}): ScorecardRule => ({
  metric,
  target,
  amberFromPercent: 70,
  greenFromPercent: 100,
  ...more,
});

describe('when a figure is told from facts', () => {
  const rows: readonly [words: string, MetricId, readonly (readonly Fact[])[], number | undefined][] = [
    ['two approved registrations are two deals sourced', 'dealsSourced', [some('deal.approved', [500, 700])], 2],
    ['their values are the pipeline', 'pipelineSourced', [some('deal.approved', [500, 700])], 1200],
    ['parts in open deals are influenced pipeline', 'pipelineInfluenced', [some('deal.influenced', [300, 1])], 301],
    [
      'shares of wins of every type are revenue',
      'revenueClosed',
      [
        some('deal.won.sourced.new', [100]),
        some('deal.won.sourced.expansion', [20]),
        some('deal.won.sourced.renewal', [3]),
        some('deal.won.influenced.new', [5000]),
      ],
      123,
    ],
    ['what it helped to win is told apart', 'revenueInfluenced', [some('deal.won.influenced.renewal', [5000])], 5000],
    [
      'one win and two losses are 33.33 %',
      'winRate',
      [some('deal.won.sourced.new', [100]), some('deal.lost', [1, 1])],
      3333,
    ],
    [
      'expired and withdrawn deals are no losses',
      'winRate',
      [some('deal.won.sourced.new', [100]), some('deal.ended', [1])],
      10_000,
    ],
    ['no decided deal has no win rate', 'winRate', [some('deal.approved', [100])], undefined],
    ['an average of 2.5 cents is 2 (half to even)', 'averageDealSize', [some('deal.won.sourced.new', [2, 3])], 2],
    ['an average of 3.5 cents is 4 (half to even)', 'averageDealSize', [some('deal.won.sourced.new', [3, 4])], 4],
    ['no win has no average', 'averageDealSize', [], undefined],
    [
      'sessions, events and assets are engagements',
      'activeEngagements',
      [some('enablement.session', [1]), some('marketing.event', [1]), some('asset.case-study', [1, 1])],
      4,
    ],
    ['one promoter, one passive, two detractors are -25', 'partnerNps', [some('nps.answer', [9, 8, 6, 0])], -25],
    ['nobody asked is no satisfaction', 'satisfaction', [], undefined],
    ['grades 4, 5 and 4 are 4.33', 'satisfaction', [some('csat.answer', [4, 5, 4])], 433],
    ['what happened in a later quarter is left out', 'dealsSourced', [some('deal.approved', [1], { back: -1 })], 0],
    ['what others would have told of and nobody did is not known', 'trainings', [], undefined],
  ];
  test.each(rows)('then %s', (_words, metric, known, actual) => {
    expect(figureOf(metric, known)?.actual).toBe(actual);
  });
});

describe('when a figure has a colour', () => {
  const won = (cents: number) => [some('deal.won.sourced.new', [cents])];
  const amount = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
  const target = [rule('revenueClosed', amount(1_000_000))];
  const rate = [rule('winRate', 33.34, { amberFromPercent: 99.9699 })];
  const rows: readonly [string, MetricId, readonly (readonly Fact[])[], readonly ScorecardRule[], string][] = [
    ['exactly the target is green', 'revenueClosed', won(1_000_000), target, 'green'],
    ['one cent less is amber', 'revenueClosed', won(999_999), target, 'amber'],
    ['exactly 70 % is amber', 'revenueClosed', won(700_000), target, 'amber'],
    ['one cent below 70 % is red', 'revenueClosed', won(699_999), target, 'red'],
    ['nothing at all against a target is red', 'revenueClosed', [], target, 'red'],
    ['a target of nothing is reached by nothing', 'dealsSourced', [], [rule('dealsSourced', 0)], 'green'],
    ['no answer has no colour', 'partnerNps', [], [rule('partnerNps', 30)], 'none'],
    ['no rule gives no colour', 'revenueClosed', won(5), [], 'none'],
    ['an NPS below zero is red', 'partnerNps', [some('nps.answer', [1])], [rule('partnerNps', 30)], 'red'],
    [
      'its own target counts',
      'revenueClosed',
      [...won(80), some('partner.target', [100])],
      [rule('revenueClosed', 'partner')],
      'amber',
    ],
    ['without an own target there is no colour', 'revenueClosed', won(80), [rule('revenueClosed', 'partner')], 'none'],
    [
      'a third, shown as 33.33 %, is held against the edge unrounded',
      'winRate',
      [some('deal.won.sourced.new', [1]), some('deal.lost', [1, 1])],
      rate,
      'amber',
    ],
  ];
  test.each(rows)('then %s', (_words, metric, known, scorecard, rag) => {
    expect(figureOf(metric, known, { scorecard })?.rag).toBe(rag);
  });

  test('then the newest of its own targets is the one', () => {
    const early = some('partner.target', [100], { on: '2026-07-01' });
    const late = some('partner.target', [50], { on: '2026-08-01' });
    expect(figureOf('revenueClosed', [late, early])?.target).toBe(50);
  });

  test('then the first rule that names the partner is its rule', () => {
    const scorecard = [rule('trainings', 5, { partnerTypes: ['reseller'] }), rule('trainings', 1)];
    expect(figureOf('trainings', [], { scorecard })?.target).toBe(5);
    expect(figureOf('trainings', [], { scorecard, profile: { types: ['alliance', 'reseller'] } })?.target).toBe(1);
  });
});

describe('when quarters follow each other', () => {
  const earlier = (...values: readonly number[]) =>
    values.map((value, index) => some('deal.won.sourced.new', [value], { back: values.length - 1 - index }));

  test('then four of them stand beside each other, oldest first', () => {
    expect(figureOf('revenueClosed', earlier(5, 1, 2, 3, 4))).toMatchObject({
      actual: 4,
      previous: 3,
      trend: 'up',
      history: [1, 2, 3, 4],
    });
  });
  test('then an equal figure is level and a smaller one goes down', () => {
    expect(figureOf('revenueClosed', earlier(3, 3))?.trend).toBe('level');
    expect(figureOf('revenueClosed', earlier(3, 2))?.trend).toBe('down');
  });
  test('then nothing is compared with what cannot be told', () => {
    const figure = figureOf('winRate', [some('deal.lost', [1])]);
    expect(figure).toMatchObject({ actual: 0, history: [null, null, null, 0] });
    expect(figure?.trend).toBeUndefined();
    expect(figure?.previous).toBeUndefined();
  });
});

describe('when facts come in another order', () => {
  test('then the scorecard is the same, byte for byte, and has every figure', () => {
    const known = aQuarter([
      some('deal.approved', [10, 20, 30]),
      some('deal.won.sourced.new', [7, 7], { back: 1 }),
      some('nps.answer', [1, 9, 10]),
      some('partner.target', [5, 6]),
    ]);
    const first = JSON.stringify(scorecardOf(known, { health }));
    expect(scorecardOf(known, { health }).figures.map(({ metric }) => metric)).toEqual(metricIds);
    fc.assert(
      fc.property(fc.shuffledSubarray([...known.facts], { minLength: known.facts.length }), (facts) => {
        expect(JSON.stringify(scorecardOf({ ...known, facts }, { health }))).toBe(first);
      }),
      { numRuns: 50 },
    );
  });
});
