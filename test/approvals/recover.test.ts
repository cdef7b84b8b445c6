import {
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepTask, markFollowedUp } from '#shared/approvals/approval-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import type { Run } from '#shared/payouts/run.ts';
import { changeRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { aStoredDeal, call, freshPartner, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { aStartedScoringRun, reviewDay } from '#test/health/a-scoring-run.ts';
import { aStartedRun, payDay } from '#test/payouts/a-run.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { handler as followUp } from '#workflows/approvals/follow-up.ts';
import { handler as needsAttention } from '#workflows/approvals/needs-attention.ts';
import { handler as sweepHandler } from '#workflows/sweep.ts';
import { aWaitingDeal } from './a-waiting-deal.ts';

const workflows = mockClient(SFNClient);
const later = instant(millis(now) + 15 * 60_000);
const recover = (time = later): Promise<void> => sweepHandler({ schedule: 'recover', time });

/** Names of the executions that were started for this subject. */
const startedFor = (subjectId: string): readonly (string | undefined)[] =>
  workflows
    .commandCalls(StartExecutionCommand)
    .map(({ args }) => args[0].input.name)
    .filter((name) => name?.includes(subjectId));

const isTaken = (name: string): void => {
  workflows
    .on(StartExecutionCommand, { name })
    .rejects(new ExecutionAlreadyExists({ $metadata: {}, message: 'taken' }));
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Approval';
  process.env.PAYOUT_RUN_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:PayoutRun';
  process.env.SCORING_RUN_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:ScoringRun';
  await testTable();
  await publish(aProgram());
});
beforeEach(() => {
  workflows.reset();
  workflows.on(StartExecutionCommand).resolves({});
  workflows.on(SendTaskSuccessCommand).resolves({});
});

describe('when nobody was ever asked, because the execution was never started or got lost', () => {
  test('then a registration is asked about', async () => {
    const { body } = await register(await freshPartner(), { value: large });
    await recover();
    expect(startedFor(String(body.id))).toEqual([`apr_${body.id}_1-1`]);
  });

  test('then a proposed close is asked about', async () => {
    const { dealId, rep } = await aStoredDeal();
    const body = { outcome: 'lost', closedOn: '2026-07-01', lossReason: 'No budget.' };
    await call('close-deal', { caller: rep, params: { dealId }, body });
    await recover();
    expect(startedFor(dealId)).toEqual([`apr_${dealId}_1-1`]);
  });

  test('then what came in a moment ago is left alone', async () => {
    const { body } = await register(await freshPartner(), { value: large });
    await recover(instant(millis(later) - 1));
    expect(startedFor(String(body.id))).toEqual([]);
  });
});

describe('when a decision was not followed up', () => {
  test('then the task that waits is told', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await keepTask(approvalId, { token: `token of ${approvalId}`, attempt: 1 });
    await decide(approvalId);
    await recover();
    expect(workflows.commandCalls(SendTaskSuccessCommand).map(({ args }) => args[0].input)).toContainEqual({
      taskToken: `token of ${approvalId}`,
      output: '{"status":"approved"}',
    });
    expect(startedFor(dealId)).toEqual([]);
  });

  test('then, where the execution died before it kept its token, another one is started', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await decide(approvalId);
    await recover();
    expect(startedFor(dealId)).toEqual([`${approvalId}-2`]);
  });

  test('then, where that one died too, the next one is started', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await decide(approvalId);
    isTaken(`${approvalId}-2`);
    await recover();
    expect(startedFor(dealId)).toEqual([`${approvalId}-2`, `${approvalId}-3`]);
  });

  test('then one that was followed up is left alone', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await keepTask(approvalId, { token: 'a token', attempt: 1 });
    await decide(approvalId);
    await markFollowedUp(approvalId, 1);
    await recover();
    expect(startedFor(dealId)).toEqual([]);
  });

  test('then it is found however long recovery was down', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await keepTask(approvalId, { token: `token of ${approvalId}`, attempt: 1 });
    await decide(approvalId);
    workflows.on(SendTaskSuccessCommand).rejects(new TaskDoesNotExist({ $metadata: {}, message: 'gone' }));
    await recover(addDays(now, 20));
    expect(startedFor(dealId)).toContain(`${approvalId}-2`);
  });
});

test('when a workflow failed, then its deal says so until another one has followed up the decision', async () => {
  const { approvalId, dealId, rep } = await aWaitingDeal();
  const told = async (): Promise<unknown> =>
    (await call('get-deal', { caller: rep, params: { dealId } })).body.needsAttention;
  await needsAttention({ subjectId: dealId, approvalId, error: 'States.Timeout', cause: '', at: later });
  expect(await told()).toBe(`The workflow of ${approvalId} failed: States.Timeout`);
  await decide(approvalId);
  expect(await told()).toContain('failed');
  await keepTask(approvalId, { token: 'a token', attempt: 2 });
  await followUp({ subjectId: dealId, approvalId, attempt: 2 });
  expect(await told()).toBeUndefined();
});

/** What the line says that an alarm counts. */
const toldLate = async (time: string): Promise<readonly unknown[]> => {
  const spy = vi.spyOn(log, 'error').mockReturnValue();
  await recover(time);
  const lines = spy.mock.calls.filter(([line]) => line === 'waits too long');
  spy.mockRestore();
  return lines.map(([, about]) => (about as unknown as { readonly id: string }).id);
};

describe('when something waits too long', () => {
  const aDecision = async (): Promise<string> => {
    const { approvalId } = await aWaitingDeal();
    await decide(approvalId);
    return approvalId;
  };
  const aRunThatIsPaid = async (): Promise<string> => {
    const run = await aStartedRun();
    const approved: Run = { ...run, status: 'approved', approvedAt: addDays(payDay, 9) };
    const intent = systemIntent('approve', run.id, addDays(payDay, 9));
    await commitChange(run, changeRun(run, approved, { type: 'payout_run.approved', intent }));
    return run.id;
  };

  test.each<readonly [string, () => Promise<string>, string]>([
    // It is due on the third, two days after it was asked.
    ['an approval is as late as it was given time', async () => (await aWaitingDeal()).dealId, addDays(now, 4)],
    [
      'nobody was asked for a day',
      async () => String((await register(await freshPartner(), { value: large })).body.id),
      addDays(now, 1),
    ],
    ['a decision was not followed up for a day', aDecision, addDays(now, 1)],
    ['a payout run is collected for a day', async () => (await aStartedRun()).id, addDays(payDay, 1)],
    ['a payout run is paid for a day', aRunThatIsPaid, addDays(payDay, 10)],
    ['a scoring run goes on for a day', async () => (await aStartedScoringRun()).id, addDays(reviewDay, 1)],
  ])('as when %s, then people are told, and not before', async (_, make, until) => {
    const id = await make();
    expect(await toldLate(until)).not.toContain(id);
    expect(await toldLate(instant(millis(until) + 1))).toContain(id);
  });

  test('then a decision is told until it is followed up, however long that takes', async () => {
    const { approvalId } = await aWaitingDeal();
    await decide(approvalId);
    for (const days of [3, 6, 9]) expect(await toldLate(addDays(now, days))).toContain(approvalId);
    await keepTask(approvalId, { token: 'a token', attempt: 2 });
    await markFollowedUp(approvalId, 2);
    expect(await toldLate(addDays(now, 9))).not.toContain(approvalId);
  });

  test('then an execution that no number is left for is heard of, and all else is done', async () => {
    const [{ approvalId }, other] = [await aWaitingDeal(), await aWaitingDeal()];
    for (const id of [approvalId, other.approvalId]) await decide(id);
    for (let attempt = 2; attempt <= 10; attempt += 1) isTaken(`${approvalId}-${attempt}`);
    await expect(recover()).rejects.toThrow('Not everything');
    expect(startedFor(other.dealId)).toEqual([`${other.approvalId}-2`]);
  });
});
