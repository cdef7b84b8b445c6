import { describe, expect, test } from 'vitest';
import type { Closing, Deal } from '#shared/deals/deal.ts';
import {
  attributeDeal,
  closeDeal,
  expireDeal,
  extendDeal,
  proposeClose,
  updateDeal,
  warnDeal,
  withdrawDeal,
} from '#shared/deals/deal-life.ts';
import { refusalOf } from '#test/support/refusal-of.ts';
import { aDeal, approvedUntil, tenDaysLater } from './a-deal.ts';

const about = tenDaysLater;
const { now, program } = about;
const won: Closing = { outcome: 'won', closedOn: '2026-07-11' };
const approved = aDeal({ status: 'approved' });
const extended = extendDeal(approved, 'They test it.', about);
const proposed = proposeClose(approved, won, about);
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('when a deal is in no state for it, then the refusal says so, and in which state it is', () => {
  const withoutExtensions = { ...program, deals: { ...program.deals, extensionDays: 0 } };
  const rows: readonly (readonly [label: string, work: () => unknown, words: string, deal: Deal])[] = [
    [
      'a submitted one is updated',
      () => updateDeal(aDeal(), { stage: 'proposal' }, about),
      'Only an approved deal allows this; this one is submitted.',
      aDeal(),
    ],
    [
      'its protection has ended',
      () => extendDeal(approved, 'They test it.', { ...about, now: approvedUntil }),
      `Its protection ended at ${approvedUntil}.`,
      approved,
    ],
    [
      'its value changes while somebody decides on it',
      () => updateDeal(proposed, { value: usd(6_000_000) }, about),
      'A close of it waits for a decision; its value stays till then.',
      proposed,
    ],
    [
      'it is extended while somebody decides on it',
      () => extendDeal(proposed, 'They test it.', about),
      'A close of it waits for a decision.',
      proposed,
    ],
    [
      'it is extended again',
      () => extendDeal(extended, 'Still.', about),
      `It was extended once, at ${now}; there is one extension.`,
      extended,
    ],
    [
      'the program has no extensions',
      () => extendDeal(approved, 'They test it.', { now, program: withoutExtensions }),
      'The program has no extensions.',
      approved,
    ],
    [
      'a close is proposed again',
      () => proposeClose(proposed, won, about),
      'A close of it has been proposed already and waits for a decision.',
      proposed,
    ],
  ];
  test.each(rows)('%s', (_label, work, message, { status, protectedUntil }) => {
    const { kind, code, message: told, details } = refusalOf(work);
    const facts = { status, ...(protectedUntil ? { protectedUntil } : {}) };
    expect({ kind, code, told, facts: details.facts }).toEqual({
      kind: 'conflict',
      code: 'state.transition_not_allowed',
      told: message,
      facts,
    });
  });

  test('all but its value may change meanwhile', () => {
    expect(updateDeal(proposed, { stage: 'negotiation' }, about).stage).toBe('negotiation');
  });
});

describe('when something about it is wrong, then each fault says what would be right', () => {
  const unreviewed = aDeal({ status: 'approved', unreviewed: true, value: usd(2_400_000) });
  const helper = { partnerId: 'ptr_2', role: 'influenced' as const };
  const rows: readonly (readonly [
    label: string,
    work: () => unknown,
    pointer: string,
    code: string,
    detail: string,
  ])[] = [
    [
      'a deal that nobody reviewed grows',
      () => updateDeal(unreviewed, { value: usd(2_500_000) }, about),
      '#/value',
      'deal.value_needs_review',
      'must stay below USD 25,000.00, because nobody reviewed this deal; ask your partner manager',
    ],
    [
      'it closes in the future',
      () => closeDeal(approved, { ...won, closedOn: '2026-07-12' }, about),
      '#/closedOn',
      'deal.closed_in_future',
      'must not lie in the future',
    ],
    [
      'it closed before it was registered',
      () => closeDeal(approved, { ...won, closedOn: '2026-06-30' }, about),
      '#/closedOn',
      'deal.closed_before_registration',
      'must not lie before 2026-07-01, the day it was registered',
    ],
    [
      'it was paid before it was registered',
      () => closeDeal(approved, { ...won, invoicePaidOn: '2026-06-30' }, about),
      '#/invoicePaidOn',
      'deal.day_out_of_range',
      'must lie between 2026-07-01 and 2027-07-11',
    ],
    [
      'it was lost for no reason',
      () => closeDeal(approved, { outcome: 'lost', closedOn: '2026-07-11' }, about),
      '#/lossReason',
      'deal.loss_reason_missing',
      'must say why the deal was lost',
    ],
    [
      'it was won in another currency',
      () => closeDeal(approved, { ...won, value: { amountMinor: 1, currency: 'EUR' } }, about),
      '#/value/currency',
      'money.currency_mismatch',
      'must be USD, the currency of this program',
    ],
    [
      'more is given away than there is',
      () => attributeDeal(approved, { ...helper, sharePercent: 101 }, now),
      '#/sharePercent',
      'deal.share_too_large',
      'must be at most 100, the share of the partner that registered the deal',
    ],
  ];
  test.each(rows)('%s', (_label, work, pointer, code, detail) => {
    const refusal = refusalOf(work);
    expect(refusal).toMatchObject({ kind: 'rule', code, details: { errors: [{ pointer, code, detail }] } });
    expect(refusal.message).toContain(detail);
  });

  test('a partner is attributed twice', () => {
    const deal = attributeDeal(approved, { ...helper, sharePercent: 10 }, now);
    expect(refusalOf(() => attributeDeal(deal, { ...helper, sharePercent: 1 }, now))).toMatchObject({
      kind: 'conflict',
      message: 'This partner has its part in the deal already.',
    });
  });

  test('a paid day may be the first one there is, and the message names the close', () => {
    expect(closeDeal(approved, { ...won, invoicePaidOn: '2026-07-01' }, about).status).toBe('won');
    expect(refusalOf(() => closeDeal(approved, { ...won, closedOn: '2026-07-12' }, about)).message).toBe(
      'The close cannot be taken: must not lie in the future.',
    );
  });
});

describe('when a deal is won, then its earnings are due at once', () => {
  const rows: readonly (readonly [label: string, closing: Closing, payments: Deal['payments']])[] = [
    ['nobody knows when the customer pays', won, undefined],
    ['the customer pays tomorrow', { ...won, invoicePaidOn: '2026-07-12' }, undefined],
    [
      'the customer pays today',
      { ...won, invoicePaidOn: '2026-07-11' },
      [{ amountMinor: 5_000_000, paidOn: '2026-07-11', at: now }],
    ],
    [
      'the customer paid before, another value',
      { ...won, value: usd(1), invoicePaidOn: '2026-07-10' },
      [{ amountMinor: 1, paidOn: '2026-07-10', at: now }],
    ],
    ['there was nothing to pay', { ...won, value: usd(0), invoicePaidOn: '2026-07-10' }, undefined],
  ];
  test.each(rows)('%s', (_label, closing, payments) => {
    const { due, wonAt, invoicePaidOn, ...deal } = closeDeal(approved, closing, about);
    expect({ due, wonAt, invoicePaidOn, payments: deal.payments }).toEqual({
      due: { what: 'earn', at: now },
      wonAt: now,
      invoicePaidOn: closing.invoicePaidOn,
      payments,
    });
  });

  test('a lost one has none', () => {
    const lost = closeDeal(approved, { outcome: 'lost', closedOn: '2026-07-11', lossReason: 'No budget.' }, about);
    for (const gone of ['due', 'wonAt', 'payments']) expect(lost).not.toHaveProperty(gone);
  });
});

describe('when a deal goes on', () => {
  test('then an extension forgets the warnings of before', () => {
    const warned = warnDeal(approved, program);
    expect(warned.warnedDays).toEqual([30]);
    expect(warnDeal(warned, program).warnedDays).toEqual([30, 14]);
    expect(extendDeal(warned, 'They test it.', about).warnedDays).toEqual([]);
  });

  test('then a warning that is not due changes nothing', () => {
    const { due: _due, ...notDue } = approved;
    const ending: Deal = { ...notDue, due: { what: 'expire', at: approvedUntil } };
    expect([warnDeal(notDue, program), warnDeal(ending, program)]).toEqual([notDue, ending]);
  });

  test('then who withdraws it may say why', () => {
    expect(withdrawDeal(approved, now, 'They stopped.').reason).toBe('They stopped.');
    expect(withdrawDeal(aDeal({ reason: 'Who decides?' }), now)).not.toHaveProperty('reason');
  });

  test('then what helps a deal of nobody’s share takes none', () => {
    const shared = { ...approved, attributions: [{ partnerId: 'ptr_9', role: 'sourced' as const, sharePercent: 100 }] };
    const helper = { partnerId: 'ptr_2', role: 'influenced' as const, sharePercent: 1 };
    expect(refusalOf(() => attributeDeal(shared, helper, now)).message).toContain('must be at most 0,');
    expect(attributeDeal(shared, { ...helper, sharePercent: 0 }, now).attributions).toHaveLength(2);
    expect(expireDeal(shared).attributions).toEqual(shared.attributions);
  });
});
