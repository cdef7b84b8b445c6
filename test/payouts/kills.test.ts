import { beforeAll, describe, expect, test } from 'vitest';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { chunksOf } from '#shared/payouts/run-lines-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { die } from '#test/support/mortal-requests.ts';
import { wholeItems } from '#test/support/whole-table.ts';
import { aFinancePerson, anEarner, aPaidProgram, ask, decideRun, drive } from './a-run.ts';
import { earn, storedStatement } from './a-statement.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aPaidProgram());
});

/** One who is paid in full, one whose clawback is taken by half, one with an older statement, and one with too little. */
const aStory = async (): Promise<readonly string[]> => {
  const partners = [await anEarner(12_000), await anEarner(20_000), await anEarner(9_000), await anEarner(1_000)];
  const [, clawed = '', older = ''] = partners;
  await earn(clawed, -15_000, { kind: 'clawback' });
  await earn(older, 2_000, { statement: '2026-06' });
  return partners;
};

const started = async (): Promise<string> => {
  const { body } = await ask('start-payout-run', { body: { period: '2026-07' } });
  return String(body.id);
};

const settleAll = async (runId: string): Promise<void> => {
  const people = [await aFinancePerson(), await aFinancePerson()];
  for await (const lines of chunksOf(runId))
    for (const { payoutId } of lines)
      for (const caller of people)
        await ask('resolve-payout', { params: { payoutId }, body: { outcome: 'paid', reason: 'Seen.' }, caller });
};

const whatCameOfIt = async (runId: string, partners: readonly string[]) => {
  const run = await getRun(runId);
  const statements = await Promise.all(partners.map((partnerId) => storedStatement(partnerId)));
  const books = openReconciliation();
  for (const item of await wholeItems()) books.take(item);
  return {
    run: { status: run.status, total: run.total.amountMinor, payouts: run.payouts, carried: run.carried },
    payouts: statements.map(({ payout }) => `${payout.status} ${payout.amount?.amountMinor ?? 0}`),
    faults: books.judge('2000-01-01T00:00:00.000Z').faults.map(tellFault),
  };
};

const wanted = {
  run: { status: 'completed', total: 33_000, payouts: 3, carried: { below_minimum: 1 } },
  payouts: ['paid 12000', 'paid 10000', 'paid 11000', 'carried 0'],
  faults: [],
};

/** Every request for a release (`KILLS=all`), else some of them: one after the other, "after this" is "before the next". */
const [before, after] = process.env.KILLS === 'all' ? [1, 1] : [7, 17];

describe.each([
  ['before', before],
  ['after', after],
] as const)('when a worker of a run is killed %s any of its requests', (when, step) => {
  test('while it collects, then, run again, it has taken everything once', { timeout: 3_600_000 }, async () => {
    for (let at = 1; ; at += step) {
      const partners = await aStory();
      const runId = await started();
      const died = await die({ at, when }, () => drive(runId));
      await drive(runId);
      await decideRun(runId);
      await drive(runId);
      await settleAll(runId);
      expect(await whatCameOfIt(runId, partners), `killed ${when} request ${at}`).toEqual(wanted);
      if (!died) break;
    }
  });

  test('while it pays, then, run again, it has sent everything once', { timeout: 3_600_000 }, async () => {
    for (let at = 1; ; at += step) {
      const partners = await aStory();
      const runId = await started();
      await drive(runId);
      await decideRun(runId);
      const died = await die({ at, when }, () => drive(runId));
      await drive(runId);
      await settleAll(runId);
      expect(await whatCameOfIt(runId, partners), `killed ${when} request ${at}`).toEqual(wanted);
      if (!died) break;
    }
  });

  test('while it releases, then, run again, everything is as it was', { timeout: 3_600_000 }, async () => {
    for (let at = 1; ; at += step) {
      const partners = await aStory();
      const runId = await started();
      await drive(runId);
      await decideRun(runId, { body: { outcome: 'reject', reason: 'No.' } });
      const died = await die({ at, when }, () => drive(runId));
      await drive(runId);
      const { run, payouts, faults } = await whatCameOfIt(runId, partners);
      expect([run.status, ...payouts, ...faults]).toEqual(['rejected', 'open 0', 'open 0', 'open 0', 'carried 0']);
      const next = await started();
      await drive(next);
      await decideRun(next);
      await drive(next);
      await settleAll(next);
      if (!died) break;
    }
  });
});
