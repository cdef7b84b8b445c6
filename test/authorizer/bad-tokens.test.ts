import { createHmac, randomBytes } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureUser } from '#shared/users/user-store.ts';
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
});
afterAll(issuer.close);

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

  test('then a good one beside them is somebody, and the keys were fetched a few times at most', async () => {
    expect(await callerBehind(await sign(claims()))).toBeDefined();
    expect(issuer.requests.length).toBeLessThan(4);
    expect(new Set(issuer.requests)).toEqual(new Set(['/.well-known/jwks.json']));
  });
});
