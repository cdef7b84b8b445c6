import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { applyJudgement, dueTierChange, type TierChange } from '#shared/partners/tier-life.ts';
import { judgeTier, type TierJudgement } from '#shared/partners/tier-of-quarter.ts';
import { aProgram } from '#test/support/a-program.ts';

/** What each tier asks for over four quarters, from the lowest; sums in whole units, and how many deals. */
const asked = [
  { revenue: 0, deals: 0 },
  { revenue: 100_000, deals: 2 },
  { revenue: 500_000, deals: 3 },
];
const example = aProgram();
const program = {
  ...example,
  tiers: example.tiers.map((tier, level) => ({
    ...tier,
    criteria: {
      annualRevenue: { amountMinor: (asked[level]?.revenue ?? 0) * 100, currency: 'USD' },
      deals: asked[level]?.deals ?? 0,
    },
  })),
};
const names = program.tiers.map(({ id }) => id);

const years = [2026, 2027, 2028];
const quarters = years.flatMap((year) => [1, 2, 3, 4].map((number) => `${year}-Q${number}`));
const msPerDay = 86_400_000;
const firstDay = (quarter: number): number => Date.UTC(2026, quarter * 3, 1);
const iso = (ms: number): string => new Date(ms).toISOString();
/** In the morning of the third day of the quarter that follows. */
const runOf = (quarter: number): number => firstDay(quarter + 1) + 2 * msPerDay + 6.5 * 3_600_000;

/** Sales of each quarter, all on its first day. */
type Sales = readonly (readonly number[])[];

const factsOf = (sales: Sales): readonly Fact[] =>
  sales.flatMap((inQuarter, quarter) =>
    inQuarter.map((amount, index): Fact => {
      const fact = { partnerId: 'ptr_1', kind: 'deal.won.sourced.new', quarter: quarters[quarter] ?? '' } as const;
      return { ...fact, id: `${quarter}.${index}`, value: amount * 100, at: firstDay(quarter) / 1000 };
    }),
  );

const begin = iso(firstDay(0));
const address = { streetAddress: 'Street 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' };
const newcomer: Partner = {
  id: 'ptr_1',
  version: 1,
  head: '',
  createdAt: begin,
  updatedAt: begin,
  submittedAt: begin,
  status: 'active',
  company: { name: 'Acme', websiteUrl: 'https://acme.example', domain: 'acme.example', address },
  types: ['reseller'],
  region: 'emea',
  contacts: [],
  answers: {},
  tier: names[0] ?? '',
  checks: [],
  programVersion: 1,
  approvals: 1,
  targets: { '2026-Q1': { amountMinor: 1, currency: 'USD' } },
  agreedIncentives: ['flat'],
};

const day = (at: string): string => at.slice(0, 'YYYY-MM-DD'.length);

/** The life of a partner by the rules: `2026-04-03 gold` where its tier changes, `… told 1`, `… withdrawn`. */
const lived = (sales: Sales, facts: readonly Fact[]): readonly string[] => {
  const told: string[] = [];
  let partner = newcomer;
  const judge = (quarter: number): TierJudgement => {
    const known = facts.filter((fact) => fact.quarter <= (quarters[quarter] ?? ''));
    return judgeTier(
      { partnerId: partner.id, quarter: quarters[quarter] ?? '', profile: partner, facts: known },
      program,
    );
  };
  const become = (change: TierChange | undefined, now: string): void => {
    if (!change) return;
    const { tier, tierNotice, tierReason: _r, tierLowered: _l, due: _d, ...rest } = change.after;
    // Whatever was agreed and earned stays as it was.
    const { tier: _t, ...same } = newcomer;
    expect(rest).toEqual(same);
    if (tier !== partner.tier) told.push(`${day(now)} ${tier}`);
    else told.push(`${day(now)} ${tierNotice ? `told ${tierNotice.given}` : 'withdrawn'}`);
    partner = change.after;
  };
  for (const quarter of sales.keys()) {
    for (let due = partner.due; due && due.at <= iso(runOf(quarter)); due = partner.due) {
      const running = quarters.findLastIndex((_, index) => iso(firstDay(index)) <= (due?.at ?? ''));
      become(dueTierChange(partner, [judge(running - 1), judge(running)], { program, now: due.at }), due.at);
    }
    const now = iso(runOf(quarter));
    become(applyJudgement(partner, judge(quarter), { program, now }), now);
  }
  return told;
};

/** The same from the words of PRODUCT §6: at once up, down by one after a notice, two more, and 90 days in which nothing is met. */
const expected = (sales: Sales): readonly string[] => {
  const told: string[] = [];
  let level = 0;
  let notice: { since: number; given: number } | undefined;
  const meets = (one: number, quarter: number): boolean => {
    const year = sales.slice(Math.max(0, quarter - 3), quarter + 1).flat();
    const { revenue, deals } = asked[one] ?? { revenue: 0, deals: 0 };
    return year.reduce((sum, amount) => sum + amount, 0) >= revenue && year.length >= deals;
  };
  const say = (at: number, what: string) => told.push(`${day(iso(at))} ${what}`);
  const pass = (at: number): void => {
    if (!notice) return;
    const running = Math.floor((new Date(at).getUTCFullYear() - 2026) * 4 + new Date(at).getUTCMonth() / 3);
    notice.given += 1;
    if (notice.given <= 3) return void say(at, `told ${notice.given}`);
    notice = undefined;
    const isMet = meets(level, running) || meets(level, running - 1);
    if (!isMet) level -= 1;
    say(at, isMet ? 'withdrawn' : (names[level] ?? ''));
  };
  for (const quarter of sales.keys()) {
    const run = runOf(quarter);
    while (notice && notice.since + notice.given * 30 * msPerDay <= run)
      pass(notice.since + notice.given * 30 * msPerDay);
    const highest = Math.max(...asked.keys().filter((one) => meets(one, quarter)));
    if (highest > level) {
      level = highest;
      notice = undefined;
      say(run, names[level] ?? '');
    } else if (meets(level, quarter)) {
      if (notice) say(run, 'withdrawn');
      notice = undefined;
    } else if (!notice) {
      notice = { since: run, given: 1 };
      say(run, 'told 1');
    }
  }
  return told;
};

// Sums at the edges of what is asked.
const someSales = fc.array(
  fc.array(fc.constantFrom(1, 40_000, 60_000, 99_999, 100_000, 250_000, 500_000), { maxLength: 3 }),
  {
    minLength: quarters.length,
    maxLength: quarters.length,
  },
);

test('when partners live through three years, then they rise at once and go down one step after three notices and 90 days', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(someSales, (sales) => {
      const story = lived(sales, factsOf(sales));
      expect(story).toEqual(expected(sales));
      for (const line of story) seen.add(line.slice('YYYY-MM-DD '.length));
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual(['authorized', 'gold', 'platinum', 'told 1', 'told 2', 'told 3', 'withdrawn']);
});

test('when facts come in another order, then the same happens', () => {
  const shuffled = someSales.chain((sales) => {
    const facts = factsOf(sales);
    return fc.tuple(fc.constant(sales), fc.shuffledSubarray([...facts], { minLength: facts.length }));
  });
  fc.assert(
    fc.property(shuffled, ([sales, facts]) => {
      expect(lived(sales, facts)).toEqual(lived(sales, factsOf(sales)));
    }),
    { numRuns: 100 },
  );
});
