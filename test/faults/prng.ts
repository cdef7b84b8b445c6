/** Chance that can be had again: the same seed gives the same numbers. */
export interface Prng {
  /** From 0 up to, but not, 1. */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** A whole number from 0 up to, but not, `below`. */
  readonly int: (below: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <const List extends readonly unknown[]>(list: List) => List[number];
}

/** Mulberry32, by Tommy Ettinger: small, fast, and good enough to choose faults with. */
export const prngOf = (seed: number): Prng => {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(list.length)],
  };
};
