import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '#shared/core/time.ts';
import { type CustomerLock, lockOf, newFreeAtOf, refusalBy } from '#shared/deals/customer-lock.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { aDeal, approvedUntil, registeredAt, returnedUntil, terms } from './a-deal.ts';

const now = addDays(registeredAt, 10);
const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

type Asked = readonly [partner: 'the same' | 'another', dealType: Deal['dealType'], at: string];

/** What a partner hears who asks for the customer of this deal, which came into its status at `now`. */
const answer = (deal: Deal, [partner, dealType, at]: Asked): string => {
  const obstacles = { lock: lockOf(deal, terms, now), newFreeAt: newFreeAtOf(deal, terms, now) };
  const partnerId = partner === 'the same' ? deal.partnerId : 'ptr_2';
  const refusal = refusalBy(obstacles, { partnerId, dealType, now: at });
  const { freeAt } = refusal?.details.facts ?? {};
  return [refusal?.code ?? 'free', ...(freeAt ? [String(freeAt)] : [])].join(' ');
};

const afterCoolOff = addDays(now, 30);
const afterWin = addMonths(now, 12);
const farAway = addDays(registeredAt, 9999);
const expired = addDays(approvedUntil, 30);
const neverApproved = { approvedAt: undefined };

const rows: readonly (readonly [label: string, deal: Deal, asked: Asked, answer: string])[] = [
  ['a submitted one holds for ever', aDeal(), ['another', 'new', farAway], 'deal.conflict'],
  ['a submitted one is its holder’s own', aDeal(), ['the same', 'new', farAway], 'deal.already_registered'],

  [
    'a returned one holds',
    aDeal({ status: 'returned' }),
    ['another', 'new', justBefore(returnedUntil)],
    'deal.conflict',
  ],
  ['a returned one is free once it lapsed', aDeal({ status: 'returned' }), ['another', 'new', returnedUntil], 'free'],
  ['a lapsed one has no cool-off', aDeal({ status: 'returned' }), ['the same', 'new', returnedUntil], 'free'],

  [
    'an approved one holds',
    aDeal({ status: 'approved' }),
    ['another', 'new', justBefore(approvedUntil)],
    'deal.conflict',
  ],
  ['an approved one is free when it ends', aDeal({ status: 'approved' }), ['another', 'new', approvedUntil], 'free'],
  [
    'an approved one is its holder’s own',
    aDeal({ status: 'approved' }),
    ['the same', 'renewal', justBefore(approvedUntil)],
    'deal.already_registered',
  ],
  [
    'its holder cools off when it ends',
    aDeal({ status: 'approved' }),
    ['the same', 'new', approvedUntil],
    `deal.cooling_off ${expired}`,
  ],
  [
    'for 30 days',
    aDeal({ status: 'approved' }),
    ['the same', 'expansion', justBefore(expired)],
    `deal.cooling_off ${expired}`,
  ],
  ['then its holder may again', aDeal({ status: 'approved' }), ['the same', 'new', expired], 'free'],

  ['a rejected one holds nothing', aDeal({ status: 'rejected' }), ['another', 'new', now], 'free'],
  ['a rejected one has no cool-off', aDeal({ status: 'rejected' }), ['the same', 'new', now], 'free'],

  ['a lost one is free at once', aDeal({ status: 'lost' }), ['another', 'new', now], 'free'],
  ['its holder cools off', aDeal({ status: 'lost' }), ['the same', 'new', now], `deal.cooling_off ${afterCoolOff}`],
  ['and may again then', aDeal({ status: 'lost' }), ['the same', 'new', afterCoolOff], 'free'],

  ['one withdrawn after approval is free at once', aDeal({ status: 'withdrawn' }), ['another', 'new', now], 'free'],
  [
    'its holder cools off as after a loss',
    aDeal({ status: 'withdrawn' }),
    ['the same', 'new', now],
    `deal.cooling_off ${afterCoolOff}`,
  ],
  [
    'one withdrawn before approval has no cool-off',
    aDeal({ status: 'withdrawn', ...neverApproved }),
    ['the same', 'new', now],
    'free',
  ],

  ['after a win new deals wait for others', aDeal({ status: 'won' }), ['another', 'new', now], 'deal.conflict'],
  [
    'after a win new deals wait for the winner too',
    aDeal({ status: 'won' }),
    ['the same', 'new', now],
    `deal.cooling_off ${afterWin}`,
  ],
  [
    'to the last millisecond of 12 months',
    aDeal({ status: 'won' }),
    ['another', 'new', justBefore(afterWin)],
    'deal.conflict',
  ],
  ['and are free for others then', aDeal({ status: 'won' }), ['another', 'new', afterWin], 'free'],
  ['and for the winner', aDeal({ status: 'won' }), ['the same', 'new', afterWin], 'free'],
  ['an expansion is free after a win', aDeal({ status: 'won' }), ['another', 'expansion', now], 'free'],
  ['a renewal is free after a win', aDeal({ status: 'won' }), ['the same', 'renewal', now], 'free'],
];

describe('when somebody asks for the customer of a deal', () => {
  test.each(rows)('then %s', (_label, deal, asked, expected) => {
    expect(answer(deal, asked)).toBe(expected);
  });

  test('then a customer nobody ever held is free', () => {
    const nothing = { lock: undefined, newFreeAt: undefined };
    expect(refusalBy(nothing, { partnerId: 'ptr_1', dealType: 'new', now })).toBeUndefined();
  });

  test('then a win is remembered when its lock has been another deal’s since', () => {
    const lock: CustomerLock = { holder: 'ptr_2', dealId: 'deal_2', freeAt: now, freeForHolderAt: now };
    const asking = { partnerId: 'ptr_1', now, dealType: 'new' } as const;
    expect(refusalBy({ lock, newFreeAt: afterWin }, asking)?.code).toBe('deal.conflict');
  });

  test('then a program without that rule frees new deals after a win', () => {
    const { newAfterWinMonths: _rule, ...deals } = terms.program.deals;
    const without = { ...terms, program: { ...terms.program, deals } };
    const switchedOff = { ...terms, program: { ...terms.program, deals: { ...deals, newAfterWinMonths: 0 } } };
    for (const of of [without, switchedOff]) expect(newFreeAtOf(aDeal({ status: 'won' }), of, now)).toBeUndefined();
  });

  test('then no refusal to another names anybody', () => {
    const refusal = refusalBy(
      { lock: lockOf(aDeal(), terms, now), newFreeAt: undefined },
      { partnerId: 'ptr_2', dealType: 'new', now },
    );
    expect(JSON.stringify([refusal?.message, refusal?.details])).not.toMatch(/ptr_|deal_|usr_/);
  });
});
