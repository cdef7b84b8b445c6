import {
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keepTask, markFollowedUp } from '#shared/approvals/approval-store.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { aStoredDeal, call, freshPartner, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
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

test('when a workflow failed, then its deal says so until somebody has decided all the same', async () => {
  const { approvalId, dealId, rep } = await aWaitingDeal();
  const told = async (): Promise<unknown> =>
    (await call('get-deal', { caller: rep, params: { dealId } })).body.needsAttention;
  await needsAttention({ subjectId: dealId, approvalId, error: 'States.Timeout', cause: '', at: later });
  expect(await told()).toBe(`The workflow of ${approvalId} failed: States.Timeout`);
  await decide(approvalId);
  expect(await told()).toBeUndefined();
});
