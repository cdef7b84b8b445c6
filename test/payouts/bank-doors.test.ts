import { beforeAll, describe, expect, test } from 'vitest';
import { getRun } from '#shared/payouts/run-store.ts';
import { adminOf, manager } from '#test/support/people.ts';
import { aCamt053, aPain002 } from './a-bank-answer.ts';
import {
  aFrozenRun,
  answer,
  approvedAt,
  aRunAtTheBank,
  file,
  freshPeriod,
  payoutOf,
  publishForTheBank,
  threePaid,
  whoIsPaid,
} from './a-bank-run.ts';
import { readNacha } from './nacha-reader.ts';
import { faultsOfStructure, readPain001 } from './pain001-reader.ts';

beforeAll(publishForTheBank);

describe('when the file of a run is asked for', () => {
  test('then each payment stands in one of both, in full, to the cent, and no byte changes later', async () => {
    const { run, ids } = await threePaid();
    const [xml, ach] = [await file(run.id), await file(run.id, { query: { format: 'nacha' } })];
    expect([xml.status, xml.headers['content-type'], ach.status, ach.headers['content-type']]).toEqual([
      200,
      'application/xml',
      200,
      'text/plain',
    ]);
    expect(faultsOfStructure(xml.text)).toEqual([]);
    const { messageId, payments } = readPain001(xml.text);
    expect(messageId).toBe(run.id);
    expect(payments.map(({ reference, amount, account }) => [reference, amount, account]).sort()).toEqual(
      [
        [ids[0], '1234.56', 'DE89370400440532013000'],
        [ids[1], '700.00', 'DE89370400440532013000'],
      ].sort(),
    );
    expect(readNacha(ach.text)).toMatchObject([{ cents: 80_000, account: '000483920175', routingNumber: '021000021' }]);
    expect(xml.text).toContain(`<CreDtTm>${approvedAt.slice(0, 19)}Z</CreDtTm>`);
    await answer(run.id, aPain002({ payments: [[String(ids[0]), 'RJCT', 'AC04']] }));
    expect((await file(run.id, { at: '2029-01-01T00:00:00.000Z' })).text).toBe(xml.text);
  });

  test('then it is there for finance only, and once it is approved', async () => {
    const period = freshPeriod();
    await whoIsPaid(50_000, period);
    const run = await aFrozenRun(period);
    expect(await file(run.id)).toMatchObject({
      status: 409,
      body: { code: 'payout_run.not_handed_over', status: 409 },
    });
    expect((await answer(run.id, aPain002())).status).toBe(409);
    for (const caller of [manager, adminOf('ptr_1')]) expect((await file(run.id, { caller })).status).toBe(403);
    expect((await file('run_none')).status).toBe(404);
  });

  test('then a format that nobody of it is paid by is refused', async () => {
    const period = freshPeriod();
    await whoIsPaid(50_000, period);
    const run = await aRunAtTheBank(period);
    expect(await file(run.id, { query: { format: 'nacha' } })).toMatchObject({
      status: 422,
      body: { code: 'payout_run.nothing_in_file' },
    });
  });
});

describe('when the bank answers', () => {
  test('then each payment is settled or fails, and the run ends with the last', async () => {
    const { run, ids, statuses } = await threePaid();
    const [a = '', b = '', us = ''] = ids;
    const first = await answer(
      run.id,
      aPain002({
        payments: [
          [a, 'ACSC'],
          [b, 'RJCT', 'AC04'],
          [us, 'PDNG'],
        ],
      }),
    );
    expect(first).toMatchObject({ status: 200, body: { settled: 1, failed: 1, pending: 1, ignored: 0 } });
    expect(await statuses()).toEqual(['paid', 'failed', 'sent']);
    expect((await getRun(run.id)).status).toBe('paying');
    const second = await answer(run.id, aCamt053([{ reference: us, amount: '800.00' }, { reference: 'pay_STRANGER' }]));
    expect(second.body).toEqual({ settled: 1, failed: 0, pending: 0, ignored: 1, differing: 0, left: 0 });
    expect((await getRun(run.id)).status).toBe('completed');
  });

  test('then the same answer again changes nothing, with the same key or another', async () => {
    const { run, ids, partners, period } = await threePaid();
    const content = aPain002({
      payments: [
        [String(ids[0]), 'ACSC'],
        [String(ids[1]), 'RJCT', 'AC01'],
      ],
    });
    const first = await answer(run.id, content, { key: 'once' });
    const versions = () => Promise.all(partners.map(async (id) => (await payoutOf(id, period)).version));
    const before = await versions();
    const replay = await answer(run.id, content, { key: 'once' });
    expect(replay).toMatchObject({ body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect((await answer(run.id, content)).body).toEqual(first.body);
    expect(await versions()).toEqual(before);
    const other = await answer(run.id, aPain002(), { key: 'once' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then money that came back has failed in whatever order it is told, and late reports undo no booking', async () => {
    const { run, ids, statuses } = await threePaid();
    const [a = '', b = ''] = ids;
    const back = aCamt053([{ reference: a, direction: 'CRDT', returned: 'AC06' }]);
    await answer(run.id, aCamt053([{ reference: a }, { reference: b, amount: '700.00' }]));
    expect(await statuses()).toEqual(['paid', 'paid', 'sent']);
    const late = await answer(
      run.id,
      aPain002({
        payments: [
          [b, 'RJCT', 'AC04'],
          [a, 'ACCP'],
        ],
      }),
    );
    expect(late.body).toEqual({ settled: 0, failed: 0, pending: 1, ignored: 1, differing: 0, left: 0 });
    await answer(run.id, back);
    expect(await statuses()).toEqual(['failed', 'paid', 'sent']);
    expect((await answer(run.id, aCamt053([{ reference: a }]))).body).toMatchObject({ settled: 0, ignored: 1 });
    expect(await statuses()).toEqual(['failed', 'paid', 'sent']);
  });

  test('then a file that is refused as a whole fails what stood in it, and a second copy of it nothing', async () => {
    const { run, statuses } = await threePaid();
    const again = await answer(run.id, aPain002({ messageId: run.id, group: 'RJCT', groupReason: 'AM05' }));
    expect(again.body).toEqual({ settled: 0, failed: 0, pending: 0, ignored: 0, differing: 0, left: 0 });
    const refused = await answer(run.id, aPain002({ messageId: run.id, group: 'RJCT', groupReason: 'FF01' }));
    expect(refused.body).toEqual({ settled: 0, failed: 2, pending: 0, ignored: 0, differing: 0, left: 0 });
    expect(await statuses()).toEqual(['failed', 'failed', 'sent']);
  });

  test('then a block that is told as one is settled as one', async () => {
    const { run, statuses } = await threePaid();
    const reply = await answer(run.id, aPain002({ messageId: run.id, block: 'ACSC' }));
    expect(reply.body).toEqual({ settled: 2, failed: 0, pending: 0, ignored: 0, differing: 0, left: 0 });
    expect(await statuses()).toEqual(['paid', 'paid', 'sent']);
  });

  test('then another run’s answer settles nothing here', async () => {
    const { run, statuses } = await threePaid();
    const other = await threePaid();
    const reply = await answer(
      run.id,
      aPain002({ messageId: other.run.id, group: 'RJCT', payments: [[String(other.ids[0]), 'ACSC']] }),
    );
    expect(reply.body).toEqual({ settled: 0, failed: 0, pending: 0, ignored: 1, differing: 0, left: 0 });
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);
    expect(await other.statuses()).toEqual(['sent', 'sent', 'sent']);
  });

  test.each([
    ['what is no XML', 'not today', 400, 'request.invalid'],
    ['entities', '<!DOCTYPE x [<!ENTITY a "b">]><Document/>', 400, 'request.invalid'],
    ['another document', '<Document xmlns="urn:x"/>', 422, 'bank_status.unknown_format'],
    ['nothing', '', 400, 'request.invalid'],
  ])('then %s is refused in words', async (_, content, status, code) => {
    const period = freshPeriod();
    await whoIsPaid(50_000, period);
    const run = await aRunAtTheBank(period);
    expect(await answer(run.id, content)).toMatchObject({ status, body: { code } });
  });

  test('then a statement of a megabyte is read, and one of six is refused', async () => {
    const { run, ids } = await threePaid();
    const many = (count: number) =>
      aCamt053([
        ...Array.from({ length: count }, (_, index) => ({ reference: `X${index}` })),
        { reference: String(ids[0]) },
      ]);
    expect((await answer(run.id, many(3_000))).body).toMatchObject({ settled: 1, ignored: 3_000 });
    expect((await answer(run.id, many(30_000))).status).toBe(413);
  });
});
