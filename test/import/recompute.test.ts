import { describe, expect, it } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import { crmFolder, readCrmTables, unlessMissing } from '#test/import/crm-data.ts';
import { crmExport, type Row } from '#test/import/crm-export.ts';
import { recompute, tally } from '#test/import/recompute.ts';
import { recomputeFacts } from '#test/import/recompute-facts.ts';

const outcomes = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(
    [...recompute(crmExport(rows))].map(([id, row]) => [id, `${row.registration} | ${row.close} | ${row.final}`]),
  );

/** A row far in the future for another customer: it only lets time pass. */
const later: Row = { id: 'Z', account: 'Gekko & Co', engaged: '12/31/2024' };

const cases: readonly {
  readonly when: string;
  readonly rows: readonly Row[];
  readonly outcome: Readonly<Record<string, string>>;
}[] = [
  {
    when: 'a deal is won within its protection',
    rows: [{ id: 'A', engaged: '7/1/2024', closed: '8/1/2024', value: '5000' }],
    outcome: { A: 'approved | won | won' },
  },
  {
    when: 'the same partner registers customer and product again while its own is live',
    rows: [
      { id: 'A', engaged: '7/1/2024' },
      { id: 'B', engaged: '7/2/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'refused:deal.already_registered | none | refused' },
  },
  {
    when: 'another partner comes while it is live, and its own close is tried later',
    rows: [
      { id: 'A', engaged: '7/1/2024' },
      { id: 'B', agent: 'Bob Berg', engaged: '7/2/2024', closed: '7/9/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'refused:deal.conflict | refused:registration-refused | refused' },
  },
  {
    when: 'the product differs, or the customer does',
    rows: [
      { id: 'A', engaged: '7/1/2024' },
      { id: 'B', agent: 'Bob Berg', product: 'GTK 500', engaged: '7/2/2024' },
      { id: 'C', agent: 'Bob Berg', account: 'Gekko & Co', engaged: '7/2/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'approved | none | approved', C: 'approved | none | approved' },
  },
  {
    when: 'the product is spelled without its space',
    rows: [
      { id: 'A', engaged: '7/1/2024' },
      { id: 'B', agent: 'Bob Berg', product: 'GTXPro', engaged: '7/2/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'refused:deal.conflict | none | refused' },
  },
  {
    when: 'two want the customer on one day, the lower opportunity id is first',
    rows: [
      { id: 'B', engaged: '7/1/2024' },
      { id: 'A', agent: 'Bob Berg', engaged: '7/1/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'refused:deal.conflict | none | refused' },
  },
  {
    when: 'a close frees the customer on the day another one registers',
    rows: [
      { id: 'B', engaged: '7/1/2024', closed: '8/1/2024' },
      { id: 'A', agent: 'Bob Berg', engaged: '8/1/2024' },
    ],
    outcome: { A: 'approved | none | approved', B: 'approved | lost | lost' },
  },
  {
    when: 'protection ends at the very instant of a registration 90 days later, and not a day before',
    rows: [
      { id: 'A', engaged: '7/1/2024' },
      { id: 'B', agent: 'Bob Berg', engaged: '9/28/2024' },
      { id: 'C', agent: 'Bob Berg', engaged: '9/29/2024' },
    ],
    outcome: {
      A: 'approved | none | expired',
      B: 'refused:deal.conflict | none | refused',
      C: 'approved | none | approved',
    },
  },
  {
    when: 'a close comes at the very instant protection ends',
    rows: [{ id: 'A', engaged: '7/1/2024', closed: '9/29/2024', value: '1' }],
    outcome: { A: 'approved | refused:expired | expired' },
  },
  {
    when: 'a close comes a day before protection ends',
    rows: [{ id: 'A', engaged: '7/1/2024', closed: '9/28/2024', value: '1' }],
    outcome: { A: 'approved | won | won' },
  },
  {
    when: 'a row closes on the day it opens, or before',
    rows: [
      { id: 'A', engaged: '7/1/2024', closed: '7/1/2024' },
      { id: 'B', account: 'Gekko & Co', engaged: '7/2/2024', closed: '7/1/2024', value: '7' },
      { ...later, product: 'GTK 500' },
    ],
    outcome: {
      A: 'approved | refused:not-there-yet | expired',
      B: 'approved | refused:not-there-yet | expired',
      Z: 'approved | none | approved',
    },
  },
  {
    when: 'an expired deal of the same partner is followed by a new one, the close of the old one leaves the new one alone',
    rows: [
      { id: 'A', engaged: '7/1/2024', closed: '10/5/2024' },
      { id: 'B', engaged: '10/1/2024', closed: '10/9/2024' },
    ],
    outcome: { A: 'approved | refused:expired | expired', B: 'approved | lost | lost' },
  },
  {
    when: 'a row has no account, or no date, or neither',
    rows: [
      { id: 'A', account: '', engaged: '7/1/2024' },
      { id: 'B', stage: 'Prospecting' },
      { id: 'C', account: '', stage: 'Prospecting' },
    ],
    outcome: {
      A: 'unusable:no-account | none | unusable',
      B: 'unusable:no-engage-date | none | unusable',
      C: 'unusable:no-account | none | unusable',
    },
  },
];

describe('what must come out of the CRM rows, by the data page', () => {
  for (const { when, rows, outcome } of cases) {
    it(`when ${when}`, () => expect(outcomes(rows)).toEqual(outcome));
  }

  it('when a row says what the page does not speak about, then it is not guessed', () => {
    expect(() => recompute(crmExport([{ id: 'A', product: 'Unheard', engaged: '7/1/2024' }]))).toThrow('no product');
    expect(() => recompute(crmExport([{ id: 'A', engaged: '2024-07-01' }]))).toThrow('2024-07-01');
  });

  it.skipIf(!crmFolder)(`when it is the whole sample, then these are the figures${unlessMissing}`, () => {
    const rows = [...recompute(readCrmTables(crmFolder ?? '')).values()];
    expect(rows).toHaveLength(8_800);
    expect(tally(rows, 'registration')).toEqual({
      approved: 2_409,
      'refused:deal.already_registered': 590,
      'refused:deal.conflict': 4_213,
      'unusable:no-account': 1_425,
      'unusable:no-engage-date': 163,
    });
    expect(tally(rows, 'close')).toEqual({
      won: 1_052,
      lost: 629,
      'refused:expired': 552,
      'refused:not-there-yet': 11,
      'refused:registration-refused': 4_467,
      none: 2_089,
    });
    expect(tally(rows, 'final')).toEqual({
      won: 1_052,
      lost: 629,
      expired: 716,
      approved: 12,
      refused: 4_803,
      unusable: 1_588,
    });
  });
});

describe('facts recomputed from rows', () => {
  it('when a deal is won, one lost and one left to expire, then each says what happened, when and at which value', () => {
    const [ann, , ida] = recomputeFacts(
      crmExport([
        { id: 'A', engaged: '7/1/2024', closed: '8/5/2024', value: '5000' },
        { id: 'B', account: 'Gekko & Co', engaged: '9/30/2024', closed: '10/1/2024' },
        { id: 'C', account: 'Nowhere', engaged: '9/1/2024' },
        { id: 'D', account: 'Nowhere', engaged: '9/2/2024' },
      ]),
    );
    const told = ({ kind, value, at }: Fact) => `${kind} ${value} ${new Date(at * 1000).toISOString().slice(0, 13)}`;
    const ofDeals = (facts: readonly Fact[] = []) => facts.filter(({ kind }) => kind.startsWith('deal')).map(told);
    expect(ofDeals(ann?.facts)).toEqual([
      'deal.first 30 2024-07-01T12',
      'deal.registered.new 482100 2024-07-01T12',
      'deal.approved 482100 2024-07-01T12',
      'deal.won.sourced.new 500000 2024-08-05T00',
      'deal.cycle 35 2024-08-05T00',
      'deal.registered.new 482100 2024-09-30T12',
      'deal.approved 482100 2024-09-30T12',
      'deal.lost 482100 2024-10-01T00',
      'deal.registered.new 482100 2024-09-01T12',
      'deal.approved 482100 2024-09-01T12',
      'deal.ended 482100 2024-11-30T12',
    ]);
    expect(ann?.facts.find(({ kind }) => kind === 'deal.lost')?.quarter).toBe('2024-Q4');
    expect(ann?.profile).toEqual({ status: 'active', tier: 'authorized', region: 'east', types: ['referral'] });
    expect(ida?.facts.map(({ kind }) => kind)).toEqual(['partner.applied', 'partner.activated', 'partner.agreement']);
  });
});
