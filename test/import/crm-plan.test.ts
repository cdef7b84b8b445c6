import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { momentsOf, type Plan } from '#local/import/plan.ts';
import { crmFolder, unlessMissing } from '#test/import/crm-data.ts';
import { type Row, writeCrmExport } from '#test/import/crm-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-crm-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

function planOf(rows: readonly Row[]): Plan {
  writeCrmExport(folder, rows);
  return crmPlan(readCrmFolder(folder));
}

describe('the plan of a CRM import', () => {
  it('when the export names agents, then each is a partner, whether it has opportunities or not', () => {
    const { partners } = planOf([]);
    expect(partners.map(({ key, region, manager }) => [key, region, manager])).toEqual([
      ['ann-arbor', 'east', 'Mia Moss'],
      ['bob-berg', 'west', 'Noa Nash'],
      ['ida-idle', 'west', 'Noa Nash'],
    ]);
    expect(partners[0]).toMatchObject({
      name: 'Ann Arbor Partners',
      websiteUrl: 'https://ann-arbor.example',
      types: ['referral'],
      contact: { firstName: 'Ann', lastName: 'Arbor', email: 'ann-arbor@ann-arbor.example' },
    });
  });

  it('when a row is won, then it is registered at list price and closed at its own value, paid 30 days later', () => {
    const plan = planOf([
      { id: 'A', account: 'Gekko & Co', product: 'GTXPro', engaged: '12/9/2024', closed: '2/1/2025', value: '5001.5' },
    ]);
    expect(plan.registrations).toEqual([
      {
        rowId: 'A',
        at: '2024-12-09T12:00:00.000Z',
        partnerKey: 'ann-arbor',
        customer: { companyName: 'Gekko & Co', websiteUrl: 'https://gekko-co.example', countryCode: 'PH' },
        productLine: 'gtx-pro',
        valueMinor: 482_100,
        expectedCloseDate: '2025-03-09',
      },
    ]);
    expect(plan.closes).toEqual([
      {
        rowId: 'A',
        at: '2025-02-01T12:00:00.000Z',
        partnerKey: 'ann-arbor',
        lane: 'https://gekko-co.example gtx-pro',
        closedOn: '2025-02-01',
        result: { outcome: 'won', valueMinor: 500_150, invoicePaidOn: '2025-03-03' },
      },
    ]);
  });

  const faulty: readonly (readonly [label: string, row: Row, reason: string])[] = [
    ['no account, and no date either', { id: 'A', account: '', stage: 'Prospecting' }, 'no-account'],
    ['an account the CRM does not list', { id: 'A', account: 'Ghost', engaged: '7/1/2024' }, 'unknown-account'],
    ['no engage date', { id: 'A' }, 'no-engage-date'],
    ['a date that no calendar has', { id: 'A', engaged: '2/30/2024' }, 'bad-engage-date'],
    ['a date written another way', { id: 'A', engaged: '2024-07-01' }, 'bad-engage-date'],
    ['an unknown agent', { id: 'A', agent: 'Nobody', engaged: '7/1/2024' }, 'unknown-agent'],
    ['an unknown product', { id: 'A', product: 'GTX Max', engaged: '7/1/2024' }, 'unknown-product'],
    ['an unknown stage', { id: 'A', stage: 'constructor', engaged: '7/1/2024' }, 'unknown-stage'],
    ['a close without a date', { id: 'A', stage: 'Lost', engaged: '7/1/2024' }, 'bad-close-date'],
    ['a win without a value', { id: 'A', stage: 'Won', engaged: '7/1/2024', closed: '8/1/2024' }, 'bad-close-value'],
    [
      'a win of less than a cent',
      { id: 'A', stage: 'Won', engaged: '7/1/2024', closed: '8/1/2024', value: '0.001' },
      'bad-close-value',
    ],
    ['no opportunity id', { id: '', engaged: '7/1/2024' }, 'no-opportunity-id'],
  ];
  for (const [label, row, reason] of faulty) {
    it(`when a row has ${label}, then it is not usable and says why`, () => {
      const plan = planOf([row]);
      expect([plan.unusable.map((one) => one.reason), plan.registrations, plan.closes]).toEqual([[reason], [], []]);
    });
  }

  it('when an opportunity id comes twice, then the second row is not usable', () => {
    const plan = planOf([
      { id: 'A', engaged: '7/1/2024' },
      { id: 'A', engaged: '7/2/2024' },
    ]);
    expect(plan.registrations.map((one) => one.at)).toEqual(['2024-07-01T12:00:00.000Z']);
    expect(plan.unusable).toEqual([{ rowId: 'A', partnerKey: 'ann-arbor', reason: 'duplicate-opportunity' }]);
  });

  it('when several things happen on one day, then closes stand before registrations and both go by opportunity id', () => {
    const moments = momentsOf(
      planOf([
        { id: 'D', engaged: '7/2/2024' },
        { id: 'C', engaged: '7/2/2024' },
        { id: 'B', engaged: '7/1/2024', closed: '7/2/2024' },
        { id: 'A', engaged: '7/1/2024', closed: '7/2/2024' },
      ]),
    );
    expect(
      moments.map(({ at, closes, registrations }) => [
        at.slice(0, 10),
        closes.map((one) => one.rowId),
        registrations.map((one) => one.rowId),
      ]),
    ).toEqual([
      ['2024-07-01', [], ['A', 'B']],
      ['2024-07-02', ['A', 'B'], ['C', 'D']],
    ]);
  });

  it.skipIf(!crmFolder)(
    `when it is the whole sample, then every row is planned or said to be unusable${unlessMissing}`,
    () => {
      const plan = crmPlan(readCrmFolder(crmFolder ?? ''));
      expect(plan.rowCount).toBe(8_800);
      expect([plan.partners.length, plan.registrations.length, plan.closes.length, plan.unusable.length]).toEqual([
        35, 7_212, 6_711, 1_588,
      ]);
      expect(momentsOf(plan)).toHaveLength(419);
    },
  );
});
