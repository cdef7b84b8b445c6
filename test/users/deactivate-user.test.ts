import { AdminCreateUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { userLifecycle } from '#shared/users/user.ts';
import { findUser } from '#shared/users/user-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { adminOf, repOf } from '#test/support/people.ts';
import { followEvent } from '#workflows/follow-event.ts';
import { deactivate, emailsOf, freshEmail, freshPartner, invite, list, makeRoot, now, root } from './a-user.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.USER_POOL_ID = 'pool';
  await testTable();
  await makeRoot();
});

test('when the lifecycle of a user is written out, then it is as the specification says', () => {
  expect(userLifecycle).toEqual({ invited: ['active', 'deactivated'], active: ['deactivated'], deactivated: [] });
});

describe('when a user is deactivated', () => {
  test('then it stays so however often it is asked, and the address can be invited anew', async () => {
    const caller = adminOf(await freshPartner());
    const body = { email: freshEmail(), role: 'partner_member' };
    const { body: user } = await invite(caller, body);
    const first = await deactivate(caller, user.id);
    expect(first).toMatchObject({ status: 200, body: { status: 'deactivated', deactivatedAt: now, version: 2 } });
    expect(await deactivate(caller, user.id)).toMatchObject({ status: 200, body: first.body });
    expect(await deactivate(root, user.id)).toMatchObject({ status: 200, body: first.body });
    const again = await invite(caller, body);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(user.id);
    expect(brokenLink(await listEvents(String(user.id), 1, 10))).toBeUndefined();
  });

  test('then an invitation that comes late is not sent, so that the address stays with whoever has it by now', async () => {
    const sent = mockClient(CognitoIdentityProviderClient);
    sent.onAnyCommand().resolves({});
    const caller = adminOf(await freshPartner());
    const { body } = await invite(caller, { email: freshEmail(), role: 'partner_member' });
    const [invited] = await listEvents(String(body.id), 1, 1);
    if (!invited) throw new Error('An invitation left no event.');
    const invitations = () => sent.commandCalls(AdminCreateUserCommand).length;
    await followEvent(invited);
    expect(invitations()).toBe(1);
    await deactivate(caller, body.id);
    await followEvent(invited);
    expect(invitations()).toBe(1);
  });

  test('then the version that was seen is honoured', async () => {
    const caller = adminOf(await freshPartner());
    const { body } = await invite(caller, { email: freshEmail(), role: 'partner_member' });
    expect(await deactivate(caller, body.id, { ifMatch: 7 })).toMatchObject({ status: 412 });
    expect(await deactivate(caller, body.id, { ifMatch: 1 })).toMatchObject({ status: 200 });
    expect(await deactivate(caller, body.id, { ifMatch: 1 })).toMatchObject({ status: 200 });
  });

  test('then nobody deactivates themselves', async () => {
    expect(await deactivate(root, root.id)).toMatchObject({ status: 422, body: { code: 'user.own_deactivation' } });
  });

  test('then users of another partner, and staff, are as good as missing', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    const { body } = await invite(adminOf(theirs), { email: freshEmail(), role: 'partner_member' });
    const other = await deactivate(adminOf(mine), body.id);
    const staff = await deactivate(adminOf(mine), root.id);
    const missing = await deactivate(adminOf(mine), 'usr_nobody');
    for (const reply of [other, staff]) {
      expect(reply.status).toBe(404);
      expect({ ...reply.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    }
    expect((await findUser(String(body.id)))?.status).toBe('invited');
  });
});

describe('when users are listed', () => {
  test('then a partner sees its own, newest first, page by page', async () => {
    const partnerId = await freshPartner();
    const caller = adminOf(partnerId);
    const invited: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const email = freshEmail();
      await invite(caller, { email, role: 'partner_member' }, { at: addDays(now, index) });
      invited.unshift(email);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(caller, { limit: '2', ...(cursor ? { cursor } : {}) });
      seen.push(...emailsOf(page));
      cursor = (page.body.nextCursor as string | null) ?? undefined;
    } while (cursor);
    expect(seen).toEqual(invited);
    expect(emailsOf(await list(root, { partnerId }))).toEqual(invited);
    expect(emailsOf(await list(root, { limit: '100' }))).toEqual(expect.arrayContaining(['root@tandem.example']));
  });

  test('then the list of another partner is not there', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    expect((await list(adminOf(mine), { partnerId: theirs })).status).toBe(404);
    expect((await list(repOf(mine))).status).toBe(403);
  });
});
