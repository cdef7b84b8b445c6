import { describe, expect, test } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import type { Profile } from '#shared/facts/partner-facts.ts';
import { scorecardOf } from '#shared/scorecards/scorecard-of.ts';
import { taskOf } from '#shared/scorecards/warning-words.ts';
import { warningsOf } from '#shared/scorecards/warnings-of.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aQuarter, some } from './a-quarter.ts';
import { recomputeWarnings } from './recompute-scorecard.ts';

const { scorecard: _s, warnings: _w, ...health } = aProgram().health;
/** With the published defaults. */
const program = { ...aProgram(), health };

/** `kind about` of each warning. */
const warned = (known: readonly (readonly Fact[])[], profile: Partial<Profile> = {}): readonly string[] => {
  const of = aQuarter(known, profile);
  return warningsOf(of, program, scorecardOf(of, program)).map(({ kind, about }) => `${kind} ${about}`);
};

/** Enough that no figure is far below its target. */
const busy = [
  some('deal.approved', [1, 1, 1], { on: '2026-09-30' }),
  some('enablement.session', [1, 1]),
  some('training.completed', [1, 1]),
  some('certification.passed', [1]),
];
const withoutDeals = busy.slice(1);
const activated = (on: string, back: number) => some('partner.activated', [3], { on, back });

describe('when deals fail to come', () => {
  // The quarter ends on 30 September 2026.
  const rows: readonly [string, readonly (readonly Fact[])[], Partial<Profile>, readonly string[]][] = [
    ['a deal in the quarter warns of nothing', busy, {}, []],
    [
      'three months to the day warn',
      [...withoutDeals, some('deal.approved', [1], { back: 1, on: '2026-06-30' })],
      {},
      ['no_deal 3', 'far_below_target dealsSourced'],
    ],
    [
      'a day less does not',
      [...withoutDeals, some('deal.registered.new', [1], { on: '2026-07-01' })],
      {},
      ['far_below_target dealsSourced'],
    ],
    [
      'after six months only that is told',
      [...withoutDeals, some('deal.approved', [1], { back: 2, on: '2026-03-30' })],
      {},
      ['no_deal 6', 'far_below_target dealsSourced'],
    ],
    [
      'a partner of two months is given time',
      [...withoutDeals, activated('2026-08-01', 0)],
      {},
      ['far_below_target dealsSourced'],
    ],
    [
      'a partner of four months that never brought one is not',
      [...withoutDeals, activated('2026-05-20', 1)],
      {},
      ['no_deal 3', 'far_below_target dealsSourced'],
    ],
    [
      'nothing known for nine quarters is long enough',
      withoutDeals,
      {},
      ['no_deal 6', 'far_below_target dealsSourced'],
    ],
    ['an alliance sells nothing', withoutDeals, { types: ['alliance'] }, ['far_below_target dealsSourced']],
  ];
  test.each(rows)('then %s', (_words, known, profile, expected) => {
    expect(warned(known, profile)).toEqual(expected);
  });
});

describe('when days do not begin with those of UTC', () => {
  // A day's fact stands at the day's first moment in the program's time zone.
  const rows = [
    ['Europe/Berlin', '2026-06-30T22:00:00.000Z', []],
    ['Europe/Berlin', '2026-06-30T21:59:59.000Z', ['2026-06-30']],
    ['Asia/Kolkata', '2026-06-30T18:30:00.000Z', []],
    ['Asia/Kolkata', '2026-06-30T18:29:59.000Z', ['2026-06-30']],
    ['America/New_York', '2026-07-01T04:00:00.000Z', []],
    ['America/New_York', '2026-07-01T03:59:59.000Z', ['2026-06-30']],
    ['UTC', '2026-06-30T23:59:59.000Z', ['2026-06-30']],
  ] as const;
  test.each(rows)('then in %s a deal at %s warns of %o', (timeZone, at, expected) => {
    const of = aQuarter([...withoutDeals, some('deal.won.sourced.new', [1], { on: at })]);
    const told = warningsOf(of, { ...program, timeZone }, scorecardOf(of, program));
    expect(told.filter(({ kind }) => kind === 'no_deal').map(({ lastDealOn }) => lastDealOn)).toEqual(expected);
    const written = { scorecard: [], warnings: { noDealMonths: [3, 6], farBelowTargetPercent: 50 } };
    const recomputed = recomputeWarnings(of, { ...written, lastDay: '2026-09-30', timeZone });
    expect(recomputed).toEqual(expected.map(() => 'no_deal 3'));
  });
});

describe('when a figure is far below its target', () => {
  const won = (cents: number) => [...busy, some('partner.target', [1000]), some('deal.won.sourced.new', [cents])];
  test('then exactly half of it is not', () => {
    expect(warned(won(500))).toEqual([]);
  });
  test('then a cent less is', () => {
    expect(warned(won(499))).toEqual(['far_below_target revenueClosed']);
  });
});

describe('when market development funds stand open', () => {
  const budgets = [some('mdf.budget', [500]), some('mdf.budget', [500], { back: 1 })];
  test('then two quarters without a request warn', () => {
    expect(warned([...busy, ...budgets])).toEqual(['unused_funds 2']);
  });
  test('then one request in either of them is enough', () => {
    expect(warned([...busy, ...budgets, some('mdf.requested', [5], { back: 1 })])).toEqual([]);
  });
  test('then one quarter is too early', () => {
    expect(warned([...busy, some('mdf.budget', [500])])).toEqual([]);
  });
});

test('when somebody is warned, then it says what, what to do, and until when', () => {
  const of = aQuarter([...withoutDeals, some('deal.approved', [1], { back: 1, on: '2026-06-01' })]);
  const [warning] = warningsOf(of, program, scorecardOf(of, program));
  expect(warning && taskOf(warning, of.quarter, program)).toEqual({
    kind: 'no_deal',
    text: 'No deal for 3 months or more. The last one was on 2026-06-01.',
    action: 'Call the partner: go through its customers together and agree on one deal to register.',
    until: '2026-11-29',
  });
});
