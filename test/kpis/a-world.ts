import { quarterOf } from '#shared/core/quarters.ts';
import { type Day, dayOf, instant } from '#shared/core/time.ts';
import { company, type Fact } from '#shared/facts/fact.ts';
import { type FactKindId, factKinds, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts, Profile } from '#shared/facts/partner-facts.ts';

/** Numbers from a seed, the same on every machine. */
export const dice = (seed: number): ((sides: number) => number) => {
  let state = seed >>> 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % sides;
  };
};
type Roll = ReturnType<typeof dice>;

const pick = <T>(things: readonly T[], roll: Roll): T => {
  const picked = things[roll(things.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
};

const kindsOf = (isOfCompany: boolean): readonly FactKindId[] =>
  // Every key of the table is the id of a kind.
  (Object.keys(factKinds) as FactKindId[]).filter((id) => (kindOf(id).company === true) === isOfCompany);

const customerKinds: readonly FactKindId[] = [
  'customer.revenue',
  'customer.renewed',
  'customer.churned',
  'customer.integrations',
];

const aValue = (kind: FactKindId, roll: Roll): number => {
  const { unit, range = [0, 60] } = kindOf(kind);
  // Few sizes, so that partners meet in classes and at edges.
  if (unit === 'money') return pick([0, 7, 120_000, 125_000, 129_999, 5_000_000, 1 + roll(90_000_000)], roll);
  if (unit === 'basis-points') return 9_000 + roll(1_001);
  if (kind === 'health.score') return roll(1_001);
  const [least, greatest] = range;
  return least + roll(Math.min(greatest, least + 60) - least + 1);
};

interface Calendar {
  readonly timeZone: string;
  readonly fiscalYearStart: number;
}

const firstSecond = Date.parse('2025-01-01T00:00:00Z') / 1000;
const seconds = 2 * 365 * 86_400;

const aFact = (partnerId: string, kind: FactKindId, about: { id: number; roll: Roll; calendar: Calendar }): Fact => {
  const { id, roll, calendar } = about;
  // Often at midnight, where days, months and quarters meet.
  const second = firstSecond + (roll(3) === 0 ? roll(seconds / 86_400) * 86_400 : roll(seconds));
  const day: Day = dayOf(instant(second * 1000), calendar.timeZone);
  const { standing } = kindOf(kind);
  const isTold = customerKinds.includes(kind) || (kind.startsWith('integration.') && roll(2) === 0);
  return {
    partnerId,
    kind,
    quarter: quarterOf(day, calendar.fiscalYearStart),
    // What holds is told several times of the same thing, each time at another instant.
    id: standing ? `s${roll(2)}` : `f${id}`,
    value: aValue(kind, roll),
    at: second,
    ...(standing ? { rank: id } : {}),
    ...(isTold ? { about: `c${roll(4)}` } : {}),
  };
};

const profiles: readonly Profile[] = ['active', 'active', 'active', 'suspended', 'terminated', 'applied'].flatMap(
  (status) =>
    ['authorized', 'gold'].flatMap((tier) =>
      [['reseller'], ['referral', 'isv'], ['isv'], ['alliance'], ['msp', 'referral']].map((types) => ({
        status,
        tier,
        region: types.length === 1 ? 'amer' : 'emea',
        types,
      })),
    ),
);

/** Partners with facts of all kinds over two years, and the company's own. */
export const aWorld = (seed: number, calendar: Calendar) => {
  const roll = dice(seed);
  const quarter = pick(['2026-Q1', '2026-Q2', '2026-Q4'], roll);
  const missing = new Set([...kindsOf(false), ...kindsOf(true)].filter(() => roll(6) === 0));
  const factsOf = (partnerId: string, kinds: readonly FactKindId[], number: number): readonly Fact[] =>
    Array.from({ length: number }, (_, id) => aFact(partnerId, pick(kinds, roll), { id, roll, calendar })).filter(
      ({ kind }) => !missing.has(kind),
    );
  const partners = Array.from({ length: 1 + roll(24) }, (_, index): PartnerFacts => {
    const partnerId = `ptr_${String(index).padStart(3, '0')}`;
    const kinds = pick([kindsOf(false), customerKinds], roll);
    return { partnerId, quarter, profile: pick(profiles, roll), facts: factsOf(partnerId, kinds, roll(120)) };
  });
  const nobody: Profile = { status: '', tier: '', region: '', types: [] };
  const own: PartnerFacts = {
    partnerId: company,
    quarter,
    profile: nobody,
    facts: factsOf(company, [...kindsOf(true), ...customerKinds], roll(120)),
  };
  return { quarter, partners, own, roll };
};

export const shuffled = <T>(things: readonly T[], roll: Roll): readonly T[] =>
  things
    .map((thing) => ({ thing, at: roll(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
