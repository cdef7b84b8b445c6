import { DomainError, notFound } from '#shared/core/errors.ts';
import { absent, all, any, type Condition, contains, is, not, present } from '#shared/platform/condition.ts';
import { type Item, read, type Write } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import type { Gate, TerritoryLimit } from './partner-gate.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | a partner's gate to registering | table | pk = partner id, sk = `gate` |
 *
 * The gate is a small item beside the partner: whether it may register, and how many registrations are open. It changes with the
 * partner's status, tier and types, in the same transaction, so that a registration need not read the partner.
 */
const keyOf = (partnerId: string) => ({ pk: partnerId, sk: 'gate' });
/** For reading it together with other things; `status` of the item is the partner's. */
export const gateKey = keyOf;

const cannotFail = (): Error => new Error('A gate was lost.');

/** The partner's gate as the partner now is; the count of open registrations stays. */
export const setGate = (gate: Gate): Write => ({
  write: 'change',
  key: keyOf(gate.partnerId),
  change: {
    set: {
      kind: 'gate',
      status: gate.status,
      tier: gate.tier,
      types: [...gate.types],
      region: gate.region,
      domain: gate.domain,
    },
  },
  when: not(is('kind', '=', 'erased')),
  refuse: cannotFail,
});

const inGroup = (limit: TerritoryLimit, partnerId: string): Condition | 'always' | 'never' => {
  if (limit.partnerIds.includes(partnerId)) return 'always';
  return limit.types.length > 0 ? any(...limit.types.map((type) => contains('types', type))) : 'never';
};

/** The condition on the gate under which this limit lets the partner pass; undefined when it always does. */
const allows = (limit: TerritoryLimit, partnerId: string): Condition | undefined => {
  const group = inGroup(limit, partnerId);
  if (group === (limit.inside ? 'always' : 'never')) return undefined;
  if (group === 'always' || group === 'never') return absent('pk');
  return limit.inside ? group : not(group);
};

const limitOf = (program: Program, tierId: unknown): number | undefined =>
  program.tiers.find((tier) => tier.id === tierId)?.benefits.openRegistrationLimit;

/** Each tier that has a limit keeps it. A tier that the program has no more, where partners stay until a person decides, has none. */
const withinLimit = (program: Program): readonly Condition[] =>
  program.tiers.flatMap((tier) => {
    const limit = tier.benefits.openRegistrationLimit;
    if (limit === undefined) return [];
    const below = is('openDeals', '<', limit);
    return any(is('tier', '<>', tier.id), ...(limit > 0 ? [absent('openDeals')] : []), below);
  });

export interface Passage {
  readonly partnerId: string;
  readonly program: Program;
  readonly territories: readonly TerritoryLimit[];
  /** Staff are told that there is no such partner; a partner knows that it is there. */
  readonly byStaff: boolean;
  /** Registrable domain of the customer. */
  readonly customerDomain?: string | undefined;
}

const ownCompany = (): DomainError => {
  const detail = 'must not be the website of the partner itself';
  return new DomainError('rule', 'deal.own_company', 'A partner is not paid for itself as a customer.', {
    errors: [{ pointer: '#/customer/websiteUrl', code: 'deal.own_company', detail }],
  });
};

const isAnother = (customerDomain: string): Condition => not(is('domain', '=', customerDomain));

const satisfies = (limit: TerritoryLimit, partnerId: string, types: readonly string[]): boolean =>
  limit.inside === (limit.partnerIds.includes(partnerId) || limit.types.some((type) => types.includes(type)));

const refusePassage =
  (passage: Passage) =>
  (image: Item | undefined): Error => {
    if (!image && passage.byStaff) return notFound();
    if (image?.status !== 'active') {
      const status = image ? { status: image.status } : {};
      const message = 'Only an active partner may register deals.';
      return new DomainError('conflict', 'partner.not_active', message, { facts: status });
    }
    if (image.domain !== undefined && image.domain === passage.customerDomain) return ownCompany();
    const types = (image.types ?? []) as readonly string[];
    const broken = passage.territories.find((limit) => !satisfies(limit, passage.partnerId, types));
    if (broken) {
      return new DomainError('rule', 'deal.territory_not_allowed', `The program says: ${broken.words}`, {
        errors: [{ pointer: '#/customer', code: 'deal.territory_not_allowed', detail: broken.words }],
      });
    }
    const limit = limitOf(passage.program, image.tier);
    return new DomainError('conflict', 'deal.limit_reached', `Your tier allows ${limit} open registrations.`, {
      facts: { open: image.openDeals ?? 0, limit },
    });
  };

const isWelcome = (passage: Passage): Condition =>
  all(
    is('status', '=', 'active'),
    ...(passage.customerDomain === undefined ? [] : [isAnother(passage.customerDomain)]),
    ...passage.territories.flatMap((limit) => allows(limit, passage.partnerId) ?? []),
  );

/** The tier of an admitted partner; undefined for one that never was. */
export const findTier = async (partnerId: string): Promise<string | undefined> => {
  const [gate] = await read([keyOf(partnerId)]);
  return gate && String(gate.tier);
};

/** One more open registration, if the partner is active, its tier has room, and every territory rule lets it. */
export const passGate = (passage: Passage): Write => ({
  write: 'change',
  key: keyOf(passage.partnerId),
  change: { add: { openDeals: 1 } },
  when: all(isWelcome(passage), ...withinLimit(passage.program)),
  refuse: refusePassage(passage),
  yields: (image) => image?.status === 'active',
});

/** What is open already goes on, if the partner is active and every territory rule still lets it; the count stays. */
export const passGateAgain = (passage: Passage): Write => ({
  write: 'check',
  key: keyOf(passage.partnerId),
  when: isWelcome(passage),
  refuse: refusePassage(passage),
});

/** One open registration fewer; possible for every partner, whatever became of it. */
export const leaveGate = (partnerId: string): Write => ({
  write: 'change',
  key: keyOf(partnerId),
  change: { add: { openDeals: -1 } },
  when: is('openDeals', '>', 0),
  refuse: cannotFail,
});

/** What lateness grants is for active partners only. Refused with `partner.not_active`. */
export const mustBeActive = (partnerId: string): Write => ({
  write: 'check',
  key: keyOf(partnerId),
  when: is('status', '=', 'active'),
  refuse: (image) =>
    new DomainError('conflict', 'partner.not_active', 'The partner is not active.', {
      facts: image ? { status: image.status } : {},
    }),
});

/** The partner is, or was, admitted, and is not the customer. Refused with `not_found`, `deal.own_company`. */
export const mayHelpToSell = (partnerId: string, customerDomain: string): Write => ({
  write: 'check',
  key: keyOf(partnerId),
  when: all(present('pk'), isAnother(customerDomain)),
  refuse: (image) => (image ? ownCompany() : notFound()),
});

/** The partner is, or was, admitted to the program. Refused with `not_found` otherwise. */
export const mustBeAdmitted = (partnerId: string): Write => ({
  write: 'check',
  key: keyOf(partnerId),
  when: present('pk'),
  refuse: notFound,
});
