import { derivedId, fingerprint } from '#shared/core/ids.ts';
import { firstDayOf, type Quarter, quartersBefore } from '#shared/core/quarters.ts';
import { millis } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, factKinds, kindOf } from '#shared/facts/fact-kinds.ts';
import { tellProfile } from '#shared/facts/partner-facts.ts';

/** The quarter that is scored; the facts of the table reach nine quarters back. */
export const scoredQuarter: Quarter = '2026-Q2';
export const factsPerPartner = 200;

const quarters = Array.from({ length: 9 }, (_, back) => quartersBefore(scoredQuarter, back));
const kinds = Object.keys(factKinds) as FactKindId[];
const ofPartners = kinds.filter((kind) => !kindOf(kind).company && kindOf(kind).source !== 'health');
const standing = ofPartners.filter((kind) => kindOf(kind).standing && kind !== 'partner.profile');
const passing = ofPartners.filter((kind) => !kindOf(kind).standing && kind !== 'partner.activated');

/** Always the same for the same number (xorshift), so that every run measures the same table. */
const chance = (seed: number): (() => number) => {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};

const someValue = (kind: FactKindId, random: () => number): number => {
  const { unit, range: [least, greatest] = [0, 50] } = kindOf(kind);
  if (unit === 'money') return Math.round(random() * 10_000_000);
  if (unit === 'yes' || unit === 'count') return Math.round(random() * 2);
  return Math.round(least + random() * (Math.min(greatest, least + 10_000) - least));
};

/** So many facts of one partner: what stands, and what happened in nine quarters, of every kind there is. */
export const someFacts = (number: number, count: number = factsPerPartner): readonly Fact[] => {
  const random = chance(number + 1);
  const partnerId = derivedId('ptr', 'bench', String(number));
  const at = (quarter: Quarter): number => millis(firstDayOf(quarter, 1)) / 1000 + Math.floor(random() * 7_700_000);
  const profile = tellProfile({ status: 'active', tier: 'gold', region: 'emea', types: ['reseller', 'si'] });
  const present = { partnerId, quarter: scoredQuarter, id: '', rank: 3, at: at(scoredQuarter) };
  const first = quarters.at(-1) ?? scoredQuarter;
  const facts: Fact[] = [
    { ...present, kind: 'partner.profile', value: 1, about: profile },
    {
      partnerId,
      kind: 'partner.activated',
      quarter: first,
      id: `${fingerprint(partnerId)}.3`,
      value: 9,
      at: at(first),
    },
    ...standing.map((kind): Fact => ({ ...present, kind, value: someValue(kind, random) })),
  ];
  while (facts.length < count) {
    const kind = passing[Math.floor(random() * passing.length)] ?? 'lead.sent';
    const quarter = quarters[Math.floor(random() * quarters.length)] ?? scoredQuarter;
    const id = `${fingerprint(partnerId, String(facts.length))}.${1 + Math.floor(random() * 9)}`;
    const about = kind.startsWith('customer.') ? { about: `c${Math.floor(random() * 20)}.example` } : {};
    facts.push({ partnerId, kind, quarter, id, value: someValue(kind, random), at: at(quarter), ...about });
  }
  return facts.sort((a, b) =>
    `${a.quarter}/${kindOf(a.kind).code}/${a.id}` < `${b.quarter}/${kindOf(b.kind).code}/${b.id}` ? -1 : 1,
  );
};
