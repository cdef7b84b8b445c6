import { beforeAll, describe, expect, test } from 'vitest';
import { findTask } from '#shared/approvals/approval-store.ts';
import { brokenLink } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { addDays } from '#shared/core/time.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { fail, ownIntent, settle } from '#shared/payouts/payout-steps-store.ts';
import { chunksOf, keepLines } from '#shared/payouts/run-lines-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { wholeItems } from '#test/support/whole-table.ts';
import { handler as closeRun } from '#workflows/payouts/close-run.ts';
import { handler as collectPayouts } from '#workflows/payouts/collect-payouts.ts';
import { handler as freezeRun } from '#workflows/payouts/freeze-run.ts';
import {
  aCollectedRun,
  aFinancePerson,
  anEarner,
  aPaidProgram,
  aPayee,
  aPayout,
  ask,
  decideRun,
  drive,
  payDay,
} from './a-run.ts';
import { aPartnerId, earn, storedStatement } from './a-statement.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aPaidProgram());
});

const payoutOf = async (partnerId: string, period = '2026-07') => (await storedStatement(partnerId, period)).payout;
const linesOf = async (runId: string) => {
  const lines = [];
  for await (const chunk of chunksOf(runId)) lines.push(...chunk);
  return lines;
};
const resolve = async (
  payoutId: string,
  outcome: 'paid' | 'failed',
  caller?: Awaited<ReturnType<typeof aFinancePerson>>,
) =>
  ask('resolve-payout', {
    params: { payoutId },
    body: { outcome, reason: 'Seen on the statement.' },
    caller: caller ?? (await aFinancePerson()),
  });

/** Brings a run to its end, as two people do who see that everything has arrived, so that the next one may begin. */
const finish = async (runId: string): Promise<void> => {
  if ((await getRun(runId)).status === 'awaiting_approval') await decideRun(runId);
  await drive(runId);
  const [one, another] = [await aFinancePerson(), await aFinancePerson()];
  for (const { payoutId } of await linesOf(runId))
    for (const caller of [one, another]) await resolve(payoutId, 'paid', caller);
  expect(await getRun(runId)).toMatchObject({ status: 'completed' });
};

/** What the nightly reconciler would say of everything that is stored, but for what only the stream folds. */
const faults = async (): Promise<readonly string[]> => {
  const books = openReconciliation();
  for (const item of await wholeItems()) books.take(item);
  return books.judge('2000-01-01T00:00:00.000Z').faults.map(tellFault);
};

describe('a run that found nothing to pay', () => {
  test.each([
    ['it is closed', (runId: string) => closeRun({ runId, attempt: 1, at: payDay })],
    [
      'that collector is called again',
      async (runId: string) => {
        for (let shard = 0; shard < 8; shard += 1) await collectPayouts({ runId, shard, at: payDay });
      },
    ],
  ])('gives back what a collector that was thought dead froze for it, when %s', async (_, act) => {
    const runId = await aCollectedRun();
    expect(await getRun(runId)).toMatchObject({ status: 'completed', payouts: 0 });
    const { partnerId } = await aPayout('pending', { runId });
    await act(runId);
    expect(await payoutOf(partnerId)).toMatchObject({ status: 'open' });
    expect((await storedStatement(partnerId)).balances).toMatchObject({ earned: 12_000 });
    // Nobody is to find it open in the other tests.
    await aPayout('sent', { partnerId });
  });
});

describe('a run from its start to its end', () => {
  test('takes what is due, waits for another person, pays, and ends when people say that it has arrived', async () => {
    const [one, two] = [await anEarner(12_000), await anEarner(30_000)];
    const [poor, lost] = [await anEarner(4_000), aPartnerId()];
    await earn(lost, 9_000);
    const runId = await aCollectedRun();
    const run = await getRun(runId);
    expect(run).toMatchObject({
      status: 'awaiting_approval',
      total: { amountMinor: 42_000, currency: 'USD' },
      payouts: 2,
      carried: { below_minimum: 1, payee_missing: 1 },
    });
    expect((await linesOf(runId)).map(({ partnerId }) => partnerId).sort()).toEqual([one, two].sort());
    expect((await payoutOf(poor)).status).toBe('carried');
    expect((await storedStatement(lost, '2026-08')).balances).toMatchObject({ broughtForward: 9_000 });

    expect((await decideRun(runId)).status).toBe(200);
    expect(await drive(runId)).toBe('done');
    expect(await getRun(runId)).toMatchObject({ status: 'paying', approvedAt: payDay, handedOverAt: payDay });
    // Nobody kept a task, as where the step that asks dies; recovery need not start anything for it.
    expect(await findTask(`apr_${runId}_1`)).toMatchObject({ followedUp: true });
    expect((await payoutOf(one)).status).toBe('sent');

    const [first, second] = [await payoutOf(one), await payoutOf(two)];
    expect((await resolve(first.id, 'paid')).status).toBe(202);
    expect((await resolve(first.id, 'paid')).body).toMatchObject({ status: 'paid' });
    await resolve(second.id, 'failed');
    expect((await resolve(second.id, 'failed')).body).toMatchObject({ status: 'failed' });
    expect((await storedStatement(two, '2026-08')).balances).toMatchObject({ broughtForward: 30_000 });
    expect(await getRun(runId)).toMatchObject({ status: 'completed' });
    for (const id of [runId, first.id, second.id]) expect(brokenLink(await listEvents(id, 1, 50))).toBeUndefined();
    expect(await faults()).toEqual([]);
  });

  test('with nothing to pay is completed without asking anybody, and the next may begin', async () => {
    const first = await aCollectedRun();
    expect(await getRun(first)).toMatchObject({ status: 'completed', payouts: 0 });
    expect(await getRun(await aCollectedRun())).toMatchObject({ status: 'completed' });
  });

  test('that is rejected releases everything, and a second run takes it, with what came in between', async () => {
    const partnerId = await anEarner(12_000);
    const runId = await aCollectedRun();
    expect((await decideRun(runId, { body: { outcome: 'reject', reason: 'The rate is wrong.' } })).status).toBe(200);
    expect((await ask('start-payout-run', { body: { period: '2026-07' } })).body).toMatchObject({
      code: 'payout_run.already_running',
      runId,
    });
    await drive(runId);
    expect(await getRun(runId)).toMatchObject({ status: 'rejected', releasedAt: payDay });
    expect((await payoutOf(partnerId)).status).toBe('open');
    await earn(partnerId, 3_000);
    const second = await aCollectedRun();
    expect(await getRun(second)).toMatchObject({ total: { amountMinor: 15_000 }, payouts: 1 });
    await finish(second);
    expect(await faults()).toEqual([]);
  });

  test('whose lines two collectors wrote at once is collected anew, until they are what was frozen', async () => {
    const earners = [await anEarner(20_000), await anEarner(30_000)];
    const started = await ask('start-payout-run', { body: { period: '2026-07' } });
    const runId = String(started.body.id);
    for (let shard = 0; shard < 8; shard += 1) await collectPayouts({ runId, shard, at: payDay });
    for (const line of await linesOf(runId)) await keepLines(runId, shardOf(line.partnerId), [line, line]);
    await freezeRun({ runId, attempt: 1, at: payDay });
    expect(await getRun(runId)).toMatchObject({ status: 'collecting' });
    expect(await drive(runId)).toBe('ask');
    expect((await linesOf(runId)).map(({ partnerId }) => partnerId).sort()).toEqual(earners.sort());
    expect(await getRun(runId)).toMatchObject({ payouts: 2, total: { amountMinor: 50_000 } });
    await finish(runId);
  });

  test('of the same period again takes only what the first did not', async () => {
    const partnerId = await anEarner(12_000);
    await finish(await aCollectedRun());
    expect((await payoutOf(partnerId)).status).toBe('paid');
    const late = await anEarner(7_000);
    const second = await aCollectedRun();
    expect((await linesOf(second)).map((line) => line.partnerId)).toEqual([late]);
    await finish(second);
  });

  test('brings older statements forward, so that each partner gets one payout', async () => {
    const partnerId = await anEarner(12_000);
    await earn(partnerId, 3_000, { statement: '2026-05' });
    await earn(partnerId, 2_000, { statement: '2026-07-14', kind: 'spiff' });
    const runId = await aCollectedRun();
    expect((await payoutOf(partnerId)).amount?.amountMinor).toBe(17_000);
    expect((await payoutOf(partnerId, '2026-05')).carriedOut).toMatchObject([{ to: '2026-07', reasons: ['merged'] }]);
    await finish(runId);
    expect(await faults()).toEqual([]);
  });

  test('of a day takes statements of days only', async () => {
    const partnerId = await anEarner(12_000);
    await earn(partnerId, 6_000, { statement: '2026-07-20', kind: 'spiff' });
    const { body } = await ask('start-payout-run', { body: { period: '2026-07-21' } });
    await drive(String(body.id));
    expect(await getRun(String(body.id))).toMatchObject({ total: { amountMinor: 6_000 } });
    expect((await payoutOf(partnerId)).status).toBe('open');
    await decideRun(String(body.id), { body: { outcome: 'reject', reason: 'Wait for the month.' } });
    await drive(String(body.id));
  });

  test('fails a payout whose payee changed after it was collected, and pays the others', async () => {
    const [changed, other] = [await anEarner(12_000), await anEarner(13_000)];
    const runId = await aCollectedRun();
    await aPayee(changed, { version: 2, changedAt: payDay });
    await decideRun(runId);
    await drive(runId);
    expect((await payoutOf(changed)).status).toBe('failed');
    expect((await payoutOf(other)).status).toBe('sent');
    await finish(runId);
    expect(await faults()).toEqual([]);
  });
});

describe('who may decide on a run', () => {
  test('not who started it, not who just got the role, not who just changed a payee; a second person above the limit', async () => {
    const starter = await aFinancePerson();
    await anEarner(5_000_100);
    const runId = await aCollectedRun({ caller: starter, at: addDays(payDay, 1) });
    expect((await decideRun(runId, { caller: starter })).body).toMatchObject({ code: 'approval.own_submission' });
    expect((await decideRun(runId, { caller: { ...starter, id: 'usr_nobody' } })).status).toBe(403);
    const changer = await aFinancePerson();
    await aPayee(aPartnerId(), { changedBy: changer.id, changedAt: addDays(payDay, -2) });
    expect((await decideRun(runId, { caller: changer })).body).toMatchObject({ code: 'auth.forbidden' });
    const approver = await aFinancePerson();
    expect((await decideRun(runId, { caller: approver })).body).toMatchObject({ status: 'open' });
    expect((await decideRun(runId, { caller: approver, ifMatch: 2 })).body).toMatchObject({
      code: 'approval.already_decided_by_you',
    });
    expect((await decideRun(runId, { ifMatch: 2 })).body).toMatchObject({ status: 'approved' });
    await finish(runId);
  });
});

test('when somebody takes back what they said became of a payout, then nobody ends it on that word any more', async () => {
  const { id, partnerId } = await aPayout('sent');
  const one = await aFinancePerson();
  await resolve(id, 'failed', one);
  const agreed = await payoutOf(partnerId);
  expect(agreed.proposal).toMatchObject({ outcome: 'failed', by: one.id });
  expect((await resolve(id, 'paid', one)).status).toBe(202);
  const late = { at: payDay, intentOf: ownIntent('resolve', payDay), seen: agreed.version, reason: 'It came back.' };
  await expect(fail(agreed, late)).rejects.toMatchObject({ code: 'version.stale' });
  await expect(settle(agreed, late)).rejects.toMatchObject({ code: 'version.stale' });
  expect(await payoutOf(partnerId)).toMatchObject({ status: 'sent', proposal: { outcome: 'paid', by: one.id } });
  await resolve(id, 'paid');
});

describe('when somebody starts a run', () => {
  test.each(['2026-08', '2026-08-05'])('then not for %s, which has not ended', async (period) => {
    expect((await ask('start-payout-run', { body: { period } })).body).toMatchObject({
      code: 'payout.period_not_ended',
    });
  });

  test('twice with one key, then it is one run', async () => {
    const call = { body: { period: '2020-01' }, key: 'twice' };
    const [first, again] = [await ask('start-payout-run', call), await ask('start-payout-run', call)];
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});
