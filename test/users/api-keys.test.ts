import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '#shared/core/caller.ts';
import { addDays } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { apiKeyLifecycle } from '#shared/users/api-key.ts';
import { findKeyCaller } from '#shared/users/caller-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { admin, adminOf, manager, repOf } from '#test/support/people.ts';
import { ask, freshPartner, now } from './a-user.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
});

const create = (caller: Caller, body: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  ask({ operation: 'create-api-key', caller, body, ...more });
const revoke = (caller: Caller, apiKeyId: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  ask({ operation: 'revoke-api-key', caller, params: { apiKeyId: String(apiKeyId) }, ...more });
const list = (caller: Caller, query: Record<string, string> = {}): Promise<Reply> =>
  ask({ operation: 'list-api-keys', caller, query });
const idsOf = ({ body }: Reply): string[] => (body.data as { id: string }[]).map(({ id }) => id);

test('when the lifecycle of an API key is written out, then it is as the specification says', () => {
  expect(apiKeyLifecycle).toEqual({ active: ['revoked'], revoked: [] });
});

describe('when an API key is made', () => {
  test("then its token is told once, and stands for a machine of the partner within the key's scopes", async () => {
    const partnerId = await freshPartner();
    const reply = await create(adminOf(partnerId), { name: 'CRM', scopes: ['deals:write', 'deals:read'] });
    expect(reply).toMatchObject({
      status: 201,
      body: { name: 'CRM', role: 'partner_member', partnerId, status: 'active', scopes: ['deals:write', 'deals:read'] },
    });
    const token = String(reply.body.token);
    expect(token).toMatch(/^tk_live_[0-9A-Z]{26}_[\w-]{43}$/);
    expect(await findKeyCaller(token)).toEqual({
      kind: 'api_key',
      id: reply.body.id,
      role: 'partner_member',
      partnerId,
      scopes: ['deals:write', 'deals:read'],
    });
  });

  test('then it is kept nowhere: not in the record, the history or a list', async () => {
    const partnerId = await freshPartner();
    const { body } = await create(adminOf(partnerId), { scopes: ['deals:read'] });
    const id = String(body.id);
    const secret = String(body.token).slice(-43);
    const kept = await read([{ pk: id, sk: 'api-key' }]);
    const events = await listEvents(id, 1, 10);
    const listed = await list(adminOf(partnerId));
    expect(idsOf(listed)).toEqual([id]);
    expect(JSON.stringify([kept, events, listed])).not.toContain(secret);
    expect(JSON.stringify([events, listed])).not.toContain(String(kept[0]?.tokenHash));
  });

  test('then the same key and body gives the same token again', async () => {
    const caller = adminOf(await freshPartner());
    const first = await create(caller, { scopes: ['deals:read'] }, { key: 'k1' });
    const again = await create(caller, { scopes: ['deals:read'] }, { key: 'k1', at: addDays(now, 1) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await create(caller, { scopes: ['deals:write'] }, { key: 'k1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then an administrator makes them for the program, or for any partner', async () => {
    const partnerId = await freshPartner();
    const ours = await create(admin, { scopes: ['known-accounts:write'] });
    expect(ours).toMatchObject({ status: 201, body: { role: 'partner_manager' } });
    expect(ours.body).not.toHaveProperty('partnerId');
    const theirs = await create(admin, { scopes: ['deals:write'], partnerId });
    expect(theirs).toMatchObject({ status: 201, body: { role: 'partner_member', partnerId } });
  });

  const rows: readonly (readonly [string, (partnerId: string) => Caller, object, number, string])[] = [
    ['a scope that is not there', adminOf, { scopes: ['money:take'] }, 400, 'request.invalid'],
    ['no scope', adminOf, { scopes: [] }, 400, 'request.invalid'],
    ['a scope of staff', adminOf, { scopes: ['known-accounts:write'] }, 422, 'api_key.scope_not_allowed'],
    ['a role of staff', adminOf, { scopes: ['deals:read'], role: 'admin' }, 403, 'auth.forbidden'],
    ['finance', () => admin, { scopes: ['deals:read'], role: 'finance' }, 403, 'auth.forbidden'],
    ['another partner', adminOf, { scopes: ['deals:read'], partnerId: 'ptr_other' }, 404, 'not_found'],
    ['a partner that is not there', () => admin, { scopes: ['deals:read'], partnerId: 'ptr_no' }, 404, 'not_found'],
    ['anybody, by a rep', repOf, { scopes: ['deals:read'] }, 403, 'auth.forbidden'],
    ['anybody, by a partner manager', () => manager, { scopes: ['deals:read'] }, 403, 'auth.forbidden'],
  ];
  test.each(rows)('then none for %s', async (_, who, body, status, code) => {
    const partnerId = await freshPartner();
    expect(await create(who(partnerId), body)).toMatchObject({ status, body: { code } });
  });

  test('then a key makes no keys', async () => {
    const partnerId = await freshPartner();
    const key: Caller = { kind: 'api_key', id: 'key_1', role: 'partner_admin', partnerId, scopes: ['deals:write'] };
    expect((await create(key, { scopes: ['deals:write'] })).status).toBe(403);
  });
});

describe('when an API key is revoked', () => {
  test('then its token stands for nobody, however often it is asked', async () => {
    const caller = adminOf(await freshPartner());
    const { body } = await create(caller, { scopes: ['deals:read'] });
    expect(await revoke(caller, body.id, { ifMatch: 5 })).toMatchObject({ status: 412 });
    const first = await revoke(caller, body.id);
    expect(first).toMatchObject({ status: 200, body: { status: 'revoked', revokedAt: now } });
    expect(await revoke(caller, body.id)).toMatchObject({ status: 200, body: first.body });
    expect(await revoke(admin, body.id)).toMatchObject({ status: 200, body: first.body });
    expect(await findKeyCaller(String(body.token))).toBeUndefined();
  });

  test('then a key of another partner, or of the program, is as good as missing', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    const other = await create(adminOf(theirs), { scopes: ['deals:read'] });
    const ours = await create(admin, { scopes: ['deals:read'] });
    for (const id of [other.body.id, ours.body.id, 'key_NOBODY']) {
      expect(await revoke(adminOf(mine), id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await list(adminOf(mine), { partnerId: theirs })).status).toBe(404);
    expect(idsOf(await list(adminOf(mine)))).toEqual([]);
    expect(idsOf(await list(admin, { limit: '100' }))).toEqual(expect.arrayContaining([ours.body.id]));
  });
});
