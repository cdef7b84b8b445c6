import { describe, expect, test } from 'vitest';
import type { Deal } from '#shared/deals/deal.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aWonDeal, earned, inWords, paid, returned, withRules } from './a-won-deal.ts';

const tenPercent = withRules({ percent: 10 });
const recurring = withRules({ percent: 10, recurring: 'each-invoice' });
const whenWon = { ...tenPercent, incentives: { ...tenPercent.incentives, earnedWhen: 'deal-won' as const } };
const whole = 5_000_000;
const leaves = (occurredOn: string, afterPayments = 1) => returned(0, occurredOn, { kind: 'churn', afterPayments });

type Row = readonly [words: string, deal: Partial<Deal>, earns: readonly string[]];

const instalments: readonly Row[] = [
  ['nothing has been paid: all of it waits', {}, ['commission 5,000.00 pending']],
  ['all was paid', { payments: [paid(whole)] }, ['commission 5,000.00 on_hold']],
  [
    'a part was paid: its share is earned and the rest waits',
    { payments: [paid(1_250_000)] },
    ['commission 1,250.00 on_hold', 'commission 3,750.00 pending'],
  ],
  [
    'two parts were paid',
    { payments: [paid(1_250_000), paid(2_500_000, '2026-09-10')] },
    ['commission 1,250.00 on_hold', 'commission 2,500.00 on_hold', 'commission 1,250.00 pending'],
  ],
  [
    'a payment is too small to earn a cent: the next one earns it too',
    { payments: [paid(1), paid(whole - 1, '2026-09-10')] },
    ['commission 5,000.00 on_hold'],
  ],
];

const refunds: readonly Row[] = [
  ['the customer leaves before it paid', { refunds: [leaves('2026-08-20', 0)] }, ['commission 5,000.00 reversed']],
  [
    'a part of what was not paid yet is let off',
    { refunds: [returned(1_000_000, '2026-08-20', { afterPayments: 0 })] },
    ['commission 4,000.00 pending'],
  ],
  [
    'everything goes back while it is on hold',
    { payments: [paid(whole)], refunds: [returned(whole, '2026-08-20')] },
    ['commission 5,000.00 reversed'],
  ],
  [
    'a part goes back while it is on hold',
    { payments: [paid(whole)], refunds: [returned(1_000_000, '2026-08-20')] },
    ['commission 5,000.00 on_hold', 'clawback -1,000.00 on_hold'],
  ],
  [
    'first a part, then the rest',
    { payments: [paid(whole)], refunds: [returned(1_000_000, '2026-08-20'), returned(4_000_000, '2026-08-21')] },
    ['commission 5,000.00 on_hold', 'clawback -1,000.00 on_hold', 'clawback -4,000.00 on_hold'],
  ],
  [
    'everything goes back when it is payable or paid',
    { payments: [paid(whole)], refunds: [returned(whole, '2026-10-20')] },
    ['commission 5,000.00 on_hold', 'clawback -5,000.00 on_hold'],
  ],
  [
    'it goes back on the last day of the window',
    { payments: [paid(whole)], refunds: [returned(whole, '2026-11-08')] },
    ['commission 5,000.00 on_hold', 'clawback -5,000.00 on_hold'],
  ],
  [
    'it goes back a day after the window',
    { payments: [paid(whole)], refunds: [returned(whole, '2026-11-09')] },
    ['commission 5,000.00 on_hold'],
  ],
  [
    'the customer leaves within the window, money back or not',
    { payments: [paid(whole)], refunds: [leaves('2026-10-20')] },
    ['commission 5,000.00 on_hold', 'clawback -5,000.00 on_hold'],
  ],
  [
    'the customer leaves: old payments stay earned, the last one is taken back, the rest never comes',
    {
      payments: [paid(1_000_000, '2026-08-10'), paid(1_000_000, '2026-12-10')],
      refunds: [leaves('2026-12-20', 2)],
    },
    ['commission 1,000.00 on_hold', 'commission 1,000.00 reversed', 'commission 3,000.00 reversed'],
  ],
  [
    'the last payment goes back first',
    {
      payments: [paid(2_500_000, '2026-08-10'), paid(2_500_000, '2026-08-11')],
      refunds: [returned(3_000_000, '2026-10-20', { afterPayments: 2 })],
    },
    [
      'commission 2,500.00 on_hold',
      'clawback -500.00 on_hold',
      'commission 2,500.00 on_hold',
      'clawback -2,500.00 on_hold',
    ],
  ],
  [
    'more goes back than was paid: the rest is let off',
    { payments: [paid(1_000_000)], refunds: [returned(3_000_000, '2026-10-20')] },
    ['commission 1,000.00 on_hold', 'clawback -1,000.00 on_hold', 'commission 2,000.00 pending'],
  ],
];

describe('when the customer pays in parts', () => {
  test.each(instalments)('then where %s', (_words, deal, earns) => {
    expect(inWords(earned(aWonDeal(deal), tenPercent))).toEqual(earns);
  });

  test('then the parts add up to the whole, whatever they are', () => {
    for (let step = 7; step < 400; step += 13) {
      const value = { amountMinor: 997, currency: 'USD' };
      const payments = [];
      for (let left = value.amountMinor; left > 0; left -= step) payments.push(paid(Math.min(step, left)));
      for (let made = 0; made <= payments.length; made += 1) {
        const earnings = earned(aWonDeal({ value, payments: payments.slice(0, made) }), tenPercent);
        expect(earnings.reduce((sum, { amount }) => sum + amount.amountMinor, 0)).toBe(100);
      }
    }
  });

  test('then an earning keeps its id while its share of the payments becomes known', () => {
    const [pending] = earned(aWonDeal(), tenPercent);
    const [first, rest] = earned(aWonDeal({ payments: [paid(1_250_000)] }), tenPercent);
    const [, second] = earned(aWonDeal({ payments: [paid(1_250_000), paid(3_750_000)] }), tenPercent);
    expect(first?.id).toBe(pending?.id);
    expect(second?.id).toBe(rest?.id);
    expect(first?.createdAt).toBe(pending?.createdAt);
    expect(second?.createdAt).toBe(rest?.createdAt);
  });
});

describe('when the customer gets money back, or leaves', () => {
  test.each(refunds)('then where %s', (_words, deal, earns) => {
    expect(inWords(earned(aWonDeal(deal), tenPercent))).toEqual(earns);
  });

  test('then what is taken back in parts adds up to the whole', () => {
    const refundsInParts = Array.from({ length: 7 }, (_, index) =>
      returned(index === 6 ? 1 : 166, `2026-10-0${index + 1}`),
    );
    const value = { amountMinor: 997, currency: 'USD' };
    const earnings = earned(aWonDeal({ value, payments: [paid(997)], refunds: refundsInParts }), tenPercent);
    expect(earnings.reduce((sum, { amount }) => sum + amount.amountMinor, 0)).toBe(0);
  });
});

describe('when a rule pays with each invoice', () => {
  test('then each payment earns, also after the value of the first year, and nothing waits', () => {
    const payments = [paid(whole), paid(whole, '2027-08-10')];
    expect(inWords(earned(aWonDeal({ payments }), recurring))).toEqual([
      'commission 5,000.00 on_hold',
      'commission 5,000.00 on_hold',
    ]);
    expect(earned(aWonDeal(), recurring)).toEqual([]);
  });

  test('then a customer that leaves takes back the invoices of the window only', () => {
    const payments = [paid(whole), paid(whole, '2027-08-10')];
    const deal = aWonDeal({ payments, refunds: [leaves('2027-10-20', 2)] });
    expect(inWords(earned(deal, recurring))).toEqual([
      'commission 5,000.00 on_hold',
      'commission 5,000.00 on_hold',
      'clawback -5,000.00 on_hold',
    ]);
  });
});

describe('when the program pays as soon as a deal is won', () => {
  test('then all of it is earned at once, and payments change nothing', () => {
    expect(inWords(earned(aWonDeal(), whenWon))).toEqual(['commission 5,000.00 on_hold']);
    expect(earned(aWonDeal({ payments: [paid(1000)] }), whenWon)).toEqual(earned(aWonDeal(), whenWon));
  });

  test('then the window of a refund runs from the day it was won', () => {
    const refunded = (day: string) => inWords(earned(aWonDeal({ refunds: [returned(2_500_000, day)] }), whenWon));
    expect(refunded('2026-10-30')).toEqual(['commission 5,000.00 on_hold', 'clawback -2,500.00 on_hold']);
    expect(refunded('2026-10-31')).toEqual(['commission 5,000.00 on_hold']);
  });
});

describe('when an earning begins to be owed', () => {
  test('then it is held as long as the program says of its kind, from when we heard of the payment', () => {
    const program = aProgram();
    const own = { ...program, payouts: { ...program.payouts, holdDays: 30, holdDaysOf: { spiff: 0 } } };
    const earnings = earned(aWonDeal({ payments: [paid(whole)] }), own);
    expect(earnings.map(({ kind, holdUntil, statement }) => [kind, holdUntil, statement])).toEqual([
      ['commission', '2026-09-09T10:00:00.000Z', '2026-09'],
      ['spiff', '2026-08-10T10:00:00.000Z', '2026-08-10'],
    ]);
  });
});
