import { describe, expect, test } from 'vitest';
import type { Deal } from '#shared/deals/deal.ts';
import type { Participant } from '#shared/earnings/participant.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import { aParticipant, aWonDeal, earned, inWords, withRules } from './a-won-deal.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

type Row = readonly [
  words: string,
  rule: Partial<IncentiveRule>,
  deal: Partial<Deal>,
  partner: Partial<Participant>,
  earns: readonly string[],
];

const percent = 10;
const aTenth = ['commission 5,000.00 pending'];

const rows: readonly Row[] = [
  ['a percentage of the deal', { percent }, {}, {}, aTenth],
  ['a flat amount', { flat: usd(50_000) }, {}, {}, ['commission 500.00 pending']],
  ['the tier’s commission', { percent: 'tier' }, {}, { tier: 'gold' }, aTenth],
  [
    'the tier’s margin',
    { kind: 'margin-rebate', percent: 'tier' },
    {},
    { tier: 'gold' },
    ['margin-rebate 10,000.00 pending'],
  ],
  [
    'a higher tier’s margin',
    { kind: 'margin-rebate', percent: 'tier' },
    {},
    { tier: 'platinum' },
    ['margin-rebate 15,000.00 pending'],
  ],
  ['the margin of a tier that has none', { kind: 'margin-rebate', percent: 'tier' }, {}, { tier: 'authorized' }, []],
  ['a discount is never paid', { kind: 'margin-discount', percent }, {}, {}, []],
  ['nothing on a value of nothing', { flat: usd(50_000) }, { value: usd(0) }, {}, []],
  ['nothing while it is not won', { percent }, { status: 'approved' }, {}, []],

  ['the partner’s type is named', { percent, partnerTypes: ['referral', 'agency'] }, {}, {}, aTenth],
  ['one of its types is named', { percent, partnerTypes: ['agency'] }, {}, { types: ['referral', 'agency'] }, aTenth],
  ['its type is not named', { percent, partnerTypes: ['reseller'] }, {}, {}, []],
  ['its tier is named', { percent, tiers: ['authorized'] }, {}, {}, aTenth],
  ['its tier is not named', { percent, tiers: ['gold'] }, {}, {}, []],
  ['the deal type is named', { percent, dealTypes: ['renewal'] }, { dealType: 'renewal' }, {}, aTenth],
  ['the deal type is not named', { percent, dealTypes: ['renewal'] }, {}, {}, []],
  ['the role is named', { percent, roles: ['sourced'] }, {}, {}, aTenth],
  ['the role is not named', { percent, roles: ['influenced'] }, {}, {}, []],
  ['the product line is named', { percent, productLines: ['platform'] }, {}, {}, aTenth],
  ['the product line is not named', { percent, productLines: ['analytics'] }, {}, {}, []],
  ['the value is the lowest of the band', { percent, dealValueFrom: usd(5_000_000) }, {}, {}, aTenth],
  ['the value is a cent below the band', { percent, dealValueFrom: usd(5_000_001) }, {}, {}, []],
  ['the value is a cent below the end of the band', { percent, dealValueBelow: usd(5_000_001) }, {}, {}, aTenth],
  ['the value is the end of the band', { percent, dealValueBelow: usd(5_000_000) }, {}, {}, []],
  [
    'it closed on the first day of the period',
    { percent, period: { from: '2026-08-01', until: '2026-08-31' } },
    {},
    {},
    aTenth,
  ],
  [
    'it closed on the last day of the period',
    { percent, period: { from: '2026-07-01', until: '2026-08-01' } },
    {},
    {},
    aTenth,
  ],
  ['it closed after the period', { percent, period: { from: '2026-07-01', until: '2026-07-31' } }, {}, {}, []],
  ['it closed before the period', { percent, period: { from: '2026-08-02', until: '2026-08-31' } }, {}, {}, []],
  ['it was approved before it was won', { percent, registeredBeforeWon: true }, {}, {}, aTenth],
  [
    'it was approved on the very day',
    { percent, registeredBeforeWon: true },
    { approvedAt: '2026-08-01T08:00:00.000Z' },
    {},
    aTenth,
  ],
  [
    'it was approved after the day on which it was closed',
    { percent, registeredBeforeWon: true },
    { approvedAt: '2026-08-01T08:00:00.000Z', closedOn: '2026-07-31' },
    {},
    [],
  ],
  ['the value is what was sold', { percent }, { value: usd(1_234_567) }, {}, ['commission 1,234.57 pending']],
];

describe('when a rule is asked what a won deal earns', () => {
  test.each(rows)('then %s', (_words, rule, deal, partner, earns) => {
    expect(inWords(earned(aWonDeal(deal), withRules(rule), [aParticipant(partner)]))).toEqual(earns);
  });
});

describe('when a percentage falls between two cents', () => {
  const halves: readonly (readonly [valueMinor: number, percent: number, cents: number])[] = [
    [5, 10, 0], // 0.5 goes to the even 0
    [15, 10, 2], // 1.5 goes to the even 2
    [25, 10, 2], // 2.5 goes to the even 2
    [35, 10, 4],
    [10_001, 2.5, 250], // 250.025
    [333_333, 12.5, 41_667], // 41,666.625
  ];
  test.each(halves)('then %s minor units at %s percent are %s', (value, rate, cents) => {
    const [earning] = earned(aWonDeal({ value: usd(value) }), withRules({ percent: rate }));
    expect(earning?.amount.amountMinor ?? 0).toBe(cents);
  });
});

describe('when a rule is an alternative to another', () => {
  const program = withRules(
    { percent },
    { flat: usd(50_000), alternativeTo: 'rule-1', dealValueBelow: usd(6_000_000) },
  );
  const agreed = { agreed: ['rule-2'] };
  test.each([
    ['nothing was agreed: the other one', {}, {}, ['commission 5,000.00 pending']],
    ['it was agreed: this one instead', agreed, {}, ['commission 500.00 pending']],
    [
      'it was agreed and does not fit this deal: the other one',
      agreed,
      { value: usd(7_000_000) },
      ['commission 7,000.00 pending'],
    ],
  ] as const)('then where %s', (_words, partner, deal, earns) => {
    expect(inWords(earned(aWonDeal(deal), program, [aParticipant(partner)]))).toEqual(earns);
  });
});

describe('when partners share a deal', () => {
  const shared = (...shares: readonly number[]) =>
    shares.map((sharePercent, index) => aParticipant({ partnerId: `ptr_${index + 1}`, sharePercent }));
  const amounts = (value: number, ...shares: readonly number[]) =>
    earned(aWonDeal({ value: usd(value) }), withRules({ percent }), shared(...shares)).map(
      ({ amount }) => amount.amountMinor,
    );

  test.each([
    ['halves', 5_000_000, [50, 50], [250_000, 250_000]],
    ['halves of an odd cent', 50_010, [50, 50], [2501, 2500]],
    ['thirds, to the last cent', 100_000, [33, 33, 34], [3300, 3300, 3400]],
    ['thirds of a cent more', 100_010, [33, 33, 34], [3300, 3300, 3401]],
  ] as const)('then %s', (_words, value, shares, expected) => {
    const parts = amounts(value, ...shares);
    expect([...parts].sort((a, b) => b - a)).toEqual([...expected].sort((a, b) => b - a));
  });

  test('then no cent is lost or made, whatever the value and the shares', () => {
    const tenPercent = withRules({ percent });
    const of = (value: number, ...shares: readonly number[]) =>
      earned(aWonDeal({ value: usd(value) }), tenPercent, shared(...shares)).map(({ amount }) => amount.amountMinor);
    for (let value = 1; value < 4000; value += 37) {
      for (const first of [1, 10, 33, 50, 67, 99]) {
        const parts = of(value, first, 100 - first);
        const [whole] = of(value, 100);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole ?? 0);
      }
    }
  });

  const helper = aParticipant({ partnerId: 'ptr_2', role: 'influenced', sharePercent: 0 });
  test('then an influencing partner without a share earns nothing by rules for everybody', () => {
    const earnings = earned(aWonDeal(), withRules({ percent }), [aParticipant(), helper]);
    expect(earnings.map(({ partnerId, amount }) => [partnerId, amount.amountMinor])).toEqual([['ptr_1', 500_000]]);
  });

  test('then a rule that names its role pays it on the whole', () => {
    const program = withRules({ percent, roles: ['sourced'] }, { percent: 3, roles: ['influenced'] });
    const earnings = earned(aWonDeal(), program, [aParticipant(), helper]);
    expect(earnings.map(({ partnerId, amount }) => [partnerId, amount.amountMinor])).toEqual([
      ['ptr_1', 500_000],
      ['ptr_2', 150_000],
    ]);
  });
});

describe('when a rule pays the rep', () => {
  const rep = { name: 'Bob Byron', email: 'bob@acme.example' };
  const spiff = { kind: 'spiff', flat: usd(50_000), payTo: 'rep', form: 'gift-card' } as const;
  const of = (deal: Partial<Deal>, partner: Partial<Participant>) =>
    earned(aWonDeal(deal), withRules(spiff), [aParticipant(partner)])[0];

  test('then it is in the rep’s name, and paid to the partner unless that agreed otherwise', () => {
    expect(of({ rep }, {})).toMatchObject({ kind: 'spiff', rep });
    expect(of({ rep }, {})?.payTo).toBeUndefined();
  });
  test('then with the partner’s consent it is paid to the rep, as the rule says', () => {
    expect(of({ rep }, { paysReps: true })).toMatchObject({ rep, payTo: 'rep', form: 'gift-card' });
  });
  test('then a deal without a rep earns it for the partner', () => {
    expect(of({}, { paysReps: true })?.amount.amountMinor).toBe(50_000);
    expect(of({}, { paysReps: true })?.rep).toBeUndefined();
  });
  test('then another partner’s share is not in the name of this rep', () => {
    const helper = aParticipant({ partnerId: 'ptr_2', sharePercent: 50 });
    const earnings = earned(aWonDeal({ rep }), withRules(spiff), [aParticipant({ sharePercent: 50 }), helper]);
    expect(earnings.map(({ partnerId, rep: named }) => [partnerId, named?.name])).toEqual([
      ['ptr_1', 'Bob Byron'],
      ['ptr_2', undefined],
    ]);
  });
});

describe('when the example program is asked', () => {
  const kinds = (deal: Partial<Deal>, partner: Partial<Participant>) =>
    inWords(earned(aWonDeal(deal), undefined, [aParticipant(partner)]));
  test.each([
    ['a referral partner’s new deal', {}, {}, ['commission 5,000.00 pending', 'spiff 500.00 pending']],
    [
      'a referred small customer, where the flat fee was agreed',
      { value: usd(800_000) },
      { agreed: ['small-customer-referral'] },
      ['commission 500.00 pending'],
    ],
    ['a referral partner’s renewal', { dealType: 'renewal' }, {}, ['spiff 500.00 pending']],
    [
      'a gold reseller',
      {},
      { types: ['reseller'], tier: 'gold' },
      ['margin-rebate 10,000.00 pending', 'spiff 500.00 pending'],
    ],
    [
      'a platinum reseller',
      {},
      { types: ['reseller'], tier: 'platinum' },
      ['margin-rebate 15,000.00 pending', 'spiff 500.00 pending'],
    ],
    ['an authorized reseller below the SPIFF', { value: usd(999_999) }, { types: ['reseller'] }, []],
  ] as const)('then %s earns what PRODUCT §3 says', (_words, deal, partner, earns) => {
    expect(kinds(deal as Partial<Deal>, partner as Partial<Participant>)).toEqual(earns);
  });
});
