import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notImplemented, S3Error } from './s3-error.ts';
import { sha256Hex } from './signing-key.ts';

const crc32Of = (bytes: Uint8Array): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
};

/** The checksums that are known here, as they stand in headers. */
const sums: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'x-amz-checksum-sha256': (bytes) => createHash('sha256').update(bytes).digest('base64'),
  'x-amz-checksum-sha1': (bytes) => createHash('sha1').update(bytes).digest('base64'),
  'x-amz-checksum-crc32': crc32Of,
};

const asked = (name: string): string => `x-amz-checksum-${name.toLowerCase()}`;

/** The checksums to keep with these bytes: those that came with them, which must be right, and the one that was asked for. */
export const checkedSums = (
  given: Readonly<Record<string, string | undefined>>,
  bytes: Uint8Array,
): Readonly<Record<string, string>> => {
  const md5 = given['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('base64')) {
    throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const wanted = given['x-amz-checksum-algorithm'] ?? given['x-amz-sdk-checksum-algorithm'];
  const names = Object.keys(given).filter((name) => /^x-amz-checksum-(?!algorithm|mode|type)/.test(name));
  const all = new Set([...names, ...(wanted === undefined ? [] : [asked(wanted)])]);
  return Object.fromEntries(
    [...all].map((name) => {
      const sum = sums[name]?.(bytes);
      if (sum === undefined) throw notImplemented(name);
      if (given[name] !== undefined && given[name] !== sum) {
        const kind = name.slice('x-amz-checksum-'.length).toUpperCase();
        throw new S3Error(400, 'BadDigest', `The ${kind} you specified did not match the calculated checksum.`);
      }
      return [name, sum];
    }),
  );
};

/** Throws when the bytes are not those that were signed. */
export const mustBePayload = (signed: string | undefined, bytes: Uint8Array): void => {
  if (signed === undefined || signed === 'UNSIGNED-PAYLOAD') return;
  if (signed.startsWith('STREAMING-')) throw notImplemented(`bodies in signed chunks (${signed})`);
  if (signed === sha256Hex(bytes)) return;
  throw new S3Error(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
};
