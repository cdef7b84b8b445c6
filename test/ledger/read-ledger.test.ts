import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/ledger/door.ts';
import type { Journal } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { budgetAccount, budgetsAllocated, journalOf, move } from '#shared/ledger/chart.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { type Reply, send } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';
import { aHappening, book, earned } from './a-ledger.ts';

const day = (number: number): string => addDays('2026-07-01T12:00:00.000Z', number);
const now = day(60);

const journals: Journal[] = [];

/** Twelve earnings of two partners, one a day, 100.00 to 1,200.00, each held for 30 days; and two budgets given on one day. */
beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  for (let number = 0; number < 12; number += 1) {
    const about = { partnerId: `ptr_${number % 2}`, amountMinor: (number + 1) * 10_000 };
    const booked = earned(`ern_${number}`, { ...about, at: day(number), holdUntil: day(number + 30) });
    journals.push(...booked);
    const { event } = aHappening(`ern_${number}`, booked);
    await book(event);
    // The stream may tell of it again, whenever it likes.
    await Promise.all([foldEvent(event), foldEvent(event)]);
  }
  for (const partnerId of ['ptr_0', 'ptr_1']) {
    const lines = move(500_000, budgetAccount(partnerId, '2026-Q3', 'available'), budgetsAllocated);
    const given = journalOf(['given', partnerId], { at: day(3), currency: 'USD', lines });
    journals.push(given);
    await book(aHappening(`bud_${partnerId}`, [given]).event);
  }
});

const ask = (
  operation: 'get-ledger-account' | 'list-journals' | 'get-trial-balance',
  query: Record<string, string> = {},
  accountId?: string,
): Promise<Reply> =>
  send(handler, { operation, caller: finance, at: now, query, ...(accountId ? { params: { accountId } } : {}) });

const dollars = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

/** What an account amounts to as of an instant, debits positive, added up again from the journals alone. */
const recomputed = (accountId: string, asOf: string): number =>
  journals
    .filter(({ at }) => at <= asOf)
    .flatMap(({ lines }) => lines)
    .filter(({ account }) => account === accountId)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const instants = [day(-1), day(0), day(3), addDays('2026-07-04T11:59:59.999Z', 0), day(11), day(30), day(33), day(90)];

describe('when an account is asked for', () => {
  test.each([
    ['partner:ptr_0:on-hold', -1],
    ['partner:ptr_1:payable', -1],
    ['mdf:ptr_1:2026-Q3:available', 1],
    ['program:expense:commission', 1],
    ['program:mdf-allocated', -1],
  ])('then %s has the balance of its journals as of any instant', async (accountId, side) => {
    for (const asOf of instants) {
      const { status, body } = await ask('get-ledger-account', { asOf }, accountId);
      const balance = recomputed(accountId, asOf) * side || 0;
      const balances = body.balances as readonly { amountMinor: number }[];
      expect([status, body.asOf, balances[0]?.amountMinor ?? 0]).toEqual([200, asOf, balance]);
    }
  });

  test('then its entries come oldest first, page by page, and add up to the balance', async () => {
    for (const accountId of ['partner:ptr_0:payable', 'program:expense:commission', 'partner:<partner>:on-hold']) {
      const entries: { at: string; amount: { amountMinor: number } }[] = [];
      let cursor: string | null = '';
      let last: Reply | undefined;
      while (cursor !== null) {
        last = await ask('get-ledger-account', { limit: '4', ...(cursor ? { cursor } : {}) }, accountId);
        const page = last.body.entries as typeof entries;
        expect(page.length).toBeLessThanOrEqual(4);
        entries.push(...page);
        cursor = last.body.nextCursor as string | null;
      }
      expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
      const sum = entries.reduce((total, { amount }) => total + amount.amountMinor, 0);
      expect(last?.body.balances).toEqual([dollars(sum)]);
    }
  });

  test('then a row of the chart stands for all accounts in it', async () => {
    const { body } = await ask('get-ledger-account', { asOf: day(11) }, 'partner:<partner>:on-hold');
    expect(body).toMatchObject({ normalSide: 'credit', balances: [dollars(780_000)] });
    expect(body.entries).toHaveLength(12);
  });

  test('then one that nothing was posted to is empty, and one that the chart does not know is not there', async () => {
    expect((await ask('get-ledger-account', {}, 'partner:ptr_9:payable')).body).toMatchObject({
      balances: [],
      entries: [],
      nextCursor: null,
    });
    expect((await ask('get-ledger-account', {}, 'cash')).status).toBe(404);
  });
});

describe('when journals are asked for', () => {
  const ids = (reply: Reply): readonly string[] => (reply.body.data as { id: string }[]).map(({ id }) => id);
  const inOrder = (list: readonly Journal[]): readonly string[] =>
    [...list].sort((a, b) => (`${a.at}#${a.id}` < `${b.at}#${b.id}` ? -1 : 1)).map(({ id }) => id);

  test('then those of days come in order, both days included', async () => {
    const reply = await ask('list-journals', { from: '2026-07-03', to: '2026-07-05', limit: '100' });
    const expected = journals.filter(({ at }) => at >= '2026-07-03' && at < '2026-07-06');
    expect([ids(reply), reply.body.asOf]).toEqual([inOrder(expected), now]);
    expect(expected).toHaveLength(5);
  });

  test('then all of them come page by page, none twice', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const reply: Reply = await ask('list-journals', { limit: '3', ...(cursor ? { cursor } : {}) });
      seen.push(...ids(reply));
      cursor = reply.body.nextCursor as string | null;
    }
    expect(seen).toEqual(inOrder(journals));
  });

  test.each([
    ['an account of one thing', 'partner:ptr_1:on-hold', 12],
    ['an account that everybody posts to', 'program:mdf-allocated', 2],
    ['a row of the chart', 'partner:<partner>:payable', 12],
  ])('then those of %s are the ones that touch it', async (_, accountId, count) => {
    const reply = await ask('list-journals', { accountId, limit: '100' });
    expect(reply.body.data).toHaveLength(count);
    const known = await ask('list-journals', { accountId, from: '2026-07-02', to: '2026-07-20', limit: '100' });
    expect(ids(known)).toEqual(
      ids(reply).filter((id) =>
        journals.some((each) => each.id === id && each.at >= '2026-07-02' && each.at < '2026-07-21'),
      ),
    );
  });

  test('then those of a thing come from its history, later ones with their day', async () => {
    const until = { subject: 'ern_4', to: '2026-12-31' };
    const reply = await ask('list-journals', until);
    expect(reply.body.data).toMatchObject([
      { at: day(4), subject: 'ern_4', seq: 1, event: 'earning.accrued' },
      { at: day(34), subject: 'ern_4', seq: 1 },
    ]);
    expect(ids(await ask('list-journals', { ...until, to: '2026-07-31' }))).toHaveLength(1);
    expect(ids(await ask('list-journals', { ...until, accountId: 'partner:ptr_0:payable' }))).toHaveLength(1);
  });
});

describe('when a trial balance is asked for', () => {
  test('then debits equal credits as of every instant, and rows are the sums of their accounts', async () => {
    for (const asOf of instants) {
      const { body } = await ask('get-trial-balance', { asOf });
      const [total] = body.totals as readonly { debit: object; credit: object }[];
      expect([body.asOf, total?.debit]).toEqual([asOf, total?.credit]);
      const rows = body.accounts as readonly { accountId: string; debit: { amountMinor: number } }[];
      const expense = rows.find(({ accountId }) => accountId === 'program:expense:commission');
      expect(expense?.debit.amountMinor ?? 0).toBe(recomputed('program:expense:commission', asOf));
    }
  });

  test('then it stands in the order of the chart, each row on its side', async () => {
    const { body } = await ask('get-trial-balance');
    expect(body.accounts).toMatchObject([
      { accountId: 'partner:<partner>:on-hold', debit: dollars(0), credit: dollars(0) },
      { accountId: 'partner:<partner>:payable', credit: dollars(780_000) },
      { accountId: 'program:expense:commission', debit: dollars(780_000) },
      { accountId: 'mdf:<partner>:<quarter>:available', debit: dollars(1_000_000) },
      { accountId: 'program:mdf-allocated', credit: dollars(1_000_000) },
    ]);
  });
});
