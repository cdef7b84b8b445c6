import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/ledger/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { newEarning } from '#shared/earnings/earning.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { reimbursementEarning } from '#shared/earnings/reimbursement.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { anEarning, earnedAt } from '#test/earnings/an-earning.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';

const example = aProgram();
const activityTypes = example.mdf.activityTypes.map((type) =>
  type.id === 'event' ? { ...type, accounting: 'reduction-of-revenue' as const } : type,
);
const program = { ...example, mdf: { ...example.mdf, activityTypes } };

const book = async (earning: Parameters<typeof bookEarning>[0]) => {
  const change = bookEarning(earning, systemIntent('earn', earning.id, earnedAt));
  await saveEarning(change);
  await foldEvent(change.event);
  return change.entity;
};

const reimburse = (claimId: string, activityType: string) =>
  book(
    reimbursementEarning(
      {
        claimId,
        requestId: 'mdr_1',
        activityType,
        partnerId: 'ptr_1',
        programVersion: 1,
        approved: { amountMinor: 30_000, currency: 'USD' },
      },
      { at: earnedAt, program },
    ),
  );

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(program);
});

const exported = async () => {
  const call = { operation: 'list-journals', caller: finance, at: '2026-09-01T00:00:00.000Z' } as const;
  const { text, headers } = await send(handler, { ...call, headers: { accept: 'text/csv' } });
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  return parse(text, { columns: true }) as readonly Record<string, string>[];
};

describe('when journals are exported for the general ledger', () => {
  test('then each line says its account and side, debits are credits, and expenses have their class', async () => {
    await book(anEarning());
    const event = await reimburse('clm_1', 'event');
    await reimburse('clm_2', 'webinar');
    await book(
      newEarning({
        ...anEarning({ id: 'ern_clawback', kind: 'clawback', amount: { amountMinor: -10_000, currency: 'USD' } }),
        holdUntil: earnedAt,
        reverses: event.id,
        reversesKind: 'mdf-reimbursement',
      }),
    );
    const rows = await exported();
    const sum = (side: string): number => rows.reduce((total, row) => total + Math.round(Number(row[side]) * 100), 0);
    expect(sum('debit')).toBe(sum('credit'));
    const expenses = rows.filter(({ account }) => account?.startsWith('program:expense:'));
    expect(
      expenses.map(({ account, debit, credit, accountingClass }) => [account, debit, credit, accountingClass]).sort(),
    ).toEqual([
      ['program:expense:commission', '1200.00', '', 'expense'],
      ['program:expense:mdf-reimbursement', '', '100.00', 'reduction-of-revenue'],
      ['program:expense:mdf-reimbursement', '300.00', '', 'expense'],
      ['program:expense:mdf-reimbursement', '300.00', '', 'reduction-of-revenue'],
    ]);
    expect(rows.filter(({ account, accountingClass }) => account?.startsWith('partner:') && accountingClass)).toEqual(
      [],
    );
  });
});
