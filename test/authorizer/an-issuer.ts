import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { handler } from '#functions/authorizer/door.ts';

export const clientId = 'portal';
export const userId = 'usr_ada';
export const header: JWTHeaderParameters = { alg: 'RS256', kid: 'one' };
export const seconds = (): number => Math.floor(Date.now() / 1000);

/** A user pool as far as the authorizer knows one: a key pair, and a server that shows its public half. */
export const startIssuer = async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.writeHead(request.url === '/.well-known/jwks.json' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.ISSUER_URL = url;
  process.env.CLIENT_ID = clientId;
  // Overrides may be what no token may hold.
  const claims = (overrides: Record<string, unknown> = {}): JWTPayload => ({
    sub: 'cognito-sub',
    username: userId,
    client_id: clientId,
    token_use: 'access',
    scope: 'openid email',
    iss: url,
    iat: seconds(),
    exp: seconds() + 3600,
    ...overrides,
  });
  const sign = (payload: JWTPayload, as: JWTHeaderParameters = header, key: CryptoKey = privateKey): Promise<string> =>
    new SignJWT(payload).setProtectedHeader(as).sign(key, { crit: { 'x-new': true } });
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { url, publicKey, requests, claims, sign, close };
};

/** Asks as the gateway does; only the route and the header are looked at. */
export const askFor = (authorization: string | undefined, routeKey = 'GET /v1/deals') =>
  handler({
    version: '2.0',
    type: 'REQUEST',
    routeKey,
    headers: authorization === undefined ? {} : { authorization },
  } as APIGatewayRequestAuthorizerEventV2);

export const callerBehind = async (token: string): Promise<unknown> => {
  const { isAuthorized, context } = await askFor(`Bearer ${token}`);
  return isAuthorized ? JSON.parse(String(context.caller)) : undefined;
};
