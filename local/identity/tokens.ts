import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';

export interface TokenIssuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly signingKey: SigningKey;
}

export interface TokenSubject {
  readonly sub: string;
  /** Our user's id, which Cognito knows as the username. */
  readonly username: string;
}

/** What an access token of Cognito says beyond the registered claims. */
export const accessClaims = ({ username }: TokenSubject, clientId: string) => ({
  username,
  client_id: clientId,
  token_use: 'access',
  scope: 'openid email',
});

/** An access token as the identity provider would issue it, good for 24 hours of this machine's time. */
export const issueAccessToken = ({ issuer, clientId, signingKey }: TokenIssuer, subject: TokenSubject) =>
  new SignJWT({ ...accessClaims(subject, clientId), auth_time: Math.floor(Date.now() / 1000), jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', kid: signingKey.jwk.kid ?? '' })
    .setIssuer(issuer)
    .setSubject(subject.sub)
    .setIssuedAt()
    .setExpirationTime('24h')
    .sign(signingKey.key);
