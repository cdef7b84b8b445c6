import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.ts';

/** Who may sign requests here, and for which region. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

export const algorithm = 'AWS4-HMAC-SHA256';

export const sha256Hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** What a credential names beside the key: for which day, region and service it signs. */
export interface Scope {
  readonly accessKeyId: string;
  readonly day: string;
  readonly text: string;
}

/** Throws for a key that is not known and for a scope that is not S3's in this region. */
export const readScope = (credential: string, signer: Signer): Scope => {
  const [accessKeyId = '', day = '', ...rest] = credential.split('/');
  if (accessKeyId !== signer.accessKeyId) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  const expected = [signer.region, 's3', 'aws4_request'];
  if (!/^\d{8}$/.test(day) || rest.join('/') !== expected.join('/')) {
    throw new S3Error(400, 'AuthorizationHeaderMalformed', `The credential must end in ${expected.join('/')}.`);
  }
  return { accessKeyId, day, text: [day, ...rest].join('/') };
};

const signatureOf = (text: string, { day }: Scope, { secretAccessKey, region }: Signer): Buffer => {
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, text);
};

/** Throws `SignatureDoesNotMatch` unless `signature`, in hexadecimal digits, is the signer's of this text. */
export const mustBeSigned = (text: string, signature: string, { scope, signer }: { scope: Scope; signer: Signer }) => {
  const right = signatureOf(text, scope, signer);
  const given = Buffer.from(signature, 'hex');
  if (signature.length === right.length * 2 && given.length === right.length && timingSafeEqual(given, right)) return;
  throw new S3Error(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  );
};

/** Milliseconds since 1970 of an instant such as `20260701T120000Z`; NaN for anything else. */
export const compactMillis = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
