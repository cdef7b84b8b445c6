import { describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { addDays } from '#shared/core/time.ts';
import { type Deal, Registration } from '#shared/deals/deal.ts';
import {
  approveAtOnce,
  checkRegistration,
  needsNobody,
  registerDeal,
  rejectDeal,
  resubmitDeal,
  returnDeal,
  type Terms,
} from '#shared/deals/deal-registration.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aDeal, aRegistration, registeredAt, returnedUntil, terms } from './a-deal.ts';

const now = registeredAt;
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const anInput = (overrides: Record<string, unknown> = {}): Registration => Registration.parse(aRegistration(overrides));
const about = { id: 'deal_1', partnerId: 'ptr_1', now, by: 'usr_rep_ptr_1' };

/** The codes of every broken rule, in order; none when it is taken. */
const faultsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof DomainError) return (error.details.errors ?? []).map((it) => `${it.pointer} ${it.code}`);
    throw error;
  }
};

const rows: readonly (readonly [label: string, overrides: Record<string, unknown>, faults: readonly string[]])[] = [
  ['the minimum', { value: usd(500_000) }, []],
  ['a cent less than the minimum', { value: usd(499_999) }, ['#/value deal.below_minimum']],
  ['nothing at all', { value: usd(0) }, ['#/value deal.below_minimum']],
  ['as much as can be kept', { value: usd(Number.MAX_SAFE_INTEGER) }, []],
  ['another currency', { value: { amountMinor: 1, currency: 'EUR' } }, ['#/value/currency money.currency_mismatch']],
  ['a close today', { expectedCloseDate: '2026-07-01' }, []],
  ['a close yesterday', { expectedCloseDate: '2026-06-30' }, ['#/expectedCloseDate deal.close_date_out_of_range']],
  ['a close in 18 months', { expectedCloseDate: '2028-01-01' }, []],
  [
    'a close a day after 18 months',
    { expectedCloseDate: '2028-01-02' },
    ['#/expectedCloseDate deal.close_date_out_of_range'],
  ],
  ['another product line', { productLine: 'analytics' }, []],
  [
    'a segment of the program',
    { customer: { companyName: 'Acme', websiteUrl: 'acme.example', countryCode: 'US', segment: 'enterprise' } },
    [],
  ],
  [
    'an unknown segment',
    { customer: { companyName: 'Acme', websiteUrl: 'acme.example', countryCode: 'US', segment: 'nobody' } },
    ['#/customer/segment program.unknown_segment'],
  ],
  ['an unknown product line', { productLine: 'nothing' }, ['#/productLine program.unknown_product_line']],
  [
    'every fault at once',
    { productLine: 'nothing', value: usd(1), expectedCloseDate: '2020-01-01' },
    [
      '#/productLine program.unknown_product_line',
      '#/value deal.below_minimum',
      '#/expectedCloseDate deal.close_date_out_of_range',
    ],
  ],
];

describe('when a registration is checked against the program', () => {
  test.each(rows)('then with %s its faults are named', (_label, overrides, faults) => {
    expect(faultsOf(() => checkRegistration(anInput(overrides), terms, now))).toEqual(faults);
  });

  test('then “today” is by the calendar of the program', () => {
    const evening = '2026-07-01T16:00:00.000Z';
    const tokyo: Terms = { ...terms, program: aProgram({ timeZone: 'Asia/Tokyo' }) };
    const check = (of: Terms) =>
      faultsOf(() => checkRegistration(anInput({ expectedCloseDate: '2026-07-01' }), of, evening));
    expect([check(terms), check(tokyo)]).toEqual([[], ['#/expectedCloseDate deal.close_date_out_of_range']]);
  });

  test('then the refusal is in words that somebody can act on', () => {
    const check = () => checkRegistration(anInput({ value: usd(1) }), terms, now);
    expect(check).toThrow('value must be at least USD 5,000.00');
  });
});

const shapes: readonly (readonly [label: string, overrides: Record<string, unknown>, pointer: string])[] = [
  ['a negative amount', { value: usd(-1) }, 'value/amountMinor'],
  ['half a cent', { value: usd(500_000.5) }, 'value/amountMinor'],
  ['more than can be kept exactly', { value: usd(Number.MAX_SAFE_INTEGER + 1) }, 'value/amountMinor'],
  ['an amount as text', { value: { amountMinor: '500000', currency: 'USD' } }, 'value/amountMinor'],
  ['a currency in small letters', { value: { amountMinor: 500_000, currency: 'usd' } }, 'value/currency'],
  ['a day that does not exist', { expectedCloseDate: '2027-02-29' }, 'expectedCloseDate'],
  ['nobody to talk to', { contacts: [] }, 'contacts'],
  ['no word about what the partner did', { sourceNotes: '  ' }, 'sourceNotes'],
  ['a deal type of our own', { dealType: 'upsell' }, 'dealType'],
  ['a status', { status: 'approved' }, ''],
];

describe('when a registration is read', () => {
  test.each(shapes)('then %s is refused where it stands', (_label, overrides, pointer) => {
    const { error } = Registration.safeParse(aRegistration(overrides));
    expect(error?.issues.map((issue) => issue.path.join('/'))).toEqual([pointer]);
  });
});

describe('when a deal is registered', () => {
  const deal = registerDeal(anInput(), about, terms);

  test('then it waits for its first decision, with its partner as the one who brought it', () => {
    expect(deal).toMatchObject({
      status: 'submitted',
      partnerId: 'ptr_1',
      customer: { domain: 'acme.example' },
      attributions: [{ partnerId: 'ptr_1', role: 'sourced', sharePercent: 100 }],
      approvals: 1,
      awaits: { approvalId: 'apr_deal_1_1', kind: 'deal_registration', attempt: 1, since: now, by: 'usr_rep_ptr_1' },
    });
  });

  test('then it keeps the version of the program it will be paid under', () => {
    expect(registerDeal(anInput(), about, { ...terms, version: 7 }).programVersion).toBe(7);
  });

  const limits: readonly (readonly [label: string, amountMinor: number, nobody: boolean])[] = [
    ['a cent below the limit', 2_499_999, true],
    ['the limit itself', 2_500_000, false],
    ['a cent above it', 2_500_001, false],
  ];
  test.each(limits)('then %s: does it need nobody?', (_label, amountMinor, nobody) => {
    expect(needsNobody(aDeal({ value: usd(amountMinor) }), terms)).toBe(nobody);
  });

  test('then without a limit in the program a person always decides', () => {
    const { autoApproveBelow: _limit, ...deals } = terms.program.deals;
    expect(needsNobody(aDeal({ value: usd(500_000) }), { ...terms, program: { ...terms.program, deals } })).toBe(false);
  });

  test('then approved at once, it never waited for anybody', () => {
    const approved = approveAtOnce(deal, terms, now);
    expect(approved).toMatchObject({ status: 'approved', approvals: 0, protectedUntil: addDays(now, 90) });
    expect(approved).not.toHaveProperty('awaits');
  });
});

describe('when a deal is rejected', () => {
  test('then it says why, and waits for nobody', () => {
    const { awaits: _awaits, ...rest } = aDeal();
    expect(rejectDeal(aDeal(), 'Not ours.')).toEqual({ ...rest, status: 'rejected', reason: 'Not ours.' });
  });
});

describe('when a deal is returned', () => {
  const returned = returnDeal(aDeal(), 'Who decides?', { ...terms, now });

  test('then the partner has 30 days for an answer', () => {
    expect(returned).toMatchObject({
      status: 'returned',
      reason: 'Who decides?',
      returnedUntil: addDays(now, 30),
      due: { what: 'lapse', at: addDays(now, 30) },
    });
    expect(returned).not.toHaveProperty('awaits');
  });
});

const again = (deal: Deal, overrides: Record<string, unknown> = {}, at = now): Deal =>
  resubmitDeal(deal, anInput(overrides), { ...terms, now: at, by: 'usr_other_ptr_1' });
const customerOf = (overrides: Record<string, unknown>) => ({
  customer: { ...aRegistration().customer, ...overrides },
});

describe('when a returned deal is sent again', () => {
  const rep = { name: 'Ada', email: 'ada@partner.example' };
  const returned = aDeal({ status: 'returned', rep });

  test('then it waits for its next decision, as if it came in then', () => {
    const resubmitted = again(returned, {}, addDays(now, 3));
    expect(resubmitted).toMatchObject({
      status: 'submitted',
      approvals: 2,
      awaits: { approvalId: 'apr_deal_1_2', since: addDays(now, 3), by: 'usr_other_ptr_1' },
    });
    for (const gone of ['reason', 'returnedUntil', 'due']) expect(resubmitted).not.toHaveProperty(gone);
  });

  test('then the body is whole: what it leaves out is gone', () => {
    expect(again(returned)).not.toHaveProperty('rep');
    expect(again(returned, { rep }).rep).toEqual(rep);
  });

  test('then it stays under the version of the program it was registered under', () => {
    const under = resubmitDeal(returned, anInput(), { ...terms, version: 9, now, by: 'usr_rep_ptr_1' });
    expect(under.programVersion).toBe(1);
  });

  const kept: readonly (readonly [label: string, overrides: Record<string, unknown>, faults: readonly string[]])[] = [
    ['another spelling of the same website', customerOf({ websiteUrl: 'http://shop.ACME.example:81/x' }), []],
    ['another name of the customer', customerOf({ companyName: 'Acme Holding' }), []],
    [
      'another customer',
      customerOf({ websiteUrl: 'https://other.example' }),
      ['#/customer/websiteUrl deal.customer_fixed'],
    ],
    ['another product line', { productLine: 'analytics' }, ['#/productLine deal.customer_fixed']],
    [
      'another of both',
      { ...customerOf({ websiteUrl: 'https://other.example' }), productLine: 'analytics' },
      ['#/customer/websiteUrl deal.customer_fixed', '#/productLine deal.customer_fixed'],
    ],
    ['an amount below the minimum', { value: usd(1) }, ['#/value deal.below_minimum']],
  ];
  test.each(kept)('then with %s its faults are named', (_label, overrides, faults) => {
    expect(faultsOf(() => again(returned, overrides))).toEqual(faults);
  });

  test('then it is taken to the last millisecond of its time, and not after it', () => {
    const last = new Date(Date.parse(returnedUntil) - 1).toISOString();
    expect(again(returned, {}, last).status).toBe('submitted');
    expect(() => again(returned, {}, returnedUntil)).toThrow(
      expect.objectContaining({ code: 'state.transition_not_allowed' }),
    );
  });

  test.each(['submitted', 'approved', 'rejected', 'won', 'lost', 'expired', 'withdrawn', 'superseded'] as const)(
    'then one that is %s is refused',
    (status) => {
      expect(() => again(aDeal({ status }))).toThrow(expect.objectContaining({ code: 'state.transition_not_allowed' }));
    },
  );
});
