import { gzipSync } from 'node:zlib';
import { DomainError } from '#shared/core/errors.ts';

/** A function answers with 6 MB at most, as JSON, in which quotes take two places. */
const mostPlainBytes = 5_000_000;

const takesGzip = (acceptEncoding: string): boolean => acceptEncoding === '' || /gzip|\*/i.test(acceptEncoding);

interface Packed {
  readonly data: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file as it can be sent: what is too large for that is packed on the way. Throws `payout_run.file_too_large`. */
export const packedFile = (text: string, acceptEncoding: string): Packed => {
  if (Buffer.byteLength(text) <= mostPlainBytes) return { data: text, headers: {} };
  if (takesGzip(acceptEncoding)) return { data: gzipSync(text), headers: { 'content-encoding': 'gzip' } };
  const message = 'The file is too large to be sent as it is: accept the encoding gzip.';
  throw new DomainError('rule', 'payout_run.file_too_large', message);
};
