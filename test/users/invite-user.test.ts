import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller, Role } from '#shared/core/caller.ts';
import { addDays } from '#shared/core/time.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { ensureUser, inviteFirstContact, listStaffEmails } from '#shared/users/user-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { deactivate, emailsOf, freshEmail, freshPartner, invite, list, makeRoot, next, now, root } from './a-user.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await makeRoot();
});

describe('when somebody is invited', () => {
  test("then a partner's administrator invites into its own partner", async () => {
    const partnerId = await freshPartner();
    const email = freshEmail();
    const reply = await invite(adminOf(partnerId), { email: email.toUpperCase(), role: 'partner_member' });
    expect(reply).toMatchObject({
      status: 201,
      body: { email, role: 'partner_member', partnerId, status: 'invited', grantedAt: now, version: 1 },
      headers: { etag: '"1"' },
    });
    expect(JSON.stringify(reply.body)).not.toMatch(/mailbox|head|doneKeys/);
  });

  test('then the history does not hold the address', async () => {
    const partnerId = await freshPartner();
    const { body } = await invite(adminOf(partnerId), { email: freshEmail(), role: 'partner_member' });
    const events = await listEvents(String(body.id), 1, 10);
    expect(events).toMatchObject([{ type: 'user.invited', partnerId, personal: ['email', 'mailbox'] }]);
    expect(JSON.stringify(events)).not.toContain('@');
  });

  test('then the same key and body is a replay, with another body it is refused', async () => {
    const caller = adminOf(await freshPartner());
    const body = { email: freshEmail(), role: 'partner_member' };
    const first = await invite(caller, body, { key: 'u1' });
    const again = await invite(caller, body, { key: 'u1', at: addDays(now, 1) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await invite(caller, { ...body, email: freshEmail() }, { key: 'u1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then an address is one user, whoever invites it and however often at once', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    const body = { email: freshEmail(), role: 'partner_member' };
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => invite(adminOf(index % 2 ? mine : theirs), body)),
    );
    const outcomes = replies.map(({ status, body: it }) => `${status} ${it.code ?? it.status}`).sort();
    expect(outcomes).toEqual(['201 invited', ...Array.from({ length: 9 }, () => '409 user.email_taken')]);
    expect(JSON.stringify(replies.filter(({ status }) => status === 409))).not.toMatch(/ptr_|usr_/);
  });

  const rows: readonly (readonly [string, (partnerId: string) => Caller, object, number])[] = [
    ['a partner administrator: no staff', adminOf, { role: 'partner_manager' }, 403],
    ['a partner administrator: no finance', adminOf, { role: 'finance' }, 403],
    ['a partner administrator: no other partner', adminOf, { role: 'partner_member', partnerId: 'ptr_other' }, 404],
    ['a rep: nobody', repOf, { role: 'partner_member' }, 403],
    ['a partner manager: nobody', () => manager, { role: 'partner_manager' }, 403],
    ['finance: nobody', () => finance, { role: 'finance' }, 403],
    ['an administrator: no partner that is not there', () => root, { role: 'partner_admin', partnerId: 'ptr_no' }, 404],
    ['an administrator: no partner role without a partner', () => root, { role: 'partner_admin' }, 400],
    ['an administrator: no staff role with a partner', () => root, { role: 'finance', partnerId: 'ptr_1' }, 400],
    ['an administrator: no role that is not there', () => root, { role: 'king' }, 400],
  ];
  test.each(rows)('then %s', async (_, who, body, status) => {
    const partnerId = await freshPartner();
    expect((await invite(who(partnerId), { email: freshEmail(), ...body })).status).toBe(status);
  });

  test.each<Role>(['partner_manager', 'finance', 'admin'])('then an administrator invites a %s', async (role) => {
    const email = freshEmail();
    expect(await invite(root, { email, role })).toMatchObject({ status: 201, body: { role } });
    expect(await listStaffEmails(role)).toContain(email);
  });

  test.each([
    ['her own address', 'root@tandem.example'],
    ['another address of her own mailbox', 'root+money@tandem.example'],
  ])('then an administrator does not become finance under %s', async (_, email) => {
    const reply = await invite(root, { email, role: 'finance' });
    expect(reply).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });

  test('then finance is granted by an administrator who still is one in our own record', async () => {
    const { body } = await invite(root, { email: freshEmail(), role: 'admin' });
    const second: Caller = { kind: 'user', id: String(body.id), role: 'admin' };
    await deactivate(root, second.id);
    const reply = await invite(second, { email: freshEmail(), role: 'finance' });
    expect(reply).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});

describe('when a partner is approved', () => {
  const contact = (email: string) => ({ firstName: 'Ada', lastName: 'Byron', email });
  // Only what is looked at.
  const partner = (id: string, email: string) => ({ id, contacts: [contact(email)] }) as unknown as Partner;

  test('then its first contact is invited as its administrator, once', async () => {
    const id = await freshPartner();
    const email = freshEmail();
    const first = await inviteFirstContact(partner(id, email), now);
    expect(first).toMatchObject({
      role: 'partner_admin',
      partnerId: id,
      email,
      status: 'invited',
      grantedBy: 'system',
    });
    expect(await inviteFirstContact(partner(id, email), addDays(now, 1))).toEqual(first);
    expect(emailsOf(await list(root, { partnerId: id }))).toEqual([email]);
  });

  test('then a contact who is a user elsewhere is not invited', async () => {
    const email = freshEmail();
    await inviteFirstContact(partner(await freshPartner(), email), now);
    expect(await inviteFirstContact(partner(await freshPartner(), email), now)).toBeUndefined();
  });
});

describe('when the laptop makes the record of a caller', () => {
  test('then there is one, and the same one every time, also when asked at once', async () => {
    const person = { id: `usr_${next()}`, email: freshEmail(), role: 'finance', now } as const;
    const users = await Promise.all(Array.from({ length: 5 }, () => ensureUser(person)));
    expect(new Set(users.map(({ id }) => id))).toEqual(new Set([person.id]));
    expect(users[0]).toMatchObject({ status: 'active', role: 'finance' });
  });

  test('then whoever has the address already is that caller', async () => {
    const partnerId = await freshPartner();
    const email = freshEmail();
    const { body } = await invite(adminOf(partnerId), { email, role: 'partner_admin' });
    const user = await ensureUser({ id: `usr_${next()}`, email, role: 'partner_admin', partnerId, now });
    expect(user.id).toBe(body.id);
  });
});
