import { describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { addDays } from '#shared/core/time.ts';
import { type Closing, type Deal, type DealStatus, dealLifecycle, dealStatuses, isLive } from '#shared/deals/deal.ts';
import {
  attributeDeal,
  closeDeal,
  expireDeal,
  extendDeal,
  proposeClose,
  refuseClose,
  updateDeal,
  warnDeal,
  withdrawDeal,
} from '#shared/deals/deal-life.ts';
import { approveDeal, rejectDeal, returnDeal } from '#shared/deals/deal-registration.ts';
import { aProgram } from '#test/support/a-program.ts';
import { codeOf } from '#test/support/code-of.ts';
import { aDeal, approvedUntil, registeredAt, returnedUntil, tenDaysLater, terms } from './a-deal.ts';

const about = tenDaysLater;
const { now, program } = about;
const oneMsBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

/** API.md *Lifecycles*, written out once more. */
const allowed: readonly (readonly [DealStatus, DealStatus])[] = [
  ['submitted', 'approved'],
  ['submitted', 'rejected'],
  ['submitted', 'returned'],
  ['submitted', 'withdrawn'],
  ['returned', 'submitted'],
  ['returned', 'withdrawn'],
  ['returned', 'expired'],
  ['approved', 'won'],
  ['approved', 'lost'],
  ['approved', 'expired'],
  ['approved', 'withdrawn'],
  ['approved', 'superseded'],
];

describe('when a deal moves from one status to another', () => {
  test.each(dealStatuses)('then from %s it goes where the lifecycle says, and nowhere else', (from) => {
    const reached = dealStatuses.filter((to) => codeOf(() => moveTo(dealLifecycle, from, to)) === 'done');
    expect(reached.map((to) => [from, to]).sort()).toEqual(allowed.filter(([it]) => it === from).sort());
  });

  test('then a refusal says from where, and what would be allowed', () => {
    expect(() => moveTo(dealLifecycle, 'returned', 'approved')).toThrow(
      expect.objectContaining({
        code: 'state.transition_not_allowed',
        details: { facts: { status: 'returned', allowed: ['submitted', 'withdrawn', 'expired'] } },
      }),
    );
  });
});

const won: Closing = { outcome: 'won', closedOn: '2026-07-11' };
const lost: Closing = { outcome: 'lost', closedOn: '2026-07-11', lossReason: 'No budget.' };
const helper = { partnerId: 'ptr_2', role: 'influenced' as const, sharePercent: 0 };

/** Each command, and the statuses in which it is taken. */
const commands: readonly (readonly [label: string, command: (deal: Deal) => unknown, from: readonly DealStatus[]])[] = [
  ['update', (deal) => updateDeal(deal, { stage: 'proposal' }, about), ['approved']],
  ['extend', (deal) => extendDeal(deal, 'They test it.', about), ['approved']],
  ['close as won', (deal) => closeDeal(deal, won, about), ['approved']],
  ['close as lost', (deal) => closeDeal(deal, lost, about), ['approved']],
  ['propose a close', (deal) => proposeClose(deal, won, about), ['approved']],
  ['attribute', (deal) => attributeDeal(deal, helper, now), ['approved']],
  ['withdraw', (deal) => withdrawDeal(deal, now), ['submitted', 'returned', 'approved']],
  ['approve', (deal) => approveDeal(deal, terms, now), ['submitted']],
  ['reject', (deal) => rejectDeal(deal, 'Not ours.'), ['submitted']],
  ['return', (deal) => returnDeal(deal, 'Who decides?', { ...terms, now }), ['submitted']],
  ['expire', (deal) => expireDeal(deal), ['returned', 'approved']],
];

describe('when a command comes to a deal', () => {
  test.each(commands)('then %s is taken in its statuses only', (_label, command, from) => {
    const taken = dealStatuses.filter((status) => codeOf(() => command(aDeal({ status }))) === 'done');
    expect(taken).toEqual(dealStatuses.filter((status) => from.includes(status)));
    const refused = dealStatuses.filter((status) => !from.includes(status));
    const codes = refused.map((status) => codeOf(() => command(aDeal({ status }))));
    expect(new Set(codes)).toEqual(new Set(['state.transition_not_allowed']));
  });

  const whileProtected = commands.filter(([, , from]) => from.includes('approved')).filter(([it]) => it !== 'expire');
  test.each(whileProtected)('then %s is taken a millisecond before protection ends, and not when it ends', (label) => {
    const at = (instant: string) =>
      ({
        update: () => updateDeal(aDeal({ status: 'approved' }), { stage: 'proposal' }, { ...about, now: instant }),
        extend: () => extendDeal(aDeal({ status: 'approved' }), 'They test it.', { ...about, now: instant }),
        'close as won': () => closeDeal(aDeal({ status: 'approved' }), won, { ...about, now: instant }),
        'close as lost': () => closeDeal(aDeal({ status: 'approved' }), lost, { ...about, now: instant }),
        'propose a close': () => proposeClose(aDeal({ status: 'approved' }), won, { ...about, now: instant }),
        attribute: () => attributeDeal(aDeal({ status: 'approved' }), helper, instant),
        withdraw: () => withdrawDeal(aDeal({ status: 'approved' }), instant),
      })[label] ?? (() => undefined);
    expect(codeOf(at(oneMsBefore(approvedUntil)))).toBe('done');
    expect(codeOf(at(approvedUntil))).toBe('state.transition_not_allowed');
  });
});

describe('when it is asked whether a deal is live', () => {
  const rows: readonly (readonly [label: string, deal: Deal, at: string, live: boolean])[] = [
    ['a submitted one is, however long it waits', aDeal(), addDays(registeredAt, 999), true],
    ['an approved one is until the last millisecond', aDeal({ status: 'approved' }), oneMsBefore(approvedUntil), true],
    ['an approved one is not when its protection ends', aDeal({ status: 'approved' }), approvedUntil, false],
    ['a returned one is until the last millisecond', aDeal({ status: 'returned' }), oneMsBefore(returnedUntil), true],
    ['a returned one is not when the time for an answer ends', aDeal({ status: 'returned' }), returnedUntil, false],
    ...dealStatuses
      .filter((status) => !['submitted', 'returned', 'approved'].includes(status))
      .map((status) => [`a ${status} one is not`, aDeal({ status }), registeredAt, false] as const),
  ];
  test.each(rows)('then %s', (_label, deal, at, live) => {
    expect(isLive(deal, at)).toBe(live);
  });
});

describe('when a deal is approved', () => {
  const deal = approveDeal(aDeal({ reason: 'Who decides?' }), terms, now);

  test('then it is protected for 90 days from that instant, qualified, and waits for nobody', () => {
    expect(deal).toMatchObject({
      status: 'approved',
      stage: 'qualified',
      approvedAt: now,
      protectedUntil: addDays(now, 90),
    });
    expect(deal).not.toHaveProperty('awaits');
    expect(deal).not.toHaveProperty('reason');
  });

  test('then its first warning is due 30 days before the end', () => {
    expect(deal.due).toEqual({ what: 'warn', at: addDays(now, 60), daysBefore: 30 });
  });
});

/** Every due of a deal, one after another, until it ends. */
const duesOf = (deal: Deal): readonly string[] => {
  const dues: string[] = [];
  for (let it = deal; it.due && dues.length < 20; it = warnDeal(it, program)) {
    dues.push(`${it.due.what} ${it.due.daysBefore ?? ''} at ${it.due.at}`);
    if (it.due.what !== 'warn') break;
  }
  return dues;
};
const warnings = (until: string, days: readonly number[]): readonly string[] => [
  ...days.map((daysBefore) => `warn ${daysBefore} at ${addDays(until, -daysBefore)}`),
  `expire  at ${until}`,
];

describe('when protection comes to its end', () => {
  test('then there are warnings 30, 14, 7 and 1 days before, then the end', () => {
    expect(duesOf(aDeal({ status: 'approved' }))).toEqual(warnings(approvedUntil, [30, 14, 7, 1]));
  });

  test('then after an extension they are given again, for the new end', () => {
    const warned = warnDeal(aDeal({ status: 'approved' }), program);
    const extended = extendDeal(warned, 'They test it.', { program, now: addDays(approvedUntil, -20) });
    expect(duesOf(extended)).toEqual(warnings(addDays(approvedUntil, 60), [30, 14, 7, 1]));
  });

  test('then warnings for days before the protection began are left out', () => {
    const short = { ...program, deals: { ...program.deals, protectionDays: 10 } };
    const deal = approveDeal(aDeal(), { ...terms, program: short }, now);
    expect(duesOf(deal)).toEqual(warnings(addDays(now, 10), [7, 1]));
  });

  test('then a program without warnings goes straight to the end', () => {
    const silent = { ...program, deals: { ...program.deals, warningDays: [] } };
    expect(duesOf(approveDeal(aDeal(), { ...terms, program: silent }, now))).toEqual(warnings(addDays(now, 90), []));
  });

  test('then the order in which the program lists them does not matter', () => {
    const mixed = { ...program, deals: { ...program.deals, warningDays: [1, 30, 7, 14] } };
    const deal = approveDeal(aDeal(), { ...terms, program: mixed }, now);
    expect(deal.due).toMatchObject({ daysBefore: 30 });
  });

  test('then an expired deal has neither stage, nor dues, nor a proposal that waits', () => {
    const proposed = proposeClose(aDeal({ status: 'approved' }), won, about);
    const expired = expireDeal(proposed);
    expect(expired.status).toBe('expired');
    for (const gone of ['stage', 'due', 'awaits', 'closing']) expect(expired).not.toHaveProperty(gone);
  });
});

describe('when protection is extended', () => {
  test('then it is 60 days longer, from its end, not from today', () => {
    const extended = extendDeal(aDeal({ status: 'approved' }), 'They test it.', about);
    expect(extended).toMatchObject({
      protectedUntil: addDays(approvedUntil, 60),
      extendedAt: now,
      progressNotes: 'They test it.',
    });
  });

  test('then there is no second time', () => {
    const extended = extendDeal(aDeal({ status: 'approved' }), 'They test it.', about);
    expect(codeOf(() => extendDeal(extended, 'Still.', about))).toBe('state.transition_not_allowed');
  });

  test('then a program of no days has no extensions', () => {
    const none = { ...program, deals: { ...program.deals, extensionDays: 0 } };
    const extend = () => extendDeal(aDeal({ status: 'approved' }), 'They test it.', { now, program: none });
    expect(codeOf(extend)).toBe('state.transition_not_allowed');
  });
});

describe('when a deal is updated', () => {
  test('then what is given changes and all else stays', () => {
    const deal = aDeal({ status: 'approved' });
    expect(updateDeal(deal, { stage: 'negotiation', notes: undefined }, about)).toEqual({
      ...deal,
      stage: 'negotiation',
    });
  });

  test('then a value in another currency is refused', () => {
    const value = { amountMinor: 100, currency: 'EUR' };
    expect(codeOf(() => updateDeal(aDeal({ status: 'approved' }), { value }, about))).toBe('money.currency_mismatch');
  });

  test('then one that needed nobody stays below the limit, unless staff raises it', () => {
    const unreviewed = aDeal({
      status: 'approved',
      unreviewed: true,
      value: { amountMinor: 2_400_000, currency: 'USD' },
    });
    const raised = { value: { amountMinor: 2_500_000, currency: 'USD' } };
    expect(codeOf(() => updateDeal(unreviewed, raised, about))).toBe('deal.value_needs_review');
    expect(updateDeal(unreviewed, raised, { ...about, byStaff: true }).value).toEqual(raised.value);
    expect(updateDeal(aDeal({ status: 'approved' }), raised, about).value).toEqual(raised.value);
    const refused = refuseClose(proposeClose(unreviewed, won, { ...about, by: 'usr_rep' }), 'Not yet.', about.program);
    expect(codeOf(() => updateDeal(refused, raised, about))).toBe('deal.value_needs_review');
  });

  test.each<readonly [string, Parameters<typeof updateDeal>[1], string]>([
    ['below the minimum', { value: { amountMinor: 499_999, currency: 'USD' } }, 'deal.below_minimum'],
    ['expected to close in the past', { expectedCloseDate: '2020-01-01' }, 'deal.close_date_out_of_range'],
    ['expected to close years away', { expectedCloseDate: '2036-01-01' }, 'deal.close_date_out_of_range'],
  ])('then one %s is refused as it would be at the registration', (_words, changes, code) => {
    expect(codeOf(() => updateDeal(aDeal({ status: 'approved' }), changes, about))).toBe(code);
  });
});

describe('when a deal is closed', () => {
  const closings: readonly (readonly [label: string, closing: Closing, pointers: readonly string[]])[] = [
    ['tomorrow', { ...won, closedOn: '2026-07-12' }, ['#/closedOn']],
    ['today', won, []],
    ['on the day it was registered', { ...won, closedOn: '2026-07-01' }, []],
    ['the day before it was registered', { ...won, closedOn: '2026-06-30' }, ['#/closedOn']],
    ['paid today', { ...won, invoicePaidOn: '2026-07-11' }, []],
    ['to be paid within a year', { ...won, invoicePaidOn: '2027-07-11' }, []],
    ['to be paid later than that', { ...won, invoicePaidOn: '2027-07-12' }, ['#/invoicePaidOn']],
    ['paid before it was registered', { ...won, invoicePaidOn: '2026-06-30' }, ['#/invoicePaidOn']],
    ['lost without a reason', { outcome: 'lost', closedOn: '2026-07-11' }, ['#/lossReason']],
    ['lost with a reason', lost, []],
    ['won in another currency', { ...won, value: { amountMinor: 1, currency: 'EUR' } }, ['#/value/currency']],
    ['won for nothing', { ...won, value: { amountMinor: 0, currency: 'USD' } }, []],
    ['with every fault', { outcome: 'lost', closedOn: '2027-01-01' }, ['#/closedOn', '#/lossReason']],
  ];
  for (const [how, close] of [
    ['by staff', closeDeal],
    ['as proposed by the partner', proposeClose],
  ] as const) {
    test.each(closings)(`then ${how}, %s: its faults are named`, (_label, closing, pointers) => {
      const found = (() => {
        try {
          close(aDeal({ status: 'approved' }), closing, about);
          return [];
        } catch (error) {
          return error instanceof DomainError ? (error.details.errors ?? []).map((it) => it.pointer) : [error];
        }
      })();
      expect(found).toEqual(pointers);
    });
  }

  test('then “tomorrow” is by the calendar of the program', () => {
    const tokyo = aProgram({ timeZone: 'Asia/Tokyo' });
    const evening = '2026-07-11T16:00:00.000Z';
    const tomorrowInUtc: Closing = { ...won, closedOn: '2026-07-12' };
    const close = (of: typeof program) => () =>
      closeDeal(aDeal({ status: 'approved' }), tomorrowInUtc, { now: evening, program: of });
    expect([codeOf(close(tokyo)), codeOf(close(program))]).toEqual(['done', 'deal.closed_in_future']);
  });

  test('then won is for the value it was sold for, and without a value for the one it had', () => {
    const value = { amountMinor: 7_000_000, currency: 'USD' };
    expect(closeDeal(aDeal({ status: 'approved' }), { ...won, value }, about)).toMatchObject({ status: 'won', value });
    expect(closeDeal(aDeal({ status: 'approved' }), won, about).value).toEqual(aDeal().value);
  });

  test('then lost keeps the value it had, and says why', () => {
    const value = { amountMinor: 1, currency: 'USD' };
    const closed = closeDeal(aDeal({ status: 'approved' }), { ...lost, value }, about);
    expect(closed).toMatchObject({ status: 'lost', lossReason: 'No budget.', value: aDeal().value });
  });

  test('then nothing is left that would happen to it by itself', () => {
    const closed = closeDeal(proposeClose(aDeal({ status: 'approved' }), won, about), lost, about);
    for (const gone of ['stage', 'due', 'awaits', 'closing']) expect(closed).not.toHaveProperty(gone);
  });
});

describe('when a partner proposes a close', () => {
  const proposed = proposeClose(aDeal({ status: 'approved', reason: 'Not yet.' }), won, about);

  test('then the deal stays approved and waits for its next decision', () => {
    expect(proposed).toMatchObject({
      status: 'approved',
      closing: won,
      approvals: 2,
      awaits: { approvalId: 'apr_deal_1_2', kind: 'deal_close', since: now, by: 'usr_rep_ptr_1' },
    });
    expect(proposed).not.toHaveProperty('reason');
  });

  test('then a second proposal waits for the first', () => {
    expect(codeOf(() => proposeClose(proposed, lost, about))).toBe('state.transition_not_allowed');
  });

  test('then a refusal says why, and leaves the deal as it was', () => {
    const { approvals, reason, ...refused } = refuseClose(proposed, 'Show us the order.', program);
    const { approvals: _before, ...before } = aDeal({ status: 'approved' });
    expect({ approvals, reason, refused }).toEqual({ approvals: 2, reason: 'Show us the order.', refused: before });
  });

  test('then after a refusal it can be proposed again', () => {
    expect(proposeClose(refuseClose(proposed, 'No.', program), won, about).awaits?.approvalId).toBe('apr_deal_1_3');
  });
});

describe('when another partner helped', () => {
  test('then it is attributed beside the one who brought the deal', () => {
    const attributed = attributeDeal(aDeal({ status: 'approved' }), helper, now);
    expect(attributed.attributions).toEqual([{ partnerId: 'ptr_1', role: 'sourced', sharePercent: 100 }, helper]);
  });

  const twice: readonly (readonly [label: string, partnerId: string])[] = [
    ['one that is attributed already', 'ptr_2'],
    ['the one who brought it', 'ptr_1'],
  ];
  test.each(twice)('then %s is refused', (_label, partnerId) => {
    const deal = attributeDeal(aDeal({ status: 'approved' }), helper, now);
    expect(codeOf(() => attributeDeal(deal, { ...helper, partnerId }, now))).toBe('deal.already_attributed');
  });
});

describe('when another partner gets a share of a deal', () => {
  const sharesWith = (...given: readonly number[]) =>
    given
      .reduce(
        (deal, sharePercent, index) =>
          attributeDeal(deal, { partnerId: `ptr_helper_${index}`, role: 'influenced', sharePercent }, now),
        aDeal({ status: 'approved' }),
      )
      .attributions.map((part) => part.sharePercent);

  test('then the partner that registered it gives it, so that the shares add up to 100', () => {
    expect(sharesWith(0)).toEqual([100, 0]);
    expect(sharesWith(30, 20)).toEqual([50, 30, 20]);
    expect(sharesWith(100)).toEqual([0, 100]);
    expect(codeOf(() => sharesWith(60, 41))).toBe('deal.share_too_large');
  });
});
