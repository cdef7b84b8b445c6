import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitChange } from '#shared/platform/history-store.ts';
import { createApiKey, hashOfToken, revokeApiKey, tokenOf } from '#shared/users/api-key.ts';
import { changeApiKey, insertApiKey } from '#shared/users/api-key-store.ts';
import { deactivateUser, inviteUser } from '#shared/users/user.ts';
import { changeUser, insertUser } from '#shared/users/user-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { commitGate } from '#test/support/gates.ts';
import { askFor, callerBehind, seconds, startIssuer, userId } from './an-issuer.ts';

const now = '2026-07-01T12:00:00.000Z';
const issuer = await startIssuer();
const { claims, sign } = issuer;

const intent = (about: string) => ({ writeId: about, bodyHash: '', by: 'usr_root', at: now });

const anInvitedUser = async (id: string, partnerId?: string) => {
  const role = partnerId ? 'partner_admin' : 'partner_manager';
  const user = inviteUser({ email: `${id}@acme.example`, role, partnerId }, { id, now, by: 'usr_root' });
  return (await insertUser(user, intent(`invite ${id}`))).entity;
};

beforeAll(async () => {
  await testTable();
  await commitGate('ptr_acme');
  await anInvitedUser(userId, 'ptr_acme');
});
afterAll(issuer.close);

describe('when a person comes with an access token', () => {
  test('then the caller is who our own record says, also when only invited', async () => {
    expect(await callerBehind(await sign(claims()))).toEqual({
      kind: 'user',
      id: userId,
      role: 'partner_admin',
      partnerId: 'ptr_acme',
    });
  });

  test('then what the token says about roles and partners is not looked at', async () => {
    const token = await sign(claims({ role: 'admin', partnerId: 'ptr_other', 'cognito:groups': ['admin'] }));
    expect(await callerBehind(token)).toMatchObject({ role: 'partner_admin', partnerId: 'ptr_acme' });
  });

  test('then staff has no partner', async () => {
    await anInvitedUser('usr_maya');
    const token = await sign(claims({ username: 'usr_maya' }));
    expect(await callerBehind(token)).toEqual({ kind: 'user', id: 'usr_maya', role: 'partner_manager' });
  });

  test('then a user who was deactivated is nobody', async () => {
    const user = await anInvitedUser('usr_gone', 'ptr_acme');
    const token = await sign(claims({ username: 'usr_gone' }));
    expect(await callerBehind(token)).toBeDefined();
    const gone = deactivateUser(user, { by: 'usr_root', now });
    await commitChange(user, changeUser(user, gone, { type: 'user.deactivated', intent: intent('gone') }));
    expect(await callerBehind(token)).toBeUndefined();
  });

  test.each([
    ['a user we do not have', 'usr_nobody'],
    ['something that is no user', 'ptr_acme'],
  ])('then %s is nobody', async (_, username) => {
    expect(await callerBehind(await sign(claims({ username })))).toBeUndefined();
  });

  test('then a clock that is a little off does no harm', async () => {
    expect(await callerBehind(await sign(claims({ exp: seconds() - 2, nbf: seconds() + 2 })))).toBeDefined();
  });
});

describe('when a machine comes with an API key', () => {
  const aKey = async (letter: string) => {
    const id = `key_${letter.repeat(26)}`;
    const token = tokenOf(id, randomBytes(32).toString('base64url'));
    const about = { id, now, by: 'usr_root', tokenHash: hashOfToken(token) };
    const wanted = { role: 'partner_member', partnerId: 'ptr_acme', scopes: ['deals:write'] } as const;
    const { entity } = await insertApiKey(createApiKey(wanted, about), intent(`create ${id}`));
    return { key: entity, token };
  };

  test('then the caller is the key, within its scopes', async () => {
    const { key, token } = await aKey('A');
    expect(await callerBehind(token)).toEqual({
      kind: 'api_key',
      id: key.id,
      role: 'partner_member',
      partnerId: 'ptr_acme',
      scopes: ['deals:write'],
    });
  });

  test('then a key that was revoked is nobody', async () => {
    const { key, token } = await aKey('B');
    const revoked = revokeApiKey(key, now);
    await commitChange(key, changeApiKey(key, revoked, { type: 'api_key.revoked', intent: intent('revoke') }));
    expect(await callerBehind(token)).toBeUndefined();
  });

  test('then a token with another secret, of another key or of no key is nobody', async () => {
    const [one, other] = [await aKey('C'), await aKey('D')];
    const mixed = one.token.slice(0, -43) + other.token.slice(-43);
    const guessed = tokenOf(one.key.id, randomBytes(32).toString('base64url'));
    for (const token of [mixed, guessed, tokenOf(`key_${'Z'.repeat(26)}`, 'x'.repeat(43)), 'tk_live_', 'tk_live_x']) {
      expect(await callerBehind(token)).toBeUndefined();
    }
    expect(await callerBehind(one.token)).toBeDefined();
  });
});

describe('when somebody comes to a route that is open to anyone', () => {
  const route = 'POST /v1/partners';

  test('then a stranger is let in as one', async () => {
    expect(await askFor(undefined, route)).toEqual({ isAuthorized: true, context: {} });
  });

  test('then whoever brings a token is who it says, or is not let in', async () => {
    const { context } = await askFor(`Bearer ${await sign(claims())}`, route);
    expect(JSON.parse(String(context.caller))).toMatchObject({ id: userId });
    expect(await askFor('Bearer nonsense', route)).toEqual({ isAuthorized: false, context: {} });
  });
});

describe('when the issuer does not answer', () => {
  test('then nobody can be told from anybody, and the gateway hears of a fault', async () => {
    process.env.ISSUER_URL = 'http://127.0.0.1:9';
    const token = await sign(claims({ iss: 'http://127.0.0.1:9' }));
    await expect(askFor(`Bearer ${token}`)).rejects.toThrow();
    process.env.ISSUER_URL = issuer.url;
  });
});
