import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { StoredEvent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { listParked } from '#shared/platform/parked-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { recordOf } from '#test/support/stored-record.ts';
import { handler } from '#workflows/on-stored-change.ts';
import { anApplicant, now } from './a-partner.ts';

const mails = mockClient(SESv2Client);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.MAIL_FROM = 'tandem@program.example';
  process.env.USER_POOL_ID = 'pool';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:workflow';
  mockClient(SFNClient).onAnyCommand().resolves({});
  mockClient(CognitoIdentityProviderClient).onAnyCommand().resolves({});
  await testTable();
  await publish(aProgram());
});
beforeEach(() => mails.reset());

const aMailedEvent = async (): Promise<StoredEvent> => {
  const { id } = await anApplicant();
  const [event] = await listEvents(id, 1, 1);
  if (!event) throw new Error('An application left no event.');
  return event;
};

test('when mail fails for long, then its event is parked after five tries, the stream goes on, and the clock brings it back once', async () => {
  const event = await aMailedEvent();
  const batch = { Records: [recordOf(event)] };
  mails.on(SendEmailCommand).rejects(new Error('The mail service is down.'));
  const failed = [];
  for (let attempt = 1; attempt <= 5; attempt += 1) failed.push((await handler(batch)).batchItemFailures.length);
  expect(failed).toEqual([1, 1, 1, 1, 0]);
  expect(await listParked()).toEqual([{ subject: event.subject, seq: event.seq, failures: 5 }]);

  await handler({ schedule: 'follow-parked', time: addDays(now, 1) });
  expect(await listParked()).toHaveLength(1);

  mails.reset();
  mails.on(SendEmailCommand).resolves({});
  await handler({ schedule: 'follow-parked', time: addDays(now, 2) });
  expect(mails.commandCalls(SendEmailCommand)).toHaveLength(1);
  expect(await listParked()).toEqual([]);
  await handler({ schedule: 'follow-parked', time: addDays(now, 3) });
  await handler(batch);
  expect(mails.commandCalls(SendEmailCommand)).toHaveLength(1);
});

test('when a follow-up fails only now and then, then it is not parked', async () => {
  const event = await aMailedEvent();
  mails.on(SendEmailCommand).rejectsOnce(new Error('Busy.')).resolves({});
  expect((await handler({ Records: [recordOf(event)] })).batchItemFailures).toHaveLength(1);
  expect((await handler({ Records: [recordOf(event)] })).batchItemFailures).toEqual([]);
  expect(await listParked()).toEqual([]);
});
