import { beforeAll, expect, test } from 'vitest';
import { prepare } from './environment.ts';
import { playHalf } from './many-histories.ts';
import { plots } from './plots.ts';

beforeAll(prepare);

test.each(plots)(
  'when eleven people and all workers meet faults in more than a fifth of their requests about %s, then every invariant holds',
  async (plot) => {
    const { failed, share } = await playHalf(1, plot);
    expect(failed).toEqual([]);
    expect(share).toBeGreaterThan(0.2);
  },
  86_400_000,
);
