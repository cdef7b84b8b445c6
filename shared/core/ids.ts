import { createHash } from 'node:crypto';

/** Ids carry their type. */
export type IdPrefix =
  | 'ptr'
  | 'deal'
  | 'apr'
  | 'usr'
  | 'key'
  | 'acc'
  | 'bud'
  | 'mdr'
  | 'clm'
  | 'doc'
  | 'ern'
  | 'jrn'
  | 'run'
  | 'pay'
  | 'fct'
  | 'fcb'
  | 'scr'
  | 'hlt'
  | 'asm'
  | 'scd'
  | 'spl';

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

/**
 * The id of what is made from these parts: the same parts give the same id, so a repeat meets its own first try. Users' ids are in
 * small letters, because they are names in a user pool that does not tell capitals from small letters.
 */
export const derivedId = (prefix: IdPrefix, ...parts: readonly string[]): string => {
  const id = `${prefix}_${fingerprint(prefix, ...parts)}`;
  return prefix === 'usr' ? id.toLowerCase() : id;
};

/** Spreads index keys over eight partitions. */
export const shardOf = (id: string): number => (createHash('sha256').update(id).digest()[0] ?? 0) % 8;
