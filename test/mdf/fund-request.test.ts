import { describe, expect, test } from 'vitest';
import { type FundRequestStatus, fundRequestLifecycle, fundRequestStatuses, Plan } from '#shared/mdf/fund-request.ts';
import { planFaults } from '#shared/mdf/request-faults.ts';
import { approveRequest, endedBy, resubmitRequest, submitRequest, withdrawRequest } from '#shared/mdf/request-life.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aPlan, usd } from './a-fund-request.ts';

const now = '2026-07-01T12:00:00.000Z';
const program = aProgram();
const terms = { version: 3, program };
const plan = (overrides: Readonly<Record<string, unknown>> = {}): Plan => Plan.parse(aPlan(overrides));

describe('when a plan is held against the program', () => {
  test.each<
    readonly [
      label: string,
      overrides: Readonly<Record<string, unknown>>,
      faults: readonly (readonly [string, string])[],
    ]
  >([
    ['a right one', {}, []],
    ['exactly our share', { expectedCost: usd(800_000), requestedAmount: usd(400_000) }, []],
    ['a cent above our share', { requestedAmount: usd(400_001) }, [['#/requestedAmount', 'mdf.share_too_high']]],
    ['half of an odd cent, rounded to even', { expectedCost: usd(3), requestedAmount: usd(2) }, []],
    [
      'an activity the program does not pay',
      { activityType: 'party' },
      [['#/activityType', 'mdf.activity_not_eligible']],
    ],
    ['today', { startDate: '2026-07-01', endDate: '2026-07-01' }, []],
    [
      'yesterday',
      { startDate: '2026-06-30', endDate: '2026-07-02', quarter: '2026-Q2' },
      [['#/startDate', 'mdf.dates_out_of_range']],
    ],
    ['an end before the start', { endDate: '2026-08-19' }, [['#/endDate', 'mdf.dates_out_of_range']]],
    ['an end in another quarter', { endDate: '2026-11-30' }, []],
    ['an end more than a year later', { endDate: '2027-08-21' }, [['#/endDate', 'mdf.dates_out_of_range']]],
    [
      'a start in another quarter',
      { startDate: '2026-10-01', endDate: '2026-10-02' },
      [['#/quarter', 'mdf.dates_out_of_range']],
    ],
    ['the last day of the quarter', { startDate: '2026-09-30', endDate: '2026-09-30' }, []],
    [
      'another currency',
      { expectedCost: { amountMinor: 1, currency: 'EUR' } },
      [['#/expectedCost/currency', 'money.currency_mismatch']],
    ],
    ['an unknown region', { region: 'mars' }, [['#/region', 'program.unknown_region']]],
    [
      'everything at once',
      {
        activityType: 'party',
        startDate: '2020-01-01',
        endDate: '2019-01-01',
        requestedAmount: usd(900_000),
        region: 'mars',
      },
      [
        ['#/activityType', 'mdf.activity_not_eligible'],
        ['#/startDate', 'mdf.dates_out_of_range'],
        ['#/quarter', 'mdf.dates_out_of_range'],
        ['#/endDate', 'mdf.dates_out_of_range'],
        ['#/requestedAmount', 'mdf.share_too_high'],
        ['#/region', 'program.unknown_region'],
      ],
    ],
  ])('then %s has exactly its faults', (_, overrides, faults) => {
    expect(planFaults(plan(overrides), program, now).map(({ pointer, code }) => [pointer, code])).toEqual(faults);
  });

  test('then quarters are the fiscal ones of the program, and today is today where it lives', () => {
    const other = aProgram({ fiscalYearStart: 7, timeZone: 'Asia/Tokyo' });
    const late = '2026-08-19T15:00:00.000Z';
    expect(planFaults(plan({ quarter: '2027-Q1' }), other, late)).toEqual([]);
    expect(planFaults(plan({ quarter: '2027-Q1', startDate: '2026-08-19' }), other, late)).toMatchObject([
      { pointer: '#/startDate' },
    ]);
  });
});

const submitted = submitRequest(plan(), { id: 'mdr_1', partnerId: 'ptr_1', now, by: 'usr_rep' }, terms);
const approved = approveRequest(submitted, usd(400_000), { now, program });
const balances = { reservedLeft: 400_000, inReview: 0, reimbursed: 0 };
const deadline = '2026-10-21T00:00:00.000Z';

describe('when a request is decided', () => {
  test('then it can be claimed for 60 days after the activity has ended, to the end of that day', () => {
    expect(approved).toMatchObject({ status: 'approved', approvedAmount: usd(400_000), claimUntil: deadline });
    expect(approved.awaits).toBeUndefined();
    const berlin = approveRequest(submitted, usd(1), { now, program: aProgram({ timeZone: 'Europe/Berlin' }) });
    expect(berlin.claimUntil).toBe('2026-10-20T22:00:00.000Z');
  });

  test('then the rules of claiming stay those under which it was submitted', () => {
    const stricter = aProgram({ mdf: { ...program.mdf, claimWithinDays: 10, sharePercent: 20 } });
    expect(approveRequest(submitted, usd(1), { now, program: stricter }).claimUntil).toBe(deadline);
    expect(submitted.terms).toEqual({ sharePercent: 50, withinDays: 60, proofs: ['attendee-list', 'photo'] });
  });
});

describe('when time passes', () => {
  test.each([
    ['an instant before the window closes', approved, balances, '2026-10-20T23:59:59.999Z', undefined],
    ['when it closes with nothing claimed', approved, balances, deadline, 'expired'],
    [
      'when it closes and part of it was reimbursed',
      approved,
      { ...balances, reservedLeft: 1, reimbursed: 5 },
      deadline,
      'completed',
    ],
    ['when it closes and a claim is under review', approved, { ...balances, inReview: 5 }, deadline, undefined],
    [
      'when all of it was reimbursed',
      approved,
      { reservedLeft: 0, inReview: 0, reimbursed: 400_000 },
      now,
      'completed',
    ],
    [
      'while a decision can be disputed',
      approved,
      { ...balances, heldUntil: '2026-11-01T00:00:00.000Z' },
      deadline,
      undefined,
    ],
    ['when it waits for a decision', submitted, balances, deadline, undefined],
  ] as const)('then %s it has ended or not', (_, request, where, at, expected) => {
    expect(endedBy(request, where, at)).toBe(expected);
  });
});

describe('when a request is sent again', () => {
  const returned = { ...submitted, status: 'returned' as const, returnedUntil: '2026-07-31T12:00:00.000Z' };
  const again = { ...terms, now, by: 'usr_rep' };

  test('then it waits for its second decision, and what the body leaves out is gone', () => {
    const next = resubmitRequest({ ...returned, region: 'emea' }, plan({ title: 'Another fair' }), again);
    expect(next).toMatchObject({ status: 'submitted', title: 'Another fair', approvals: 2 });
    expect(next.awaits?.approvalId).toBe('apr_mdr_1_2');
    expect(next.region).toBeUndefined();
    expect(next.returnedUntil).toBeUndefined();
  });

  test('then it is refused after its time, and by the rules', () => {
    const late = { ...again, now: '2026-07-31T12:00:00.000Z' };
    expect(() => resubmitRequest(returned, plan(), late)).toThrow('has passed');
    expect(() => resubmitRequest(returned, plan({ activityType: 'party' }), again)).toThrow('eligible');
    expect(() => resubmitRequest(submitted, plan(), again)).toThrow('cannot become submitted');
  });

  test('then it may be withdrawn instead, but not once it is approved', () => {
    expect(withdrawRequest(returned, 'No venue.')).toMatchObject({ status: 'withdrawn', reason: 'No venue.' });
    expect(() => withdrawRequest(approved)).toThrow('cannot become withdrawn');
  });
});

describe('when the lifecycle is written out again', () => {
  const allowed: Readonly<Record<FundRequestStatus, string>> = {
    submitted: 'approved rejected returned withdrawn',
    returned: 'submitted withdrawn expired',
    approved: 'completed expired',
    rejected: '',
    withdrawn: '',
    completed: '',
    expired: '',
  };
  test.each(fundRequestStatuses)('then %s goes where API.md says', (status) => {
    expect(fundRequestLifecycle[status].join(' ')).toBe(allowed[status]);
  });
});
