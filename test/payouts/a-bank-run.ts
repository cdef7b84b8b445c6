import { randomUUID } from 'node:crypto';
import { handler } from '#functions/payout-files/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { addMonths } from '#shared/core/time.ts';
import { nextPayee, PayeeInput } from '#shared/payouts/payee-input.ts';
import { sealPayee } from '#shared/payouts/payee-secrets-store.ts';
import { keepPayee } from '#shared/payouts/payee-store.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { approveRun, type Run, startRun } from '#shared/payouts/run.ts';
import { changeRun, getRun, insertRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { transact } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, send } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';
import { handler as closeRun } from '#workflows/payouts/close-run.ts';
import { handler as collectPayouts } from '#workflows/payouts/collect-payouts.ts';
import { handler as freezeRun } from '#workflows/payouts/freeze-run.ts';
import { handler as loadRun } from '#workflows/payouts/load-run.ts';
import { handler as payChunk } from '#workflows/payouts/pay-chunk.ts';
import { anIbanPayee, aUsPayee } from './a-payee.ts';
import { aPartnerId, earn, storedStatement } from './a-statement.ts';

export const approvedAt = '2026-08-05T09:00:00.000Z';

/** A partner with so much on its statement of a period, and where it is paid. */
export const whoIsPaid = async (amountMinor: number, period: string, payee: unknown = anIbanPayee()) => {
  const partnerId = aPartnerId();
  const about = { version: 1, at: '2026-06-01T00:00:00.000Z', by: `usr_${partnerId}` };
  const made = nextPayee(PayeeInput.parse(payee), about);
  const sealed = sealPayee(partnerId, 1, made.secrets);
  const failure = await transact([...keepPayee({ partnerId, payee: made.payee, sealed, tell: [] })]);
  if (failure) throw new Error('The payee was not kept.');
  await earn(partnerId, amountMinor, { statement: period });
  return partnerId;
};

/** A run that waits for somebody's approval. */
export const aFrozenRun = async (period: string): Promise<Run> => {
  const id = derivedId('run', randomUUID());
  const run = startRun({ id, period, by: 'usr_starter', now: approvedAt, currency: 'USD' });
  await insertRun(run, systemIntent('start', id, approvedAt));
  for (let shard = 0; shard < 8; shard += 1) await collectPayouts({ runId: id, shard, at: approvedAt });
  await freezeRun({ runId: id, attempt: 1, at: approvedAt });
  return getRun(id);
};

const approve = async (run: Run): Promise<void> => {
  const intent = systemIntent('approve', run.id, approvedAt);
  await commitChange(run, changeRun(run, approveRun(run, approvedAt), { type: 'payout_run.approved', intent }));
};

/** The run of a period, approved and handed over to the bank. */
export const aRunAtTheBank = async (period: string): Promise<Run> => {
  const run = await aFrozenRun(period);
  await approve(run);
  const input = { runId: run.id, attempt: 1, at: approvedAt };
  const { chunks } = await loadRun(input);
  for (const { chunk } of chunks) await payChunk({ ...input, chunk });
  await closeRun({ ...input });
  return getRun(run.id);
};

export const payoutOf = async (partnerId: string, period: string): Promise<Payout> =>
  (await storedStatement(partnerId, period)).payout;

export const later = '2026-08-07T06:00:00.000Z';

/** The file of a run, asked for by finance two days after its approval. */
export const file = (runId: string, more: Partial<Call> = {}) =>
  send(handler, { operation: 'get-payout-file', caller: finance, at: later, params: { runId }, ...more });

/** The bank's answer to it. */
export const answer = (runId: string, content: string, more: Partial<Call> = {}) =>
  send(handler, {
    operation: 'answer-payout-run',
    caller: finance,
    at: later,
    params: { runId },
    body: { content },
    ...more,
  });

/** A period of its own for each test, each before the last: what one test leaves for later statements no other run takes. */
let month = '2026-08';
export const freshPeriod = (): string => {
  month = addMonths(`${month}-01`, -1).slice(0, 'YYYY-MM'.length);
  return month;
};

/** Three partners, two of them in Europe, paid by one run. */
export const threePaid = async () => {
  const period = freshPeriod();
  const [a, b] = [await whoIsPaid(123_456, period), await whoIsPaid(70_000, period)];
  const us = await whoIsPaid(80_000, period, aUsPayee());
  const run = await aRunAtTheBank(period);
  const payouts = await Promise.all([a, b, us].map((partnerId) => payoutOf(partnerId, period)));
  const statuses = () => Promise.all([a, b, us].map(async (id) => (await payoutOf(id, period)).status));
  return { run, period, partners: [a, b, us], ids: payouts.map(({ id }) => id), statuses };
};

/** The example program, which pays by a file for the bank, without forms for tax offices. */
export const publishForTheBank = async (): Promise<void> => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'a secret of this test';
  await testTable();
  const program = aProgram();
  const { taxForms: _none, ...payouts } = program.payouts;
  await publish({ ...program, payouts });
};
