import { beforeAll, describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { limitsFor } from '#shared/deals/limits-for.ts';
import { leaveGate, passGate, passGateAgain } from '#shared/partners/partner-gate-store.ts';
import { read, transact, type Write } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aDeal, anActivePartner } from './a-deal.ts';

beforeAll(() => testTable());

let serial = 0;
const freshId = (): string => {
  serial += 1;
  return `ptr_${serial}`;
};

/** `passed`, or the code and words of the refusal. */
const outcomeOf = async (write: Write): Promise<string> => {
  const failure = await transact([write]);
  const refusal = failure && write.refuse(failure.image);
  if (!refusal) return 'passed';
  return refusal instanceof DomainError ? refusal.code : String(refusal);
};

const program = aProgram();
const passage = (partnerId: string, overrides: Partial<Program> = {}) => ({
  partnerId,
  program: { ...program, ...overrides },
  territories: [],
  byStaff: false,
});
const openDealsOf = async (partnerId: string): Promise<unknown> => {
  const [gate] = await read([{ pk: partnerId, sk: 'gate' }]);
  return gate?.openDeals;
};

const [authorized, gold, platinum] = program.tiers;
const tierWith = (openRegistrationLimit: number) =>
  authorized && [{ ...authorized, benefits: { ...authorized.benefits, openRegistrationLimit } }];

describe('when a partner registers one more deal', () => {
  const rows: readonly (readonly [label: string, tier: string | undefined, open: number, outcome: string])[] = [
    ['the first of the entry tier', authorized?.id, 0, 'passed'],
    ['the 25th of the entry tier', authorized?.id, 24, 'passed'],
    ['the 26th of the entry tier', authorized?.id, 25, 'deal.limit_reached'],
    ['the 100th of the next tier', gold?.id, 99, 'passed'],
    ['the 101st of the next tier', gold?.id, 100, 'deal.limit_reached'],
    ['the first of the tier without a limit', platinum?.id, 0, 'passed'],
    ['the 10,001st of the tier without a limit', platinum?.id, 10_000, 'passed'],
    ['one of a tier that the program no longer has', 'silver', 100, 'passed'],
  ];
  test.each(rows)('then %s', async (_label, tier, open, outcome) => {
    const partnerId = await anActivePartner(freshId(), { tier });
    if (open > 0) await transact([{ ...passGate(passage(partnerId)), change: { add: { openDeals: open } } } as Write]);
    expect(await outcomeOf(passGate(passage(partnerId)))).toBe(outcome);
    expect(await openDealsOf(partnerId)).toBe(outcome === 'passed' ? open + 1 : open);
  });

  test('then a limit of none lets none in', async () => {
    const tiers = tierWith(0) ?? [];
    expect(await outcomeOf(passGate(passage(await anActivePartner(freshId()), { tiers })))).toBe('deal.limit_reached');
  });

  test('then the refusal tells how many are open, and how many may be', async () => {
    const partnerId = await anActivePartner(freshId());
    const one = passGate(passage(partnerId, { tiers: tierWith(1) ?? [] }));
    await transact([one]);
    const failure = await transact([one]);
    expect(one.refuse(failure?.image)).toMatchObject({ details: { facts: { open: 1, limit: 1 } } });
  });

  test('then one that ends makes room for another', async () => {
    const partnerId = await anActivePartner(freshId());
    const one = passGate(passage(partnerId, { tiers: tierWith(1) ?? [] }));
    await transact([one]);
    await transact([leaveGate(partnerId)]);
    expect(await outcomeOf(one)).toBe('passed');
  });

  test.each(['suspended', 'terminated', 'approved'])('then a partner that is %s is refused', async (status) => {
    const partnerId = await anActivePartner(freshId(), { status });
    expect(await outcomeOf(passGate(passage(partnerId)))).toBe('partner.not_active');
  });

  test('then a partner that is not there is told as much to staff only', async () => {
    expect(await outcomeOf(passGate({ ...passage('ptr_none'), byStaff: true }))).toBe('not_found');
    expect(await outcomeOf(passGate(passage('ptr_none')))).toBe('partner.not_active');
  });
});

type Territory = Program['territories'][number];
const keptFor = (partners: Territory['partners'], customers: Territory['customers']): Territory => ({
  id: 'kept',
  kind: 'exclusive',
  text: 'These customers are for these partners.',
  partners,
  customers,
});
const confining = (partners: Territory['partners'], customers: Territory['customers']): Territory => ({
  id: 'confined',
  kind: 'confined',
  text: 'These partners have these customers.',
  partners,
  customers,
});

const german = { countryCode: 'DE', segment: 'public-sector' };
const american = { countryCode: 'US', segment: 'enterprise' };
const publicSector = { countries: ['DE'], segments: ['public-sector'] };
const vars = { types: ['var'] };
const no = 'deal.territory_not_allowed';

describe('when the program has territories', () => {
  const rows: readonly (readonly [
    label: string,
    territories: readonly Territory[],
    types: readonly string[],
    customer: { countryCode: string; segment?: string },
    outcome: string,
  ])[] = [
    ['kept for its type: it passes', [keptFor(vars, publicSector)], ['reseller', 'var'], german, 'passed'],
    ['kept for another type: it is refused', [keptFor(vars, publicSector)], ['reseller'], german, no],
    [
      'another country: nobody is kept out',
      [keptFor(vars, publicSector)],
      ['reseller'],
      { ...german, countryCode: 'AT' },
      'passed',
    ],
    [
      'another segment: nobody is kept out',
      [keptFor(vars, publicSector)],
      ['reseller'],
      { ...german, segment: 'enterprise' },
      'passed',
    ],
    [
      'no segment said: nobody is kept out',
      [keptFor(vars, publicSector)],
      ['reseller'],
      { countryCode: 'DE' },
      'passed',
    ],
    [
      'a named account kept for it: it passes',
      [keptFor({ ids: ['ME'] }, { accounts: ['acme.example'] })],
      ['reseller'],
      american,
      'passed',
    ],
    [
      'a named account kept for another: it is refused',
      [keptFor({ ids: ['ptr_x'] }, { accounts: ['acme.example'] })],
      ['reseller'],
      american,
      no,
    ],
    [
      'another account: nobody is kept out',
      [keptFor({ ids: ['ptr_x'] }, { accounts: ['b.example'] })],
      ['reseller'],
      american,
      'passed',
    ],
    [
      'kept for it or a type: it passes',
      [keptFor({ ids: ['ME'], types: ['var'] }, publicSector)],
      ['reseller'],
      german,
      'passed',
    ],
    ['confined to it: it passes inside', [confining(vars, publicSector)], ['var'], german, 'passed'],
    ['confined to it: it is refused outside', [confining(vars, publicSector)], ['var'], american, no],
    ['confining others: it is free', [confining(vars, publicSector)], ['reseller'], american, 'passed'],
    [
      'confined by name: it is refused outside',
      [confining({ ids: ['ME'] }, { countries: ['DE'] })],
      ['reseller'],
      american,
      no,
    ],
    [
      'one of two rules refuses',
      [keptFor({ ids: ['ME'] }, publicSector), confining({ ids: ['ME'] }, { countries: ['US'] })],
      ['reseller'],
      german,
      no,
    ],
    [
      'two rules agree',
      [keptFor({ ids: ['ME'] }, publicSector), confining({ ids: ['ME'] }, { countries: ['DE'] })],
      ['reseller'],
      german,
      'passed',
    ],
  ];
  test.each(rows)('then %s', async (_label, territories, types, customer, outcome) => {
    const partnerId = await anActivePartner(freshId(), { types });
    // The rows do not know the partner's id yet.
    const mine = JSON.parse(JSON.stringify(territories).replaceAll('"ME"', JSON.stringify(partnerId)));
    const limits = limitsFor(mine, { ...aDeal().customer, ...customer });
    expect(await outcomeOf(passGateAgain({ ...passage(partnerId), territories: limits }))).toBe(outcome);
    expect(await outcomeOf(passGate({ ...passage(partnerId), territories: limits }))).toBe(outcome);
  });

  test('then a refusal quotes the rule, word for word', async () => {
    const partnerId = await anActivePartner(freshId());
    const territories = limitsFor([keptFor(vars, publicSector)], { ...aDeal().customer, ...german });
    const write = passGate({ ...passage(partnerId), territories });
    const failure = await transact([write]);
    expect(write.refuse(failure?.image)).toMatchObject({
      message: 'The program says: These customers are for these partners.',
      details: { errors: [{ pointer: '#/customer', detail: 'These customers are for these partners.' }] },
    });
  });

  test('then a partner at its limit is told the rule, not the limit', async () => {
    const partnerId = await anActivePartner(freshId());
    const territories = limitsFor([keptFor(vars, publicSector)], { ...aDeal().customer, ...german });
    const write = passGate({ ...passage(partnerId, { tiers: tierWith(0) ?? [] }), territories });
    expect(await outcomeOf(write)).toBe(no);
  });
});
