import type { IncomingHttpHeaders } from 'node:http';
import { accessDenied, S3Error } from './s3-error.ts';
import {
  algorithm,
  compactMillis,
  mustBeSigned,
  readScope,
  type Scope,
  type Signer,
  sha256Hex,
} from './signing-key.ts';

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

const unsigned = 'UNSIGNED-PAYLOAD';
const quarterHourMs = 15 * 60 * 1000;
const longestLinkSeconds = 7 * 24 * 3600;

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', `Couldn't parse the specified URI.`);
  }
};

/** The names and values of a query, as they are meant. */
export const queryOf = (target: string): readonly (readonly [name: string, value: string])[] => {
  const [, ...rest] = target.split('?');
  return rest
    .join('?')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('='))];
    });
};

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/\s+/g, ' ');
};

const canonicalRequest = (request: SignedRequest, signedHeaders: readonly string[], payload: string): string => {
  const [path = '/'] = request.target.split('?');
  const pairs = queryOf(request.target)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort((a, b) => (a < b ? -1 : 1));
  const headers = signedHeaders.map((name) => `${name}:${headerOf(request.headers, name)}\n`);
  return [request.method, path, pairs.join('&'), headers.join(''), signedHeaders.join(';'), payload].join('\n');
};

/** Whatever AWS gives a meaning to must be under the signature, or anybody on the way could add it. */
const mustSignEnough = (request: SignedRequest, signedHeaders: readonly string[]): void => {
  const left = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (left.length > 0 || !signedHeaders.includes('host')) {
    throw accessDenied(`There were headers present in the request which were not signed: ${left.join(', ') || 'host'}`);
  }
};

interface Claimed {
  readonly scope: Scope;
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
}

const check = (request: SignedRequest, claimed: Claimed, signer: Signer): void => {
  const { scope, date, signedHeaders, signature, payload } = claimed;
  mustSignEnough(request, signedHeaders);
  if (!date.startsWith(scope.day)) throw accessDenied('The date of the credential is not that of the request.');
  const text = [algorithm, date, scope.text, sha256Hex(canonicalRequest(request, signedHeaders, payload))].join('\n');
  mustBeSigned(text, signature, { scope, signer });
};

const byHeader = (request: SignedRequest, signer: Signer, nowMs: number): void => {
  const header = headerOf(request.headers, 'authorization');
  const part = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? '';
  if (!header.startsWith(`${algorithm} `)) throw accessDenied('Only AWS Signature Version 4 is taken.');
  const date = headerOf(request.headers, 'x-amz-date');
  const scope = readScope(part('Credential'), signer);
  const apartMs = Math.abs(nowMs - compactMillis(date));
  if (!(apartMs <= quarterHourMs)) {
    throw new S3Error(403, 'RequestTimeTooSkewed', 'The difference between the request time and now is too large.');
  }
  const payload = headerOf(request.headers, 'x-amz-content-sha256') || unsigned;
  const signedHeaders = part('SignedHeaders').split(';');
  check(request, { scope, date, signedHeaders, signature: part('Signature'), payload }, signer);
};

const byQuery = (request: SignedRequest, signer: Signer, nowMs: number): void => {
  const query = new Map(queryOf(request.target));
  const part = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  if (part('Algorithm') !== algorithm) throw accessDenied('Only AWS Signature Version 4 is taken.');
  const scope = readScope(part('Credential'), signer);
  const date = part('Date');
  const expiresSeconds = Number(part('Expires') || Number.NaN);
  if (!(expiresSeconds >= 1 && expiresSeconds <= longestLinkSeconds)) {
    throw new S3Error(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires must be from 1 to 604800 seconds.');
  }
  const signedMs = compactMillis(date);
  if (!(nowMs <= signedMs + expiresSeconds * 1000)) throw accessDenied('Request has expired');
  if (signedMs - nowMs > quarterHourMs) throw accessDenied('Request is not yet valid');
  const claimed = { scope, date, signedHeaders: part('SignedHeaders').split(';'), signature: part('Signature') };
  check(request, { ...claimed, payload: unsigned }, signer);
};

/**
 * Lets a request pass that is signed by AWS Signature Version 4, in its header or in its query. Signatures live in machine time
 * (`nowMs`), at issuer and verifier alike. Throws what S3 answers otherwise.
 */
export const mustBeSignedRequest = (request: SignedRequest, signer: Signer, nowMs: number): void => {
  if (request.headers.authorization !== undefined) byHeader(request, signer, nowMs);
  else if (queryOf(request.target).some(([name]) => name === 'X-Amz-Signature')) byQuery(request, signer, nowMs);
  else throw accessDenied();
};
