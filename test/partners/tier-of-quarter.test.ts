import { describe, expect, test } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import type { Profile } from '#shared/facts/partner-facts.ts';
import { judgeTier, verdictOf } from '#shared/partners/tier-of-quarter.ts';
import type { TierCriteria } from '#shared/program/tiers.ts';
import { aQuarter, some } from '#test/scorecards/a-quarter.ts';
import { aProgram } from '#test/support/a-program.ts';

/** The example program: gold from 100,000.00 a year, platinum from 500,000.00; gold may ask for more. */
const tiersWith = (criteria: Partial<TierCriteria> = {}) => ({
  tiers: aProgram().tiers.map((tier) =>
    tier.id === 'gold' ? { ...tier, criteria: { ...tier.criteria, ...criteria } } : tier,
  ),
});

const sold = (amount: number, back = 0) => some('deal.won.sourced.new', [amount * 100], { back });

interface Row {
  readonly words: string;
  readonly known: readonly (readonly Fact[])[];
  readonly criteria?: Partial<TierCriteria>;
  readonly profile?: Partial<Profile>;
  readonly health?: number;
  readonly verdict: string;
}

const authorized = { tier: 'authorized' };
const enough = sold(100_000);

const rows: readonly Row[] = [
  { words: '100,000.00 in four quarters is gold', known: [enough], profile: authorized, verdict: 'promotes gold' },
  {
    words: 'a cent less is not',
    known: [some('deal.won.sourced.new', [9_999_999])],
    profile: authorized,
    verdict: 'keeps authorized',
  },
  {
    words: 'sales of each of four quarters count',
    known: [sold(25_000), sold(25_000, 1), sold(25_000, 2), sold(25_000, 3)],
    profile: authorized,
    verdict: 'promotes gold',
  },
  {
    words: 'sales of the fifth quarter back do not',
    known: [sold(100_000, 4)],
    profile: authorized,
    verdict: 'keeps authorized',
  },
  {
    words: 'two steps up are taken at once',
    known: [sold(500_000)],
    profile: authorized,
    verdict: 'promotes platinum',
  },
  { words: 'what still holds is kept', known: [enough], verdict: 'keeps gold' },
  { words: 'too little falls short of gold', known: [], verdict: 'falls_short authorized' },
  {
    words: 'down it goes one step only',
    known: [],
    profile: { tier: 'platinum' },
    verdict: 'falls_short gold',
  },
  { words: 'nobody falls below the lowest', known: [], profile: authorized, verdict: 'keeps authorized' },
  {
    words: 'influenced revenue is asked for where the program says so',
    known: [enough],
    criteria: { influencedRevenue: { amountMinor: 1, currency: 'USD' } },
    verdict: 'falls_short authorized',
  },
  {
    words: 'the number of deals too',
    known: [enough, enough, enough],
    criteria: { deals: 3 },
    verdict: 'keeps gold',
  },
  {
    words: 'certified people who are too few fall short',
    known: [enough, some('certified.people', [4], { back: 6 })],
    criteria: { certifiedPeople: 5 },
    verdict: 'falls_short authorized',
  },
  {
    words: 'what nobody told us is not held against anybody',
    known: [enough],
    criteria: { certifiedPeople: 5, nps: 10, satisfaction: 4 },
    verdict: 'keeps gold',
  },
  {
    words: 'but promotes nobody',
    known: [enough],
    criteria: { competencies: 1 },
    profile: authorized,
    verdict: 'keeps authorized',
  },
  {
    words: 'a satisfaction of 4.2 is enough for 4.2',
    known: [enough, some('csat.answer', [5, 4, 4, 4, 4])],
    criteria: { satisfaction: 4.2 },
    verdict: 'keeps gold',
  },
  {
    words: '4.1999… is not, though it would be shown as 4.2',
    known: [enough, some('csat.answer', [...Array<number>(1999).fill(4), ...Array<number>(499).fill(5)])],
    criteria: { satisfaction: 4.2 },
    verdict: 'falls_short authorized',
  },
  {
    words: 'the health score counts where the program says so',
    known: [enough],
    criteria: { healthScore: 60 },
    health: 599,
    verdict: 'falls_short authorized',
  },
  {
    words: 'and is met at its edge',
    known: [enough],
    criteria: { healthScore: 60 },
    health: 600,
    verdict: 'keeps gold',
  },
  { words: 'and not at all elsewhere', known: [enough], health: 0, verdict: 'keeps gold' },
  {
    words: 'a tier that is gone is left to people',
    known: [sold(500_000)],
    profile: { tier: 'diamond' },
    verdict: 'keeps diamond',
  },
];

describe('when the tier is judged by four quarters', () => {
  test.each(rows)('then $words', ({ known, criteria, profile, health, verdict }) => {
    const of = aQuarter(known, profile);
    const { outcome, to } = verdictOf(judgeTier(of, tiersWith(criteria), health), of.profile.tier, tiersWith());
    expect(`${outcome} ${to}`).toBe(verdict);
  });

  test('then each criterion of each tier is told', () => {
    expect(judgeTier(aQuarter([sold(120_000)]), tiersWith({ nps: 20 })).criteria).toEqual([
      { tier: 'authorized', criterion: 'annualRevenue', actual: 12_000_000, needed: 0, outcome: 'met' },
      { tier: 'gold', criterion: 'annualRevenue', actual: 12_000_000, needed: 10_000_000, outcome: 'met' },
      { tier: 'gold', criterion: 'nps', needed: 20, outcome: 'unknown' },
      { tier: 'platinum', criterion: 'annualRevenue', actual: 12_000_000, needed: 50_000_000, outcome: 'missed' },
    ]);
  });
});
