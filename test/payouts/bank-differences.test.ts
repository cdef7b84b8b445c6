import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { divide } from '#functions/payout-files/bank-sayings.ts';
import { packedFile } from '#functions/payout-files/packed-file.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { openOverview } from '#shared/payouts/statements-overview.ts';
import { repOf } from '#test/support/people.ts';
import { aCamt053, aPain002 } from './a-bank-answer.ts';
import { answer, later, payoutOf, publishForTheBank, threePaid } from './a-bank-run.ts';
import { aFinancePerson, ask } from './a-run.ts';
import { aStatement, storedStatement } from './a-statement.ts';

beforeAll(publishForTheBank);

describe('when the bank tells of another amount than we asked for', () => {
  test.each([
    ['one payment of another amount', (a: string) => aCamt053([{ reference: a, amount: '1234.50' }]), 1],
    ['one in another currency', (a: string) => aCamt053([{ reference: a, currency: 'EUR' }]), 1],
    [
      'one that was refused over another amount',
      (a: string) => aPain002({ payments: [[a, 'RJCT', 'AC04', '', '1.00']] }),
      1,
    ],
    [
      'a block with another sum',
      (_: string, runId: string) => aPain002({ messageId: runId, block: 'ACSC', controlSum: '1934.50' }),
      2,
    ],
  ])('then %s settles and fails nothing, and people look at it', async (_words, content, differing) => {
    const { run, ids, partners, period, statuses } = await threePaid();
    const told = content(String(ids[0]), run.id);
    expect((await answer(run.id, told)).body).toEqual({
      settled: 0,
      failed: 0,
      pending: 0,
      ignored: 0,
      differing,
      left: 0,
    });
    expect((await statuses()).slice(0, 2)).toEqual(['unknown', differing === 2 ? 'unknown' : 'sent']);
    const marked = await payoutOf(String(partners[0]), period);
    expect(marked.needsAttention).toMatch(
      /^The bank tells of .*, and we asked for USD 1,(234\.56|934\.56 for 2 payments together)\.$/,
    );
    await answer(run.id, told);
    expect((await payoutOf(String(partners[0]), period)).version).toBe(marked.version);
    expect((await getRun(run.id)).status).toBe('paying');
    // The right amount is the last word, whoever says it.
    await answer(run.id, aCamt053([{ reference: String(ids[0]) }]));
    const settled = await payoutOf(String(partners[0]), period);
    expect([settled.status, settled.needsAttention]).toEqual(['paid', undefined]);
  });

  test('then a block of which some had been refused before may come to what is left', async () => {
    const { run, ids, statuses } = await threePaid();
    await answer(run.id, aPain002({ payments: [[String(ids[1]), 'RJCT', 'AC04', '', '700.00']] }));
    const rest = aPain002({ messageId: run.id, block: 'ACSC', controlSum: '1234.56' });
    expect((await answer(run.id, rest)).body).toMatchObject({ settled: 1, ignored: 1, differing: 0, left: 0 });
    expect(await statuses()).toEqual(['paid', 'failed', 'sent']);
  });

  test('then what was paid and comes back in part stays paid, and people look at it', async () => {
    const { run, ids, partners, period } = await threePaid();
    await answer(run.id, aCamt053([{ reference: String(ids[0]) }]));
    const back = aCamt053([{ reference: String(ids[0]), direction: 'CRDT', returned: 'AC04', amount: '1229.56' }]);
    expect((await answer(run.id, back)).body).toMatchObject({ failed: 0, differing: 1 });
    const { status, needsAttention } = await payoutOf(String(partners[0]), period);
    expect([status, needsAttention]).toEqual(['paid', 'The bank tells of USD 1229.56, and we asked for USD 1,234.56.']);
  });
});

describe('when people have looked at a payout', () => {
  const resolve = async (payoutId: string, outcome: 'paid' | 'failed') => {
    const about = { params: { payoutId }, body: { outcome, reason: 'The bank kept its fee.' }, at: later };
    const first = await ask('resolve-payout', { ...about, caller: await aFinancePerson() });
    const second = await ask('resolve-payout', { ...about, caller: await aFinancePerson() });
    return [first.status, second.status, second.body.code ?? second.body.status];
  };
  /** Paid, and then a little less came back. */
  const aMarked = async () => {
    const { run, ids, partners, period } = await threePaid();
    const [reference = ''] = ids;
    const [partnerId = ''] = partners;
    await answer(run.id, aCamt053([{ reference }]));
    await answer(run.id, aCamt053([{ reference, direction: 'CRDT', returned: 'AC04', amount: '1229.56' }]));
    return { runId: run.id, period, partnerId, reference, ids };
  };

  test('then finance finds it in its run and in the month’s overview, and its partner sees nothing of it', async () => {
    const { runId, period, partnerId, reference } = await aMarked();
    const query = { runId, needsAttention: 'true' };
    const { body } = await ask('list-payouts', { query, at: later });
    expect(body.data).toMatchObject([{ id: reference, needsAttention: expect.any(String) }]);
    const own = await ask('list-payouts', { caller: repOf(partnerId), at: later });
    expect(own.body.data).toMatchObject([{ id: reference, status: 'paid' }]);
    expect(own.text).not.toContain('needsAttention');
    const hidden = await ask('list-payouts', {
      caller: repOf(partnerId),
      query: { needsAttention: 'true' },
      at: later,
    });
    expect(hidden.body.data).toEqual([]);
    const overview = openOverview(later);
    overview.takeStatement(await storedStatement(partnerId, period));
    expect(overview.exceptions).toMatchObject([{ partnerId, status: 'paid', needsAttention: expect.any(String) }]);
  });

  test('then two of them also say what became of a payment of which the bank sends no word, and that it came back', async () => {
    const { ids, partners, period } = await threePaid();
    expect(await resolve(String(ids[2]), 'paid')).toEqual([202, 200, 'paid']);
    expect((await payoutOf(String(partners[2]), period)).status).toBe('paid');
    expect(await resolve(String(ids[2]), 'paid')).toEqual([409, 409, 'state.transition_not_allowed']);
    expect(await resolve(String(ids[2]), 'failed')).toEqual([202, 200, 'failed']);
    expect(await resolve(String(ids[2]), 'paid')).toEqual([409, 409, 'state.transition_not_allowed']);
  });

  test('then what the first of them said counts no more once something else is heard', async () => {
    const { runId, reference } = await aMarked();
    const [first, second] = [await aFinancePerson(), await aFinancePerson()];
    const say = async (caller: typeof first) =>
      (
        await ask('resolve-payout', {
          params: { payoutId: reference },
          body: { outcome: 'paid', reason: 'The bank kept its fee.' },
          at: later,
          caller,
        })
      ).status;
    expect(await say(first)).toBe(202);
    await answer(runId, aCamt053([{ reference, direction: 'CRDT', returned: 'AC04', amount: '7.00' }]));
    expect([await say(second), await say(first)]).toEqual([202, 200]);
  });

  test('then two of them say that it stays paid, or that it failed after all, and it needs no more', async () => {
    const stays = await aMarked();
    expect(await resolve(stays.reference, 'paid')).toEqual([202, 200, 'paid']);
    const failed = await aMarked();
    expect(await resolve(failed.reference, 'failed')).toEqual([202, 200, 'failed']);
    for (const { partnerId, period } of [stays, failed])
      expect((await payoutOf(partnerId, period)).needsAttention).toBeUndefined();
    expect(await resolve(stays.reference, 'paid')).toEqual([409, 409, 'state.transition_not_allowed']);
  });
});

describe('when a run is large', () => {
  const saying = (status: 'sent' | 'paid' | 'failed', outcome: 'paid' | 'failed' | 'pending', difference?: string) => {
    const { payout } = aStatement();
    const line = {
      payoutId: payout.id,
      partnerId: 'ptr_1',
      currency: 'USD',
      period: '2026-07',
      amountMinor: 1,
      payeeVersion: 1,
    };
    return { told: { line, payout: { ...payout, status } }, said: { outcome }, ...(difference ? { difference } : {}) };
  };

  test('then so many changes are made at once, what stands as the bank says is only counted, and the rest is left', () => {
    const { counts, work } = divide(
      [
        saying('paid', 'paid'),
        saying('failed', 'failed'),
        saying('sent', 'pending'),
        saying('failed', 'paid'),
        saying('sent', 'paid'),
        saying('sent', 'failed'),
        saying('paid', 'paid', 'It is another amount.'),
        saying('sent', 'paid'),
      ],
      2,
    );
    expect(counts).toEqual({ settled: 1, failed: 1, pending: 1, ignored: 1, differing: 0, left: 2 });
    expect(work.map(({ said }) => said.outcome)).toEqual(['paid', 'failed']);
  });

  test('then its file is packed where it would not go through, unless that is not wanted', () => {
    const large = 'x'.repeat(5_000_001);
    for (const encodings of ['', 'gzip, deflate, br', '*']) {
      const { data, headers } = packedFile(large, encodings);
      expect(headers).toEqual({ 'content-encoding': 'gzip' });
      expect(gunzipSync(data).toString()).toBe(large);
    }
    expect(() => packedFile(large, 'identity')).toThrow(expect.objectContaining({ code: 'payout_run.file_too_large' }));
    expect(packedFile('small', 'identity')).toEqual({ data: 'small', headers: {} });
  });
});
