import { createHmac, randomBytes } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitChange } from '#shared/platform/history-store.ts';
import { createApiKey, hashOfToken, revokeApiKey, tokenOf } from '#shared/users/api-key.ts';
import { changeApiKey, insertApiKey } from '#shared/users/api-key-store.ts';
import { deactivateUser } from '#shared/users/user.ts';
import { changeUser, ensureUser, getUser } from '#shared/users/user-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { askFor, callerBehind, header, seconds, startIssuer, userId } from './an-issuer.ts';

const issuer = await startIssuer();
const { url, publicKey, claims, sign } = issuer;
const stranger = await generateKeyPair('RS256');
const elliptic = await generateKeyPair('ES256');

beforeAll(async () => {
  await testTable();
  const now = '2026-07-01T12:00:00.000Z';
  await ensureUser({ id: userId, email: 'ada@acme.example', role: 'partner_manager', now });
  await ensureUser({ id: 'usr_gone', email: 'gone@acme.example', role: 'partner_manager', now });
  const user = await getUser('usr_gone');
  const intent = { writeId: 'gone', bodyHash: '', by: 'usr_root', at: now };
  const change = changeUser(user, deactivateUser(user, { by: 'usr_root', now }), { type: 'user.deactivated', intent });
  await commitChange(user, change);
  machine = await createKey('A');
  const revoked = await createKey('B');
  const gone = changeApiKey(revoked.key, revokeApiKey(revoked.key, now), { type: 'api_key.revoked', intent });
  await commitChange(revoked.key, gone);
  revokedToken = revoked.token;
});
afterAll(issuer.close);

const createKey = async (letter: string) => {
  const id = `key_${letter.repeat(26)}`;
  const token = tokenOf(id, randomBytes(32).toString('base64url'));
  const about = { id, now: '2026-07-01T12:00:00.000Z', by: 'usr_root', tokenHash: hashOfToken(token) };
  const wanted = { role: 'partner_manager', scopes: ['deals:read'] } as const;
  const intent = { writeId: id, bodyHash: '', by: 'usr_root', at: about.now };
  const { entity } = await insertApiKey(createApiKey(wanted, about), intent);
  return { key: entity, token };
};
let machine: Awaited<ReturnType<typeof createKey>>;
let revokedToken = '';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const forgedWithPublicKey = async (): Promise<string> => {
  const text = `${encode({ alg: 'HS256', kid: 'one' })}.${encode(claims())}`;
  return `${text}.${createHmac('sha256', await exportSPKI(publicKey))
    .update(text)
    .digest('base64url')}`;
};
const tampered = async (): Promise<string> => {
  const [head, , signature] = (await sign(claims())).split('.');
  return `${head}.${encode(claims({ scope: 'everything' }))}.${signature}`;
};
const cutOff = async (): Promise<string> => (await sign(claims())).split('.').slice(0, 2).join('.');
const bringsItsKey = async (): Promise<string> =>
  sign(claims(), { ...header, jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey);

/** The same signature under another head. */
const withHead = (token: string, head: object): string => [encode(head), ...token.split('.').slice(1)].join('.');

const bad: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['alg none', () => `${encode({ alg: 'none', kid: 'one' })}.${encode(claims())}.`],
  ['alg none in other letters', () => `${encode({ alg: 'nOnE', kid: 'one' })}.${encode(claims())}.`],
  ['HS256 with the public key as its secret', forgedWithPublicKey],
  ['another algorithm', () => sign(claims(), { alg: 'ES256', kid: 'one' }, elliptic.privateKey)],
  ['another key under the same name', () => sign(claims(), header, stranger.privateKey)],
  ['a key that it brings along', bringsItsKey],
  ['a key that it says where to fetch', () => sign(claims(), { ...header, jku: `${url}/x` }, stranger.privateKey)],
  ['a key that is not there', () => sign(claims(), { alg: 'RS256', kid: 'two' })],
  ['no name of a key', () => sign(claims(), { alg: 'RS256' })],
  ['an extension it insists on', () => sign(claims(), { ...header, crit: ['x-new'], 'x-new': 1 })],
  ['another issuer', () => sign(claims({ iss: 'https://elsewhere.example' }))],
  ['the issuer with a slash too many', () => sign(claims({ iss: `${url}/` }))],
  ['another client', () => sign(claims({ client_id: 'other' }))],
  ['no client', () => sign(claims({ client_id: undefined }))],
  ['an id token', () => sign(claims({ token_use: 'id' }))],
  ['no use', () => sign(claims({ token_use: undefined }))],
  ['the end of its time behind it', () => sign(claims({ exp: seconds() - 60 }))],
  ['no end', () => sign(claims({ exp: undefined }))],
  ['an end in words', () => sign(claims({ exp: 'tomorrow' }))],
  ['a beginning that is to come', () => sign(claims({ nbf: seconds() + 600 }))],
  ['no user', () => sign(claims({ username: undefined }))],
  ['a user that is no text', () => sign(claims({ username: [userId] }))],
  ['other claims than were signed', tampered],
  ['no signature', async () => `${await cutOff()}.`],
  ['a part too few', cutOff],
  ['a part too many', async () => `${await sign(claims())}.x`],
  ['a signature of nonsense', async () => `${await cutOff()}.${randomBytes(256).toString('base64url')}`],
  ['nonsense', () => 'nonsense'],
  ['dots', () => '...'],
  ['no JSON inside', () => 'e30x.e30x.e30x'],
  [
    'a certificate that it says where to fetch',
    () => sign(claims(), { ...header, x5u: `${url}/x` }, stranger.privateKey),
  ],
  ['a certificate that it brings along', () => sign(claims(), { ...header, x5c: ['MIIB'] }, stranger.privateKey)],
  ['a key whose name is a path', () => sign(claims(), { alg: 'RS256', kid: '../../jwks.json' })],
  ['a key whose name is a question', () => sign(claims(), { alg: 'RS256', kid: "one' OR '1'='1" })],
  ['a key whose name is empty', () => sign(claims(), { alg: 'RS256', kid: '' })],
  ['a key whose name is inherited', () => sign(claims(), { alg: 'RS256', kid: '__proto__' })],
  ['a key whose name is no text', async () => withHead(await sign(claims()), { alg: 'RS256', kid: ['one'] })],
  ['no algorithm', async () => withHead(await sign(claims()), { kid: 'one' })],
  ['an algorithm of the same family', async () => withHead(await sign(claims()), { alg: 'RS512', kid: 'one' })],
  ['an algorithm in other letters', async () => withHead(await sign(claims()), { alg: 'rs256', kid: 'one' })],
  ['an algorithm that is a list', async () => withHead(await sign(claims()), { alg: ['RS256'], kid: 'one' })],
  ['an empty list of extensions', async () => withHead(await sign(claims()), { ...header, crit: [] })],
  [
    'a payload that is not encoded',
    async () => withHead(await sign(claims()), { ...header, b64: false, crit: ['b64'] }),
  ],
  ['a list of issuers', () => sign(claims({ iss: [url] as unknown as string }))],
  ['no issuer', () => sign(claims({ iss: undefined }))],
  ['a list of clients', () => sign(claims({ client_id: ['portal'] }))],
  ['a client in other letters', () => sign(claims({ client_id: 'Portal' }))],
  ['a use in other letters', () => sign(claims({ token_use: 'ACCESS' }))],
  ['both uses', () => sign(claims({ token_use: ['access', 'id'] }))],
  ['an end before all time', () => sign(claims({ exp: -1 }))],
  ['nobody as its subject', () => sign(claims({ sub: undefined }))],
  ['a user in other letters', () => sign(claims({ username: 'usr_ADA' }))],
  ['a user with something behind it', () => sign(claims({ username: `${userId}\u0000` }))],
  ['an API key as its user', () => sign(claims({ username: `key_${'A'.repeat(26)}` }))],
  ['a user who was deactivated', () => sign(claims({ username: 'usr_gone' }))],
  ['a user whose record says so little', () => sign(claims({ username: 'usr_' }))],
  ['its signature cut short', async () => (await sign(claims())).slice(0, -8)],
  ['its letters in another case', async () => (await sign(claims())).toLowerCase()],
  ['five parts, as if it were encrypted', async () => `${await sign(claims())}.e30.e30`],
  ['letters of the other base64', async () => (await sign(claims())).replace(/[\w-](?=[^.]*$)/, '+')],
  ['padding', async () => `${await sign(claims())}==`],
  ['a megabyte of letters', () => 'a'.repeat(1_000_000)],
];

describe('when a token is bad', () => {
  test.each(bad)('then one with %s is nobody', async (_, token) => {
    expect(await askFor(`Bearer ${await token()}`)).toEqual({ isAuthorized: false, context: {} });
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another scheme', 'Basic YWRhOnB3'],
    ['only the scheme', 'Bearer'],
    ['two tokens', 'Bearer a b'],
  ])('then %s in the header is nobody', async (_, authorization) => {
    expect(await askFor(authorization)).toEqual({ isAuthorized: false, context: {} });
  });

  test.each<readonly [string, (good: string) => string]>([
    ['alone, without a scheme', (good) => good],
    ['under another scheme', (good) => `Token ${good}`],
    ['twice', (good) => `Bearer ${good} ${good}`],
    ['twice, as two headers are joined', (good) => `Bearer ${good},Bearer ${good}`],
    ['with a list behind it', (good) => `Bearer ${good},`],
    ['in quotes', (good) => `Bearer "${good}"`],
    ['with a blank in it', (good) => `Bearer ${good.slice(0, 50)} ${good.slice(50)}`],
    ['with a line break in it', (good) => `Bearer ${good.slice(0, 50)}\n${good.slice(50)}`],
    ['without a blank before it', (good) => `Bearer${good}`],
    ['encoded once more', (good) => `Bearer ${Buffer.from(good).toString('base64')}`],
    ['as a parameter', (good) => `Bearer token=${good}`],
    ['with a NUL behind it', (good) => `Bearer ${good}\u0000`],
  ])('then a good one %s is nobody', async (_, wrap) => {
    expect(await askFor(wrap(await sign(claims())))).toEqual({ isAuthorized: false, context: {} });
  });

  test.each<readonly [string, (token: string) => string]>([
    ['that was revoked', () => revokedToken],
    ['with one letter changed', (token) => `${token.slice(0, -2)}${token.at(-2) === 'x' ? 'y' : 'x'}${token.at(-1)}`],
    ['cut by a letter', (token) => token.slice(0, -1)],
    ['with a letter more', (token) => `${token}A`],
    ['in other letters', (token) => token.toUpperCase()],
    ['of a test', (token) => token.replace('tk_live_', 'tk_test_')],
    ['with the id of another', (token) => token.replace('A'.repeat(26), 'B'.repeat(26))],
    ['of no key', (token) => token.replace('A'.repeat(26), 'C'.repeat(26))],
    ['without its secret', (token) => token.slice(0, -44)],
    ['with the hash we keep', (token) => `${token.slice(0, -43)}${hashOfToken(token).slice(0, 43)}`],
    ['that is only an id', () => machine.key.id],
    ['of a user', () => `tk_live_${userId}`],
  ])('then an API key %s is nobody', async (_, spoil) => {
    expect(await callerBehind(machine.token)).toBeDefined();
    expect(await askFor(`Bearer ${spoil(machine.token)}`)).toEqual({ isAuthorized: false, context: {} });
  });

  /** The name of a scheme is written in any case (RFC 9110 §11.1); what stands behind it is not. */
  test('then one under a scheme in small letters is nobody either', async () => {
    expect(await askFor(`bearer ${await tampered()}`)).toEqual({ isAuthorized: false, context: {} });
    expect((await askFor(`bearer ${await sign(claims())}`)).isAuthorized).toBe(true);
  });

  test('then a good one beside them is somebody, and the keys were fetched a few times at most', async () => {
    expect(await callerBehind(await sign(claims()))).toBeDefined();
    expect(issuer.requests.length).toBeLessThan(4);
    expect(new Set(issuer.requests)).toEqual(new Set(['/.well-known/jwks.json']));
  });
});
