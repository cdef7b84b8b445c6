import type { TerritoryLimit } from '#shared/partners/partner-gate.ts';
import type { Program } from '#shared/program/program.ts';
import type { Deal } from './deal.ts';

type Territory = Program['territories'][number];

const isMeant = (customers: Territory['customers'], customer: Deal['customer']): boolean =>
  (customers.countries?.includes(customer.countryCode) ?? true) &&
  (customers.segments?.includes(customer.segment ?? '') ?? true) &&
  (customers.accounts?.includes(customer.domain) ?? true);

/**
 * The limits that a customer falls under. An exclusive territory keeps its customers for its partners; one that confines keeps its
 * partners from all other customers.
 */
export const limitsFor = (territories: Program['territories'], customer: Deal['customer']): readonly TerritoryLimit[] =>
  territories
    .filter((territory) => isMeant(territory.customers, customer) === (territory.kind === 'exclusive'))
    .map((territory) => ({
      words: territory.text,
      inside: territory.kind === 'exclusive',
      types: territory.partners.types ?? [],
      partnerIds: territory.partners.ids ?? [],
    }));
