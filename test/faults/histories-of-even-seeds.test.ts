import { beforeAll, expect, test } from 'vitest';
import { prepare } from './environment.ts';
import { playHalf } from './many-histories.ts';

beforeAll(prepare);

test('when eleven people and all workers meet faults in more than a fifth of their requests, then every invariant holds', async () => {
  const { failed, share } = await playHalf(0);
  expect(failed).toEqual([]);
  expect(share).toBeGreaterThan(0.2);
}, 86_400_000);
