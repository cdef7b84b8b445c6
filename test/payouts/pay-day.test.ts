import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { statementAt } from '#shared/earnings/earning.ts';
import { freezeRun, restartRun } from '#shared/payouts/run.ts';
import { getRun, listRuns } from '#shared/payouts/run-store.ts';
import { nextPeriod } from '#shared/payouts/statement-store.ts';
import { documents } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { periodToPay, payDay as startOnPayDay } from '#workflows/payouts/pay-day.ts';
import { recoverRuns } from '#workflows/payouts/recover-runs.ts';
import { aPaidProgram, aStartedRun, ask, drive, payDay } from './a-run.ts';

const program = aPaidProgram();
const byQuarter = { ...program, payouts: { ...program.payouts, every: 'quarter' as const } };
const sfn = mockClient(SFNClient);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYOUT_RUN_STATE_MACHINE_ARN = 'arn:payout-run';
  await testTable();
  await publish(program);
  sfn.onAnyCommand().resolves({});
});

describe('which period is paid', () => {
  test.each([
    ['the day before the pay day', '2026-08-04', program, undefined],
    ['on the pay day', '2026-08-05', program, '2026-07'],
    ['any day after it, to make up for a day that was missed', '2026-08-31', program, '2026-07'],
    ['in January', '2027-01-05', program, '2026-12'],
    ['by quarter, in a month after a quarter', '2026-10-05', byQuarter, '2026-09'],
    ['by quarter, in any other month', '2026-11-05', byQuarter, undefined],
  ])('%s', (_, today, of, expected) => {
    expect(periodToPay(today, of)).toBe(expected);
  });
});

describe('on which statement something stands', () => {
  test.each([
    ['a commission by month', 'commission', program, '2026-08'],
    ['a commission by quarter', 'commission', byQuarter, '2026-09'],
    ['a SPIFF without a hold, payable between runs', 'spiff', program, '2026-08-14'],
    ['what is taken back', 'clawback', program, '2026-08'],
  ] as const)('%s', (_, kind, of, expected) => {
    expect(statementAt(kind, '2026-08-14T12:00:00.000Z', of)).toBe(expected);
  });

  test.each([
    ['2026-07', '2026-08'],
    ['2026-12', '2027-01'],
    ['2026-07-14', '2026-07'],
  ])('what comes too late for %s goes to %s', (period, next) => {
    expect(nextPeriod(period)).toBe(next);
  });
});

test('when the pay day comes, is told twice, or the days after it come, then one run is started', async () => {
  await Promise.all([startOnPayDay(payDay), startOnPayDay(payDay)]);
  for (const days of [0, 1, 9]) await startOnPayDay(addDays(payDay, days));
  const { runs } = await listRuns({ period: '2026-07' }, { after: undefined, limit: 10 });
  expect(runs).toMatchObject([{ startedBy: 'system', status: 'collecting' }]);
  await drive(String(runs[0]?.id));
  await startOnPayDay(addDays(payDay, 10));
  expect((await listRuns({ period: '2026-07' }, { after: undefined, limit: 10 })).runs).toHaveLength(1);
});

test('when the execution of a run is lost, then another one is started, under the next number when that is taken', async () => {
  const { id } = await aStartedRun();
  sfn.resetHistory();
  await recoverRuns(payDay);
  expect(sfn.commandCalls(StartExecutionCommand)).toHaveLength(0);
  await recoverRuns(addDays(payDay, 1));
  const [call] = sfn.commandCalls(StartExecutionCommand);
  expect(call?.args[0].input).toMatchObject({ name: `${id}-1`, stateMachineArn: 'arn:payout-run' });
  sfn.reset();
  // Its own number, and one under which its approval was asked for again.
  const taken = (number: number) => ({ name: `${id}-${number}` });
  for (const number of [1, 2])
    sfn
      .on(StartExecutionCommand, taken(number))
      .rejects(new ExecutionAlreadyExists({ message: 'taken', $metadata: {} }));
  await recoverRuns(addDays(payDay, 1));
  expect(sfn.commandCalls(StartExecutionCommand, taken(3))).toHaveLength(1);
  expect(await getRun(id)).toMatchObject({ attempt: 3, status: 'collecting' });
});

test('when one run cannot be started again, then the others are, and somebody hears of it', async () => {
  const [one, other] = [await aStartedRun(), await aStartedRun()];
  sfn.reset();
  sfn.on(StartExecutionCommand, { name: `${one.id}-1` }).rejects(new Error('Not now.'));
  await expect(recoverRuns(addDays(payDay, 1))).rejects.toThrow('1 runs');
  expect(sfn.commandCalls(StartExecutionCommand, { name: `${other.id}-1` })).toHaveLength(1);
});

test('when an execution that was believed lost freezes its run, then its approval is asked for under a number after both', async () => {
  const run = await aStartedRun();
  const manifest = { totalMinor: 12_000, payouts: 1, carried: {}, hash: 'hash' };
  const frozen = freezeRun(restartRun(run, 3), manifest, { now: payDay, attempt: 1 });
  expect(frozen.awaits).toMatchObject({ attempt: 3 });
});

/** Of several conditions that fail the engine need name one only. */
const namingTheLastOnly = async <T>(work: () => Promise<T>): Promise<T> => {
  documents.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = error.CancellationReasons ?? [];
        const last = reasons.findLast(({ Code }) => Code !== 'None');
        error.CancellationReasons = reasons.map((reason) => (reason === last ? reason : { Code: 'None' }));
        throw error;
      }
    },
    { step: 'initialize', name: 'terse' },
  );
  try {
    return await work();
  } finally {
    documents.middlewareStack.remove('terse');
  }
};

test('when a start is repeated and only the lock is named as what fails, then it is told of its first try', async () => {
  const period = '2019-07';
  const call = { body: { period }, key: 'terse' };
  const first = await ask('start-payout-run', call);
  const [again, another] = await namingTheLastOnly(async () => [
    await ask('start-payout-run', call),
    await ask('start-payout-run', { body: { period } }),
  ]);
  expect([again?.status, again?.body]).toEqual([201, first.body]);
  expect(another?.body).toMatchObject({ code: 'payout_run.already_running', runId: first.body.id });
});
