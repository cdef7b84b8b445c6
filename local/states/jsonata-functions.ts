import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import type { Json } from './json.ts';

/** AWS leaves `$eval` out of its JSONata and offers `$parse` instead. */
export const refusedFunctions = ['eval'] as const;

const hashNames: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function hash(text: string, algorithm: string): string {
  const name = hashNames[algorithm];
  if (!name) throw new Error(`$hash knows ${Object.keys(hashNames).join(', ')}, not '${algorithm}'.`);
  return createHash(name).update(text).digest('hex');
}

function partition(items: Json[], size: number): Json[][] {
  if (!(size >= 1)) throw new Error('$partition needs a size of at least 1.');
  const step = Math.floor(size);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, part) =>
    items.slice(part * step, (part + 1) * step),
  );
}

/** Both ends belong to it, as in AWS: `$range(1, 5, 2)` is 1, 3, 5; at most 1,000 items. */
function range(first: number, last: number, step: number): number[] {
  if (!step) throw new Error('$range needs a step other than 0.');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > 1000) throw new Error('$range makes at most 1,000 items.');
  return Array.from({ length }, (_, index) => first + index * step);
}

/** A number in [0, 1) that is the same for the same seed (mulberry32); AWS promises sameness, not which number. */
function seeded(seed: number): number {
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const formatted = jsonata('$fromMillis($at, $picture, $zone)');

/**
 * The functions that AWS adds to JSONata, and those of JSONata that tell the time: they go by the engine's clock,
 * so that a machine sees the same 90 days pass as everybody else.
 */
export const awsFunctions = (world: { now: number; random: () => number }) => ({
  uuid: () => randomUUID(),
  hash,
  random: (seed?: number) => (seed === undefined ? world.random() : seeded(seed)),
  range,
  partition,
  parse: (text: string): Json => JSON.parse(text),
  millis: () => world.now,
  now: (picture?: string, zone?: string) => formatted.evaluate(undefined, { at: world.now, picture, zone }),
});
