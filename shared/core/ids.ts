import { createHash } from 'node:crypto';
import { ulid } from 'ulid';

/** Ids carry their type. */
export type IdPrefix = 'ptr' | 'deal' | 'apr' | 'usr' | 'key' | 'evt' | 'acc';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const base32 = (bytes: Uint8Array): string => {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += crockford[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + crockford[(value << (5 - bits)) & 31] : text;
};

/** A short, stable name for a list of texts: the first 128 bits of their SHA-256, as 26 characters. */
export const fingerprint = (...parts: readonly string[]): string =>
  base32(createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16));

/** A new sortable id. `nowMs` is the event's time, in milliseconds. */
export const newId = (prefix: IdPrefix, nowMs: number): string => `${prefix}_${ulid(nowMs)}`;

/** The id of what is made from these parts: the same parts give the same id, so a repeat meets its own first try. */
export const derivedId = (prefix: IdPrefix, ...parts: readonly string[]): string =>
  `${prefix}_${fingerprint(prefix, ...parts)}`;

/** Spreads index keys over eight partitions. */
export const shardOf = (id: string): number => (createHash('sha256').update(id).digest()[0] ?? 0) % 8;
