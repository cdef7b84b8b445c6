import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { createSignIns } from '#local/aws/sign-ins.ts';
import { type Identity, type Person, startIdentity } from '#local/identity/identity.ts';

const portalUrl = 'http://localhost:3999';
const redirectUri = `${portalUrl}/signed-in`;
let identity: Identity | undefined;
let records: Person[] = [];
afterEach(() => identity?.close());

const start = async (folder?: string): Promise<Identity> => {
  records = [];
  identity = await startIdentity({
    file: (name) => folder && join(folder, name),
    signIns: createSignIns(undefined),
    portalUrl: () => portalUrl,
    ensureRecord: async (person) => {
      records.push(person);
      return person.id;
    },
  });
  identity.serve('portal');
  return identity;
};
/** What the authorizer does with a token. */
const verify = ({ issuer }: Identity, token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)), { issuer });

test('when a token is asked for, then it is one that the authorizer takes, and our own record is there', async () => {
  const laptop = await start();
  const token = await laptop.issueToken({ role: 'partner_admin', partnerId: 'ptr_1', sub: 'paula' });
  const { payload } = await verify(laptop, token);
  expect(payload).toMatchObject({ sub: 'paula', client_id: 'portal', token_use: 'access', username: records[0]?.id });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(24 * 3600);
  expect(records).toMatchObject([{ role: 'partner_admin', partnerId: 'ptr_1', id: expect.stringMatching(/^usr_/) }]);
});

test('when the laptop is started again, then tokens issued before are still good', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-identity-'));
  const before = await start(folder);
  const token = await before.issueToken({ role: 'finance' });
  await before.close();
  const after = await start(folder);
  await expect(verify(after, token)).resolves.toMatchObject({ payload: { client_id: 'portal' } });
});

/** A browser as far as it matters here: it keeps cookies and is told where to go. */
const aBrowser = () => {
  const cookies = new Map<string, string>();
  return async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && new URLSearchParams(form);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
};
const locationOf = (response: Response, base: string): string =>
  new URL(response.headers.get('location') ?? '', base).href;

/** Signs in by the pages, as a person of this name, and answers where the portal is called back. */
const signIn = async ({ issuer }: Identity, name: string, challenge: string): Promise<URL> => {
  const go = aBrowser();
  const query = new URLSearchParams({
    client_id: 'portal',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email',
    state: 'here',
    ...(challenge && { code_challenge: challenge, code_challenge_method: 'S256' }),
  });
  const begun = await go(`${issuer}/auth?${query}`);
  const page = locationOf(begun, issuer);
  if (page.startsWith(portalUrl)) return new URL(page);
  const html = await (await go(page)).text();
  const [, username = ''] = new RegExp(`value="(usr_[^"]+)">\\s*<strong>${name}`).exec(html) ?? [];
  const chosen = await go(page, { username });
  return new URL(locationOf(await go(locationOf(chosen, issuer)), issuer));
};

test('when a persona is chosen on the sign-in page, then code and verifier bring a token shaped like Cognito’s', async () => {
  const laptop = await start();
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const back = await signIn(laptop, 'Maya Keller', challenge);
  expect(back.origin + back.pathname).toBe(redirectUri);
  const form = {
    grant_type: 'authorization_code',
    client_id: 'portal',
    redirect_uri: redirectUri,
    code: back.searchParams.get('code') ?? '',
  };
  const token = (code_verifier: string): Promise<Response> =>
    fetch(`${laptop.issuer}/token`, { method: 'POST', body: new URLSearchParams({ ...form, code_verifier }) });
  const answer = (await (await token(verifier)).json()) as { access_token: string; id_token: string };
  const { payload } = await verify(laptop, answer.access_token);
  expect(payload).toMatchObject({ client_id: 'portal', token_use: 'access', username: records[0]?.id });
  expect(records).toMatchObject([{ email: 'maya@tandem.example', role: 'partner_manager' }]);
  const person = await verify(laptop, answer.id_token);
  expect(person.payload).toMatchObject({ email: 'maya@tandem.example', aud: 'portal' });
  expect((await token(verifier)).status).toBe(400);
});

test('when a client comes without PKCE, then it is refused', async () => {
  const back = await signIn(await start(), 'Maya Keller', '');
  expect(back.searchParams.get('error')).toBe('invalid_request');
});
