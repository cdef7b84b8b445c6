import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { chunksOf, type Line, listChunks } from '#shared/payouts/run-lines-store.ts';
import { readStatements } from '#shared/payouts/statement-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { wholeItems } from '#test/support/whole-table.ts';
import { handler as payChunk } from '#workflows/payouts/pay-chunk.ts';
import {
  aCollectedRun,
  aFinancePerson,
  aPaidProgram,
  aStripeEarner,
  ask,
  decideRun,
  drive,
  forEachChunk,
  payDay,
} from './a-run.ts';
import { aTransfer } from './stripe-books.ts';
import { type Fate, type StubCall, startStripeStub } from './stripe-stub.ts';

/** `STRIPE=500x200` is what a release runs. `SEED` replays. */
const [payouts = 100, senders = 8] = (process.env.STRIPE ?? '100x4').split('x').map(Number);
const seed = process.env.SEED ?? '1';
/** So many of them bear a transfer that we did not order. */
const strangers = 5;
const [day1, day30] = [addDays(payDay, 1), addDays(payDay, 30)];

const numberOf = (...about: readonly unknown[]): number =>
  createHash('sha256')
    .update(JSON.stringify([seed, ...about]))
    .digest()
    .readUInt32BE();
const oneOf = (fates: readonly Fate[], ...about: readonly unknown[]): Fate =>
  fates[numberOf(...about) % fates.length] ?? 'answered';

const noises = ['answered', 'answered', 'lost', 'answer lost', 'late', 'overloaded', 'busy', 'broken'] as const;
const unheard = ['lost', 'overloaded', 'busy', 'broken'] as const;

/** What goes wrong with a payout depends on which one it is; in the end every call is answered. */
const fateOf = ({ what, reference, before, at }: StubCall): Fate => {
  const isLast = at >= day30;
  switch (numberOf(reference) % 4) {
    case 0: // Nothing is accepted before day 30, when the key whose failure was kept on day 1 is forgotten.
      if (isLast || what === 'find') return 'answered';
      return at >= day1 ? 'broken' : oneOf(unheard, reference, before);
    case 1: // Accepted on day 0, found on day 1.
      return at >= day1
        ? 'answered'
        : what === 'find' && before >= senders
          ? 'lost'
          : before > 0
            ? 'answered'
            : 'answer lost';
    case 2: // Accepted on day 0 and not heard of before day 30.
      if (isLast) return 'answered';
      return what === 'send' ? 'answer lost' : before < 2 ? 'answered' : 'lost';
    default:
      return isLast || before > 6 ? 'answered' : oneOf(noises, reference, what, before, at);
  }
};

let stub: Awaited<ReturnType<typeof startStripeStub>>;
beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  log.setLogLevel('SILENT');
  stub = await startStripeStub(fateOf);
  await testTable();
  const program = aPaidProgram();
  await publish({ ...program, payouts: { ...program.payouts, provider: 'stripe' } });
});
afterAll(() => stub.close());

/** The run's own worker, step by step as the workflow takes them. */
const byWorkflow = (runId: string, at: string, attempt: number): Promise<unknown> => drive(runId, at, attempt);

/** A function that was called again although the first call lives: the last chunk first. */
const byRepeat = async (runId: string, at: string): Promise<void> => {
  await forEachChunk((await listChunks(runId)).toReversed(), (chunk) => payChunk({ runId, chunk, at }));
};

/** Whoever hears nothing tries again, as Step Functions does. */
const persist = async (send: () => Promise<unknown>): Promise<void> => {
  for (let left = 3; left > 0; left -= 1)
    try {
      await send();
      return;
    } catch {}
};

const sendAll = async (runId: string, at: string): Promise<void> => {
  stub.at = at;
  await Promise.all(
    Array.from({ length: senders }, (_, n) =>
      persist(() => (n % 2 === 0 ? byWorkflow(runId, at, n + 1) : byRepeat(runId, at))),
    ),
  );
};

const linesOf = async (runId: string): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for await (const chunk of chunksOf(runId)) lines.push(...chunk);
  return lines;
};
const statusesOf = async (lines: readonly Line[]) =>
  Map.groupBy(await readStatements(lines), ({ payout }) => payout.status);
const sendsOf = (reference: string): number =>
  stub.calls.filter((call) => call.what === 'send' && call.reference === reference).length;

test(`when ${senders} senders send ${payouts} payouts on days 0, 1 and 30 and answers get lost, then each is transferred once and booked once`, async () => {
  await Promise.all(Array.from({ length: payouts }, (_, n) => aStripeEarner(6_000 + n)));
  const runId = await aCollectedRun();
  const lines = await linesOf(runId);
  expect(lines).toHaveLength(payouts);
  const [foreign, ours] = [lines.slice(0, strangers), lines.slice(strangers)];
  for (const { payoutId } of foreign)
    stub.transfers.set(payoutId, [aTransfer({ transfer_group: payoutId, amount: 1 })]);
  expect((await decideRun(runId)).status).toBe(200);

  await sendAll(runId, payDay);
  expect((await statusesOf(ours)).get('pending')?.length).toBeGreaterThan(payouts / 10);
  await sendAll(runId, day1);
  expect((await statusesOf(ours)).get('pending')?.length).toBeGreaterThan(payouts / 10);
  await sendAll(runId, day30);
  await drive(runId, day30, senders + 1);

  expect([...(await statusesOf(ours)).keys()]).toEqual(['paid']);
  for (const { payoutId, amountMinor } of ours) {
    expect(stub.transfers.get(payoutId)).toMatchObject([{ amount: amountMinor, transfer_group: payoutId }]);
    const types = (await listEvents(payoutId, 1, 50)).map(({ type }) => type);
    expect(types).toEqual(['payout.frozen', 'payout.sent', 'payout.paid']);
  }
  expect([...(await statusesOf(foreign)).keys()]).toEqual(['unknown']);
  expect(foreign.map(({ payoutId }) => sendsOf(payoutId))).toEqual(foreign.map(() => 0));
  // That the story happened at all: repeated sends, keys that were forgotten, calls that went wrong.
  const sends = stub.calls.filter(({ what }) => what === 'send').length;
  expect(sends).toBeGreaterThan(payouts);
  expect(stub.keysForgotten()).toBeGreaterThan(payouts / 20);
  expect(stub.calls.filter(({ fate }) => fate !== 'answered').length / stub.calls.length).toBeGreaterThan(0.2);

  const people = [await aFinancePerson(), await aFinancePerson()];
  const body = { outcome: 'failed', reason: 'Somebody else used our reference.' };
  for (const { payoutId } of foreign)
    for (const caller of people) await ask('resolve-payout', { params: { payoutId }, body, caller, at: day30 });
  expect(foreign.map(({ payoutId }) => sendsOf(payoutId))).toEqual(foreign.map(() => 0));
  const books = openReconciliation();
  for (const item of await wholeItems()) books.take(item);
  expect(books.judge('2000-01-01T00:00:00.000Z').faults.map(tellFault)).toEqual([]);
}, 3_600_000);
