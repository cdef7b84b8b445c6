import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { setting } from './config.ts';

/**
 * Values that not even a reader of the table may see: AES-256-GCM under a key that only some functions are told. What they belong to
 * is sealed with them, so that a value that was moved to another thing, or to another version of it, cannot be opened.
 */
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Stands in front, so that another key or another way can come later. */
const first = 1;

const key = (): Buffer => Buffer.from(hkdfSync('sha256', setting('PAYEE_SECRET'), '', 'tandem payee', 32));

const aboutBytes = (about: readonly (string | number)[]): Buffer => Buffer.from(JSON.stringify(about));

export const seal = (value: unknown, about: readonly (string | number)[]): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key(), nonce).setAAD(aboutBytes(about));
  const body = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return Buffer.concat([Buffer.of(first), nonce, cipher.getAuthTag(), body]).toString('base64');
};

/** Throws when it was sealed under another key, belongs to something else, or was changed. */
export const unseal = (sealed: string, about: readonly (string | number)[]): unknown => {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes[0] !== first) throw new Error('This was sealed in a way that is not known here.');
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, key(), nonce, { authTagLength: tagBytes })
    .setAAD(aboutBytes(about))
    .setAuthTag(tag);
  const body = decipher.update(bytes.subarray(1 + nonceBytes + tagBytes));
  return JSON.parse(Buffer.concat([body, decipher.final()]).toString());
};
