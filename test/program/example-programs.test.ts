import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addBusinessDays } from '#shared/core/business-days.ts';
import { defaultSignals } from '#shared/health/default-signals.ts';
import { guideOf } from '#shared/program/guide.ts';
import { guideMarkdown } from '#shared/program/guide-markdown.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { crmSource, exampleSource } from './example-files.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('when the example program is read', () => {
  const program = parseProgram(exampleSource);

  it('then its frame is that of API.md', () => {
    expect(program).toMatchObject({
      currency: 'USD',
      timeZone: 'UTC',
      fiscalYearStart: 1,
      regions: ['amer', 'emea', 'apac'],
    });
    expect(program.partnerTypes.filter((type) => type.admittedWithoutReview).map((type) => type.id)).toEqual([
      'affiliate',
      'influencer',
    ]);
    expect(program.partnerTypes).toHaveLength(12);
  });

  it('then tiers have the figures of PRODUCT §3, and the highest has no limit', () => {
    expect(
      program.tiers.map(({ id, criteria, benefits }) => ({ id, from: criteria.annualRevenue, ...benefits })),
    ).toEqual([
      { id: 'authorized', from: usd(0), commissionPercent: 10, openRegistrationLimit: 25 },
      {
        id: 'gold',
        from: usd(10_000_000),
        commissionPercent: 10,
        marginPercent: 20,
        mdfPerQuarter: usd(500_000),
        openRegistrationLimit: 100,
        partnerManager: true,
        leads: true,
      },
      {
        id: 'platinum',
        from: usd(50_000_000),
        commissionPercent: 10,
        marginPercent: 30,
        mdfPerQuarter: usd(2_000_000),
        partnerManager: true,
        leads: true,
        firstInReviewQueue: true,
        more: ['Joint PR', 'Roadmap previews'],
      },
    ]);
  });

  it('then deals have the figures of PRODUCT §2', () => {
    expect(program.deals).toEqual({
      minimumValue: usd(500_000),
      autoApproveBelow: usd(2_500_000),
      closeWithinMonths: 18,
      protectionDays: 90,
      extensionDays: 60,
      warningDays: [30, 14, 7, 1],
      coolOffDays: 30,
      newAfterWinMonths: 12,
      knownAccounts: 'review',
      lateApproval: { enabled: true, afterBusinessDays: 3 },
      lookAlikeThreshold: 85,
      returnedLapseDays: 30,
    });
  });

  it('then approvals have the figures of API.md', () => {
    const { approvals } = program;
    expect(approvals.deal_registration).toMatchObject({ remindAfterBusinessDays: 1, dueAfterBusinessDays: 2 });
    expect(approvals.partner_application).toMatchObject({ remindAfterBusinessDays: 2, dueAfterBusinessDays: 3 });
    expect(approvals.mdf_request.dueAfterBusinessDays).toBe(3);
    expect(approvals.mdf_request.steps[1]).toEqual({ role: 'finance', decisions: 1, onlyAbove: usd(500_000) });
    expect(approvals.mdf_claim).toMatchObject({
      dueAfterBusinessDays: 5,
      steps: [{ role: 'finance', decisions: 1, moreAbove: { amount: usd(500_000), decisions: 2 } }],
    });
    expect(approvals.payout_run).toMatchObject({
      dueAfterBusinessDays: 2,
      steps: [{ role: 'finance', decisions: 1, moreAbove: { amount: usd(5_000_000), decisions: 2 } }],
    });
  });

  it('then MDF, payouts and health have the figures of PRODUCT §4 to §6', () => {
    expect(program.mdf).toMatchObject({ sharePercent: 50, claimWithinDays: 60, returnedLapseDays: 30 });
    expect(program.mdf.activityTypes.map((type) => type.id)).toEqual([
      'event',
      'webinar',
      'digital-ads',
      'content',
      'training',
    ]);
    expect(program.payouts).toMatchObject({
      holdDays: 30,
      holdDaysOf: { spiff: 0 },
      minimum: usd(5000),
      disputeWithinDays: 30,
    });
    expect(Object.values(program.health.weights)).toEqual([20, 18, 16, 15, 12, 11, 8]);
    expect(program.health.bands).toEqual({ strong: 75, stable: 60 });
  });

  it('then incentives have the figures of PRODUCT §3', () => {
    const rules = Object.fromEntries(program.incentives.rules.map((rule) => [rule.id, rule]));
    expect(rules['small-customer-referral']).toMatchObject({ flat: usd(50_000), alternativeTo: 'referral-commission' });
    expect(rules['million-margin']).toMatchObject({ per: 'year', salesFrom: usd(100_000_000), percent: 5 });
    expect(rules['target-commission']).toMatchObject({ per: 'quarter', targetPercentFrom: 100, percent: 5 });
    expect(rules['deal-spiff']).toMatchObject({
      kind: 'spiff',
      dealValueFrom: usd(1_000_000),
      flat: usd(50_000),
      payTo: 'rep',
    });
  });

  it('then it is a calendar of business days', () => {
    expect(addBusinessDays('2026-07-03T10:00:00.000Z', 1, program)).toBe('2026-07-06T10:00:00.000Z');
  });

  it('then its signals are those that hold where none are named, and its example of a track is right', () => {
    expect(program.health.signals).toEqual(defaultSignals);
    const [before, example = ''] = exampleSource.split(/^ {2}# Partners whose main type.*\n/m);
    const { tracks } = parseProgram(`${before}${example.replaceAll(/^ {2}# {3}/gm, '  ')}`).health;
    expect(tracks).toMatchObject([{ id: 'alliances', without: ['reciprocity', 'lead-response'] }]);
  });

  it('then its guide beside it is current', () => {
    const guide = guideMarkdown(guideOf({ version: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', program }));
    expect(guide).toBe(readFileSync('examples/program-guide.md', 'utf8'));
  });
});

describe('when the program of the CRM is read', () => {
  const program = parseProgram(crmSource);

  it('then its product lines can be derived from their names', () => {
    expect(program.productLines.map((line) => line.id)).toEqual(
      program.productLines.map((line) => line.name.toLowerCase().replaceAll(' ', '-')),
    );
    expect(program.productLines).toHaveLength(7);
  });

  it('then deals are as free as its data were', () => {
    expect(program.deals).toMatchObject({
      minimumValue: usd(0),
      autoApproveBelow: usd(1_000_000),
      protectionDays: 90,
      coolOffDays: 0,
      newAfterWinMonths: 0,
    });
    expect(program.deals).not.toHaveProperty('lookAlikeThreshold');
    expect(program.tiers.map((tier) => tier.benefits)).toEqual([{ commissionPercent: 10 }]);
    expect(program).toMatchObject({ territories: [], regions: ['central', 'east', 'west'] });
  });

  it('then its incentives are those of its README', () => {
    expect(program.incentives.rules).toMatchObject([
      { id: 'referral-commission', dealTypes: ['new'], percent: 'tier' },
      { id: 'registration-bonus', percent: 2, registeredBeforeWon: true },
      { id: 'gtk-500-spiff', productLines: ['gtk-500'], flat: usd(50_000), payTo: 'rep' },
      { id: 'quarterly-rebate', per: 'quarter', salesFrom: usd(10_000_000), percent: 2 },
    ]);
    expect(program.payouts).toMatchObject({ every: 'month', dayOfMonth: 5, holdDays: 30, minimum: usd(5000) });
  });
});
