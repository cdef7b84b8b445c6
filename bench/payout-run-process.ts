import { randomUUID } from 'node:crypto';
import { BatchWriteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { handler as payoutFiles } from '#functions/payout-files/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId, shardOf } from '#shared/core/ids.ts';
import { nextPayee, PayeeInput } from '#shared/payouts/payee-input.ts';
import { sealPayee } from '#shared/payouts/payee-secrets-store.ts';
import { keepPayee } from '#shared/payouts/payee-store.ts';
import { approveRun, startRun } from '#shared/payouts/run.ts';
import { chunksOf } from '#shared/payouts/run-lines-store.ts';
import { changeRun, getRun, insertRun } from '#shared/payouts/run-store.ts';
import { statementKey } from '#shared/payouts/statement-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { documents, type Item } from '#shared/platform/table.ts';
import { aCamt053 } from '#test/payouts/a-bank-answer.ts';
import { anIbanPayee } from '#test/payouts/a-payee.ts';
import { drive, payDay } from '#test/payouts/a-run.ts';
import { earn } from '#test/payouts/a-statement.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';
import { type Counted, countedOf } from './shapes.ts';

/** What one run tells its parent. */
export interface MeasuredRun extends Counted {
  readonly partners: number;
  readonly paid: number;
  readonly cpuMs: number;
  readonly seconds: number;
}

const [partners = 0, earnings = 0] = process.argv.slice(2).map(Number);
const period = '2026-07';
const table = process.env.PROGRAM_TABLE ?? '';

const aPartner = (): string => derivedId('ptr', randomUUID());

/** What a month of earnings leaves on a partner's statement, each booked as the worker books it. */
const accruedStatement = async (): Promise<Item> => {
  const partnerId = aPartner();
  for (let number = 0; number < earnings; number += 1) await earn(partnerId, 12_345, { statement: period });
  const key = statementKey({ partnerId, currency: 'USD', period });
  const { Item: stored } = await documents.send(new GetCommand({ TableName: table, Key: key }));
  // The table holds only what our stores wrote.
  return stored as Item;
};

/** The same sums for another partner, and where it is paid. */
const itemsOf = (partnerId: string, accrued: Item): readonly Item[] => {
  const listed = { statusKey: `statements#${shardOf(partnerId)}`, statusSort: `${period}#${partnerId}` };
  const about = { version: 1, at: '2026-06-01T00:00:00.000Z', by: derivedId('usr', partnerId) };
  const { payee, secrets } = nextPayee(PayeeInput.parse(anIbanPayee()), about);
  const kept = keepPayee({ partnerId, payee, sealed: sealPayee(partnerId, 1, secrets), tell: [] });
  const payees = kept.flatMap((write) => ('item' in write ? [write.item] : []));
  return [{ ...accrued, ...listed, pk: partnerId, partnerId }, ...payees];
};

const perBatch = 25;
const batchesAtOnce = 4;

const store = async (items: readonly Item[]): Promise<void> => {
  const batches = Array.from({ length: Math.ceil(items.length / perBatch) }, (_, at) =>
    items.slice(at * perBatch, (at + 1) * perBatch),
  );
  for (let start = 0; start < batches.length; start += batchesAtOnce)
    await Promise.all(
      batches.slice(start, start + batchesAtOnce).map((batch) => {
        const RequestItems = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) };
        return documents.send(new BatchWriteCommand({ RequestItems }));
      }),
    );
};

const runId = derivedId('run', 'bench', String(partners));

/** From the first statement that is read to the last payout that the bank says has arrived. */
const wholeRun = async (): Promise<void> => {
  await insertRun(
    startRun({ id: runId, period, by: 'system', now: payDay, currency: 'USD' }),
    systemIntent('start', runId, payDay),
  );
  await drive(runId);
  const frozen = await getRun(runId);
  const approval = { type: 'payout_run.approved', intent: systemIntent('approve', runId, payDay) };
  await commitChange(frozen, changeRun(frozen, approveRun(frozen, payDay), approval));
  await drive(runId);
  const booked: { reference: string }[] = [];
  for await (const lines of chunksOf(runId)) booked.push(...lines.map(({ payoutId }) => ({ reference: payoutId })));
  const asked = { operation: 'answer-payout-run', caller: finance, at: payDay, params: { runId } } as const;
  const { status, body } = await send(payoutFiles, { ...asked, body: { content: aCamt053(booked) } });
  if (status !== 200 || body.settled !== partners) throw new Error(`The bank was not heard: ${JSON.stringify(body)}`);
};

await publish(aProgram());
const accrued = await accruedStatement();
for (let start = 0; start < partners; start += 1000) {
  const some = Array.from({ length: Math.min(1000, partners - start) }, aPartner);
  await store(some.flatMap((partnerId) => itemsOf(partnerId, accrued)));
}
const [startedCpu, startedMs] = [process.cpuUsage(), performance.now()];
const counted = await countedOf(wholeRun);
const cpu = process.cpuUsage(startedCpu);
const run = await getRun(runId);
if (run.status !== 'completed') throw new Error(`The run is ${run.status}.`);
const told: MeasuredRun = {
  ...counted,
  partners,
  paid: run.payouts,
  cpuMs: (cpu.user + cpu.system) / 1000,
  seconds: (performance.now() - startedMs) / 1000,
};
console.log(JSON.stringify(told));
