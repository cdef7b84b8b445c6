import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { findTask, getApproval, keepTask } from '#shared/approvals/approval-store.ts';
import type { Caller } from '#shared/core/caller.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { sendOnce } from '#shared/platform/mail.ts';
import { ensureUser } from '#shared/users/user-store.ts';
import { freshCustomer, now } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { send } from '#test/support/call.ts';
import { manager, otherManager } from '#test/support/people.ts';
import { handler as followUp } from '#workflows/approvals/follow-up.ts';
import { followEvent } from '#workflows/follow-event.ts';
import { aWaitingDeal } from './a-waiting-deal.ts';

const mails = mockClient(SESv2Client);

const crm: Caller = {
  kind: 'api_key',
  id: 'key_CRM',
  role: 'partner_manager',
  scopes: ['known-accounts:write'],
};
const leaver: Caller = { kind: 'user', id: 'usr_leaver', role: 'partner_manager' };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.MAIL_FROM = 'tandem@program.example';
  await testTable();
  await publish(aProgram());
  for (const { id } of [manager, otherManager])
    await ensureUser({ id, email: `${id}@program.example`, role: 'partner_manager', now });
});
beforeEach(() => {
  mails.reset();
  mails.on(SendEmailCommand).resolves({});
});

/** A registration of an account that this caller recorded is approved and followed up, twice; to whom a mail went. */
const toldAbout = async (recordedBy: Caller): Promise<readonly (readonly string[] | undefined)[]> => {
  const customer = freshCustomer();
  const body = { companyName: 'Known', websiteUrl: customer.websiteUrl, openOpportunity: true };
  await send(knownAccounts, { operation: 'record-known-account', caller: recordedBy, at: now, body });
  const { approvalId, dealId } = await aWaitingDeal({ customer });
  await keepTask(approvalId, { token: 'a token', attempt: 1 });
  await decide(approvalId);
  await followUp({ approvalId, subjectId: dealId, attempt: 1 });
  await followUp({ approvalId, subjectId: dealId, attempt: 1 });
  return mails.commandCalls(SendEmailCommand).map(({ args }) => args[0].input.Destination?.ToAddresses?.toSorted());
};

describe('when a registration of an account that direct sales knows is approved', () => {
  const all = ['usr_manager@program.example', 'usr_other_manager@program.example'];
  test.each([
    ['whoever recorded it is told', manager, ['usr_manager@program.example']],
    ['all partner managers are told of what a machine recorded', crm, all],
    ['all partner managers are told of what somebody recorded who is no user any more', leaver, all],
  ])('then %s, once', async (_label, recordedBy, expected) => {
    expect(await toldAbout(recordedBy)).toEqual([expected]);
  });
});

describe('when an attempt was replaced by a later one before its follow-up ran', () => {
  test('then the later one still counts as waiting, so that the decision is told to it', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    await keepTask(approvalId, { token: 'an old token', attempt: 1 });
    await keepTask(approvalId, { token: 'a token', attempt: 2 });
    await decide(approvalId);
    await followUp({ approvalId, subjectId: dealId, attempt: 1 });
    expect(await findTask(approvalId)).not.toHaveProperty('followedUp');
    await followUp({ approvalId, subjectId: dealId, attempt: 2 });
    expect(await findTask(approvalId)).toHaveProperty('followedUp', true);
  });
});

describe('when an earlier try of a step that asks lives on after a later one', () => {
  test('then the later one keeps its token, and the earlier one is told that its own is worth nothing', async () => {
    const { approvalId } = await aWaitingDeal();
    await keepTask(approvalId, { token: 'the second', attempt: 1, retry: 1 });
    expect(await keepTask(approvalId, { token: 'the first', attempt: 1, retry: 0 })).toEqual(['the first']);
    expect(await findTask(approvalId)).toMatchObject({ token: 'the second' });
  });
});

describe('when an approval is opened after its deal was withdrawn', () => {
  test('then its own event cancels it', async () => {
    const { approvalId, dealId, rep } = await aWaitingDeal();
    await send(deals, { operation: 'withdraw-deal', caller: rep, at: now, params: { dealId }, body: {} });
    const [opened] = await listEvents(approvalId, 1, 1);
    if (opened) await followEvent(opened);
    expect(await getApproval(approvalId)).toMatchObject({ status: 'cancelled' });
  });
});

test('when more people are told than a message may go to, then it goes out in several, and once', async () => {
  const to = Array.from({ length: 101 }, (_, index) => `person.${index}@example.com`);
  for (const _time of ['first', 'again']) {
    await sendOnce({ subject: 'deal_told_to_many', seq: 1 }, { to, subject: 'Late', text: 'Somebody should decide.' });
  }
  const sent = mails.commandCalls(SendEmailCommand).map(({ args }) => args[0].input.Destination?.ToAddresses ?? []);
  expect(sent.map(({ length }) => length)).toEqual([50, 50, 1]);
  expect(sent.flat()).toEqual(to);
});
