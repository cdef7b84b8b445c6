import { describe, expect, test } from 'vitest';
import { StoredEvent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { type PartnerMoney, statementOf } from '#shared/payouts/statement-of.ts';
import { statementSpan } from '#shared/payouts/statement-period.ts';
import { replayStatement, statementDifferences } from '#shared/payouts/statement-replay.ts';
import { viewStatement } from '#shared/payouts/statement-view.ts';
import { anEarning, earnedAt, heldUntil } from '#test/earnings/an-earning.ts';
import { prngOf } from '#test/faults/prng.ts';
import type { Table } from '#test/ledger/a-table.ts';
import { aPartnerHistory, earningsIn, historyOf, historyProgram, statementsIn } from './a-partner-history.ts';
import { aStatement } from './a-statement.ts';

const after = '2027-12-01T00:00:00.000Z';
const told = {
  partnerId: historyOf,
  partnerName: 'Acme',
  currency: 'USD',
  language: 'en' as const,
  accountEndsWith: undefined,
};
const months = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`);

/** What an account of the partner holds at an instant, by the journals that stand in the events. */
const ledgerAt = ({ items }: Table, state: string, asOf: string): number =>
  [...items.values()]
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ journals }) => (journals ?? []) as { at: string; lines: { account: string; amountMinor: number }[] }[])
    .filter(({ at }) => at <= asOf)
    .flatMap(({ lines }) => lines)
    .filter(({ account }) => account === `partner:${historyOf}:${state}`)
    .reduce((sum, { amountMinor }) => sum - amountMinor, 0);

const eventsIn = ({ items }: Table): readonly StoredEvent[] =>
  [...items.values()].filter(({ kind }) => kind === 'event').map((item) => StoredEvent.parse(item));

describe('a statement of whatever happened', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    'agrees with the ledger to the cent at the end of every month (seed %i)',
    (seed) => {
      const table = aPartnerHistory(prngOf(seed));
      const money = { earnings: earningsIn(table), statements: statementsIn(table) };
      let opening = 0;
      for (const month of months) {
        const statement = statementOf(money, statementSpan(month, historyProgram), after);
        expect(statement.openingMinor, month).toBe(opening);
        expect(statement.closingMinor, month).toBe(ledgerAt(table, 'payable', statement.asOf));
        expect(statement.heldMinor, month).toBe(ledgerAt(table, 'on-hold', statement.asOf));
        const moved = statement.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        expect(opening + moved, month).toBe(statement.closingMinor);
        opening = statement.closingMinor;
      }
    },
  );

  test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    'says of each statement what came, what was due, and where all of it went (seed %i)',
    (seed) => {
      const table = aPartnerHistory(prngOf(seed));
      const money = { earnings: earningsIn(table), statements: statementsIn(table) };
      for (const { payout, balances } of money.statements) {
        const statement = statementOf(money, statementSpan(payout.period, historyProgram), after);
        const brought = statement.brought.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        expect(brought, payout.period).toBe(balances.broughtForward);
        const shown = viewStatement(statement, { ...told, span: statementSpan(payout.period, historyProgram) }).payout;
        expect(shown.due.amountMinor).toBe(balances.amountDue + brought);
        if (['paid', 'carried', 'failed'].includes(payout.status)) expect(shown.left.amountMinor).toBe(0);
      }
    },
  );

  test('is of books in which the reconciler finds nothing wrong, disputes and all', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const table = aPartnerHistory(prngOf(seed));
      for (const event of eventsIn(table)) table.fold(event);
      const reconciliation = openReconciliation();
      for (const item of table.items.values()) reconciliation.take(item);
      expect(reconciliation.judge().faults, `seed ${seed}`).toEqual([]);
    }
  });

  test('the histories are worth it: they pay, carry, fail, reverse and take back', () => {
    const tables = Array.from({ length: 40 }, (_, seed) => aPartnerHistory(prngOf(seed + 1)));
    const statuses = new Set(tables.flatMap(statementsIn).map(({ payout }) => payout.status));
    expect([...statuses].sort()).toEqual(
      expect.arrayContaining(['carried', 'failed', 'open', 'paid', 'pending', 'sent']),
    );
    const earnings = tables.flatMap(earningsIn);
    expect(earnings.filter(({ status }) => status === 'reversed').length).toBeGreaterThan(20);
    expect(earnings.filter(({ accruedAt }) => accruedAt !== undefined).length).toBeGreaterThan(20);
    expect(earnings.filter(({ disputed }) => disputed?.endedAt).length).toBeGreaterThan(20);
    expect(earnings.filter(({ status, disputed }) => status === 'reversed' && disputed).length).toBeGreaterThan(2);
    expect(earnings.filter(({ kind }) => kind === 'clawback').length).toBeGreaterThan(20);
  });
});

const july = statementSpan('2026-07', historyProgram);
const of = (money: Partial<PartnerMoney>, span = july, now = after) =>
  statementOf({ earnings: [], statements: [], ...money }, span, now);

describe('when a statement is asked for', () => {
  test('of a month in which nothing happened, then everything is nothing', () => {
    expect(of({})).toMatchObject({ openingMinor: 0, closingMinor: 0, lines: [], held: [], heldMinor: 0 });
  });

  test('before its last day, then what is still on hold is shown as that', () => {
    const now = addDays(heldUntil, -1);
    const early = of({ earnings: [anEarning()] }, july, now);
    expect(early).toMatchObject({ asOf: now, closingMinor: 0, heldMinor: 120_000, lines: [] });
    expect(of({ earnings: [anEarning()] })).toMatchObject({
      asOf: '2026-07-31T23:59:59.999Z',
      closingMinor: 120_000,
      heldMinor: 0,
      lines: [{ at: heldUntil, amountMinor: 120_000, reason: 'earned' }],
    });
  });

  test('of a month that ended while an earning was on hold that was reversed later, then it was on hold', () => {
    const reversed = {
      ...anEarning({ status: 'reversed', holdUntil: '2026-09-01T00:00:00.000Z' }),
      updatedAt: '2026-08-02T00:00:00.000Z',
    };
    expect(of({ earnings: [reversed] })).toMatchObject({ heldMinor: 120_000, held: [{ id: reversed.id }] });
    const august = of({ earnings: [reversed] }, statementSpan('2026-08', historyProgram));
    expect(august).toMatchObject({ heldMinor: 0, held: [], lines: [] });
  });

  test('and an earning came too late for its own month, then the statement that pays it names it', () => {
    const late = anEarning({ statement: '2026-08' });
    expect(of({ earnings: [late] }).lines).toHaveLength(1);
    expect(of({ earnings: [late] }, statementSpan('2026-08', historyProgram)).others).toEqual([late]);
  });

  test('of a day, then it is that day by the clocks of the program', () => {
    const tokyo = { ...historyProgram, timeZone: 'Asia/Tokyo' };
    const span = statementSpan('2026-07-02', tokyo);
    expect(span).toMatchObject({ begins: '2026-07-01T15:00:00.000Z', ends: '2026-07-02T15:00:00.000Z' });
    const spiff = anEarning({ kind: 'spiff', holdUntil: earnedAt, statement: '2026-07-01' });
    expect(of({ earnings: [spiff] }, span)).toMatchObject({ openingMinor: 120_000, lines: [] });
  });

  test('and the program pays by quarter, then the last month of one is the whole quarter', () => {
    const quarterly = { ...historyProgram, payouts: { ...historyProgram.payouts, every: 'quarter' as const } };
    expect(statementSpan('2026-09', quarterly)).toMatchObject({ from: '2026-07-01', to: '2026-09-30' });
    expect(statementSpan('2026-08', quarterly)).toMatchObject({ from: '2026-08-01', to: '2026-08-31' });
  });

  test('then what was brought forward is told with where it came from, and why', () => {
    const june = aStatement({}, { period: '2026-06' });
    const parts = { earned: 900, takenBack: 0, takenBackForFraud: 0 };
    const carried = { ...june.payout, carriedOut: [{ ...parts, to: '2026-07', reasons: ['below_minimum' as const] }] };
    expect(of({ statements: [{ ...june, payout: carried }] }).brought).toEqual([
      { period: '2026-06', amountMinor: 900, reasons: ['below_minimum'] },
    ]);
  });
});

describe('when a statement is made again from the events alone', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))('then it is the same to the cent (seed %i)', (seed) => {
    const table = aPartnerHistory(prngOf(seed));
    const money = { earnings: earningsIn(table), statements: statementsIn(table) };
    for (const month of months) {
      const span = statementSpan(month, historyProgram);
      const replayed = replayStatement(eventsIn(table), { partnerId: historyOf, span, now: after });
      expect(statementDifferences(statementOf(money, span, after), replayed, 'USD'), month).toEqual([]);
    }
  });

  test('and an amount was changed by hand, then the difference is named', () => {
    const table = aPartnerHistory(prngOf(1));
    const [first, ...others] = earningsIn(table).filter(({ status, holdUntil }) => status === 'on_hold' && holdUntil);
    if (!first) throw new Error('The history has no earning.');
    const forged = { ...first, amount: { ...first.amount, amountMinor: first.amount.amountMinor + 1 } };
    const span = statementSpan(String(first.holdUntil).slice(0, 7), historyProgram);
    const today = statementOf({ earnings: [forged, ...others], statements: [] }, span, after);
    const replayed = replayStatement(eventsIn(table), { partnerId: historyOf, span, now: after });
    expect(statementDifferences(today, replayed, 'USD').join('\n')).toContain(`${first.id} (earned): `);
  });
});
