import { describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { quartersBefore } from '#shared/core/quarters.ts';
import type { Partner, PartnerStatus } from '#shared/partners/partner.ts';
import { partnerStatuses } from '#shared/partners/partner.ts';
import {
  acceptAgreement,
  lapsePartner,
  markProductive,
  reinstatePartner,
  suspendPartner,
  terminatePartner,
  updatePartner,
} from '#shared/partners/partner-life.ts';
import { aProgram } from '#test/support/a-program.ts';
import { refusalOf } from '#test/support/refusal-of.ts';

const now = '2026-07-01T12:00:00.000Z';
const sentUntil = '2026-07-31T12:00:00.000Z';
const address = { streetAddress: 'Street 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' };

const aPartner = (overrides: Partial<Partner> = {}): Partner => ({
  id: 'ptr_1',
  version: 2,
  head: 'head',
  createdAt: now,
  updatedAt: now,
  status: 'approved',
  company: { name: 'Acme', websiteUrl: 'https://acme.example', domain: 'acme.example', address },
  types: ['reseller'],
  region: 'emea',
  contacts: [],
  answers: {},
  tier: 'authorized',
  checks: [],
  programVersion: 1,
  submittedAt: now,
  approvals: 1,
  agreement: { version: '2026-01', sentAt: now, lapsesAt: sentUntil },
  due: { what: 'lapse', at: sentUntil },
  ...overrides,
});

const acceptance = { version: '2026-01', signerName: 'Ada', signerTitle: 'CEO', by: 'usr_ada' };

describe('when the agreement is accepted', () => {
  test('then the partner is active from now on, with who signed, and nothing lapses any more', () => {
    const { due: _due, ...before } = aPartner();
    expect(acceptAgreement(aPartner(), acceptance, now)).toEqual({
      ...before,
      status: 'active',
      activeAt: now,
      agreement: { ...before.agreement, acceptedAt: now, acceptedBy: 'usr_ada' },
      signer: { name: 'Ada', title: 'CEO' },
    });
  });

  test('then another version is refused, and the field named', () => {
    const refusal = refusalOf(() => acceptAgreement(aPartner(), { ...acceptance, version: '2025-01' }, now));
    expect(refusal.code).toBe('partner.agreement_version_differs');
    expect(refusal.message).toContain('This is not the agreement that was sent');
    expect(refusal.details.errors).toEqual([
      {
        pointer: '#/version',
        code: 'partner.agreement_version_differs',
        detail: 'must be 2026-01, the version that was sent',
      },
    ]);
  });

  test.each([
    ['a suspended partner', { status: 'suspended' }],
    ['a partner to whom none was sent', { agreement: undefined }],
  ] as const)('then it is refused to %s', (_label, fields) => {
    const refusal = refusalOf(() => acceptAgreement(aPartner(fields as Partial<Partner>), acceptance, now));
    expect(refusal.code).toBe('state.transition_not_allowed');
    expect(refusal.message).toBe('No agreement waits to be accepted.');
    expect(refusal.details.facts).toEqual({ status: 'status' in fields ? fields.status : 'approved' });
  });

  test('then too late is too late, whether or not a sweep came by', () => {
    expect(() => acceptAgreement(aPartner(), acceptance, sentUntil)).toThrow(DomainError);
  });
});

describe('when a partnership stops, rests or goes on', () => {
  const commands: readonly (readonly [string, (partner: Partner) => Partner, readonly PartnerStatus[], object])[] = [
    ['lapse', lapsePartner, ['returned', 'approved'], { status: 'lapsed', due: undefined }],
    [
      'suspend',
      (it) => suspendPartner(it, 'Late.', now),
      ['active'],
      { status: 'suspended', reason: 'Late.', suspendedAt: now },
    ],
    ['reinstate', (it) => reinstatePartner(it, 'Paid.'), ['suspended'], { status: 'active', reason: 'Paid.' }],
    [
      'terminate',
      (it) => terminatePartner(it, 'Over.', now),
      ['active', 'suspended'],
      { status: 'terminated', reason: 'Over.', terminatedAt: now },
    ],
  ];

  test.each(commands)(
    'then %s is taken where the lifecycle says so, and changes this alone',
    (_label, act, from, fields) => {
      for (const status of partnerStatuses) {
        const before = aPartner({ status });
        if (from.includes(status)) expect(act(before)).toEqual({ ...before, ...fields });
        else expect(refusalOf(() => act(before)).code).toBe('state.transition_not_allowed');
      }
    },
  );

  test('then who is reinstated was suspended, and is so no more', () => {
    expect(reinstatePartner(aPartner({ status: 'suspended', suspendedAt: now }), 'Paid.')).not.toHaveProperty(
      'suspendedAt',
    );
    const refusal = refusalOf(() => reinstatePartner(aPartner({ status: 'approved' }), 'Paid.'));
    expect(refusal.message).toBe('Only a suspended partner is reinstated.');
    expect(refusal.details.facts).toEqual({ status: 'approved' });
  });
});

describe('when something about a partner is changed', () => {
  const program = aProgram();
  const terms = { program, now: '2026-07-01T12:00:00.000Z' };
  const [, higher = 'none'] = program.tiers.map(({ id }) => id);
  const active = aPartner({ status: 'active' });

  test.each(['rejected', 'lapsed'] as const)('then a %s one stays as it is', (status) => {
    const refusal = refusalOf(() => updatePartner(aPartner({ status }), { ownerId: 'usr_1' }, terms));
    expect(refusal.code).toBe('state.transition_not_allowed');
    expect(refusal.message).toBe(`It is ${status} and stays as it is.`);
    expect(refusal.details.facts).toEqual({ status });
  });

  test('then what was given is changed, and nothing else', () => {
    const contacts = [{ firstName: 'Ada', lastName: 'Byron', email: 'ada@acme.example' }];
    const elsewhere = { ...address, city: 'Hamburg' };
    const changes = { contacts, address: elsewhere, ownerId: 'usr_1', region: undefined };
    expect(updatePartner(active, changes, terms)).toEqual({
      ...active,
      contacts,
      ownerId: 'usr_1',
      company: { ...active.company, address: elsewhere },
    });
    expect(updatePartner(active, {}, terms)).toEqual(active);
  });

  test('then another tier needs a reason, which is kept; the same tier needs none', () => {
    expect(updatePartner(active, { tier: higher, reason: 'Grown.' }, terms)).toEqual({
      ...active,
      tier: higher,
      tierReason: 'Grown.',
    });
    const refusal = refusalOf(() => updatePartner(active, { tier: higher }, terms));
    expect(refusal.details.errors).toEqual([
      { pointer: '#/reason', code: 'partner.reason_missing', detail: 'must say why the tier changes' },
    ]);
    expect(refusal.message).toContain('The partner cannot be changed like this');
    expect(updatePartner(active, { tier: active.tier, reason: 'Same.' }, terms)).toEqual(active);
  });

  test('then a target is added to those it had, in the currency of the program', () => {
    const had = { ...active, targets: { '2026-Q2': { amountMinor: 1, currency: 'USD' } } };
    const targets = { '2026-Q3': { amountMinor: 10_000_000, currency: 'USD' } };
    expect(updatePartner(had, { targets }, terms).targets).toEqual({ ...had.targets, ...targets });
    const euros = { ...targets, '2026-Q4': { amountMinor: 1, currency: 'EUR' } };
    expect(refusalOf(() => updatePartner(had, { targets: euros }, terms)).details.errors).toEqual([
      {
        pointer: '#/targets/2026-Q4/currency',
        code: 'money.currency_mismatch',
        detail: 'must be USD, the currency of this program',
      },
    ]);
  });

  test('then targets come to 40 quarters at most: those that are over give way, and no others', () => {
    const usd = { amountMinor: 1, currency: 'USD' };
    const from = (quarter: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, later) => [quartersBefore(quarter, -later), usd]));
    const withMore = (had: object, targets: object) =>
      updatePartner({ ...active, targets: { ...had } }, { targets: { ...targets } }, terms).targets;
    // The third quarter of 2026 goes on.
    expect(withMore(from('2016-Q4', 40), from('2026-Q4', 1))).toEqual(from('2017-Q1', 40));
    expect(withMore(from('2026-Q2', 40), from('2036-Q2', 1))).toEqual(from('2026-Q3', 40));
    const faults = [
      {
        pointer: '#/targets',
        code: 'partner.too_many_targets',
        detail: 'must leave at most 40 quarters, of which only those that are over give way; these would be 41',
      },
    ];
    for (const [had, asked] of [
      [from('2026-Q3', 40), from('2036-Q3', 1)],
      [from('2026-Q4', 40), from('2026-Q2', 1)],
    ] as const)
      expect(refusalOf(() => withMore(had, asked)).details.errors).toEqual(faults);
  });

  test('then only alternatives of the program can be agreed', () => {
    const [alternative = 'none'] = program.incentives.rules.filter((it) => it.alternativeTo).map(({ id }) => id);
    const [usual = 'none'] = program.incentives.rules.filter((it) => !it.alternativeTo).map(({ id }) => id);
    expect(updatePartner(active, { agreedIncentives: [alternative] }, terms).agreedIncentives).toEqual([alternative]);
    const refused = (rules: typeof program.incentives.rules) =>
      refusalOf(() =>
        updatePartner(
          active,
          { agreedIncentives: [alternative, usual].slice(rules.length === 0 ? 1 : 0) },
          { ...terms, program: { ...program, incentives: { ...program.incentives, rules } } },
        ),
      ).details.errors;
    expect(refused(program.incentives.rules)).toEqual([
      {
        pointer: '#/agreedIncentives/1',
        code: 'program.unknown_incentive',
        detail: `must be one of the program's alternatives: ${alternative}`,
      },
    ]);
    expect(refused([])).toEqual([
      {
        pointer: '#/agreedIncentives/0',
        code: 'program.unknown_incentive',
        detail: "must be one of the program's alternatives: it has none",
      },
    ]);
  });

  test('then regions and tiers are those of the program, and all faults are told at once', () => {
    const refusal = refusalOf(() => updatePartner(active, { tier: 'none', region: 'moon' }, terms));
    expect(refusal.details.errors?.map(({ code }) => code).toSorted()).toEqual([
      'partner.reason_missing',
      'program.unknown_region',
      'program.unknown_tier',
    ]);
  });
});

describe('when a deal of a partner is approved', () => {
  test('then the first one since it is active counts, and no other', () => {
    const active = aPartner({ status: 'active', activeAt: now });
    expect(markProductive(active, now)).toEqual({ ...active, firstDealApprovedAt: now });
    expect(markProductive({ ...active, firstDealApprovedAt: now }, now)).toBeUndefined();
    expect(markProductive(aPartner(), now)).toBeUndefined();
  });
});
