import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { defaultActive } from '#shared/kpis/active-partners.ts';
import type { World } from './recomputed-terms.ts';

type Costs = World['costs'];

const active = Object.fromEntries(
  defaultActive.flatMap(({ partnerTypes, facts, atLeast }) => partnerTypes.map((type) => [type, { facts, atLeast }])),
);

/** Costs for each of these quarters, no two alike. */
export const costsFor = (quarters: readonly string[]): Costs =>
  Object.fromEntries(
    quarters.map((quarter, index) => [quarter, { costMinor: 1_000_007 * (index + 1), marginPercent: 71.25 + index }]),
  );

/** A world as its figures are computed a second time. */
export const asChecked = (
  { partners, own }: { readonly partners: readonly PartnerFacts[]; readonly own: PartnerFacts },
  costs: Costs,
  timeZone: string,
): World => ({ partners, company: own, timeZone, active, costs });

/** Who is in a group such as `tier:gold`. */
export const belongs =
  (group: string) =>
  ({ profile }: PartnerFacts): boolean => {
    const [by, name] = group.split(':');
    if (by === 'tier') return profile.tier === name;
    return by === 'type' ? profile.types[0] === name : profile.region === name;
  };
