import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { setting } from '#shared/platform/config.ts';

/** Clocks of issuer and verifier may differ by so much. Tokens live in machine time, which the laptop's clock does not move. */
const clockToleranceSeconds = 5;

const keySets = new Map<string, JWTVerifyGetKey>();

/** The issuer's public keys, fetched once and again when a token names a key that is not among them. */
const keysOf = (issuer: string): JWTVerifyGetKey => {
  const known = keySets.get(issuer) ?? createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  keySets.set(issuer, known);
  return known;
};

/** Faults of the token, as jose names them; any other failure, such as an issuer that does not answer, is not the token's. */
const isTokenFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  /^ERR_(JWT_|JWS_|JOSE_ALG_|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING|JWKS_MULTIPLE)/.test(error.code);

/** Three parts in base64url without padding (RFC 7515 §2): readers that are kinder would let one token be written in several ways. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Whether the header says which key and the one algorithm we take, before anything is fetched. */
const isWellHeaded = (token: string): boolean => {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return alg === 'RS256' && typeof kid === 'string';
  } catch {
    return false;
  }
};

/**
 * Our user's id in an access token of our own client, issued by our user pool and still good; undefined for every other text.
 * Throws when the issuer's keys cannot be had.
 */
export const verifyToken = async (token: string): Promise<string | undefined> => {
  if (!compact.test(token) || !isWellHeaded(token)) return undefined;
  const issuer = setting('ISSUER_URL');
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      issuer,
      algorithms: ['RS256'],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub', 'username', 'client_id', 'token_use'],
    });
    if (payload.token_use !== 'access' || payload.client_id !== setting('CLIENT_ID')) return undefined;
    return typeof payload.username === 'string' ? payload.username : undefined;
  } catch (error) {
    if (isTokenFault(error)) return undefined;
    throw error;
  }
};
