import { expect, test } from 'vitest';
import { measureSize } from '#bench/size.ts';

test('when bundles are measured, then the largest behind a door is at most 1.6 times that of the bare SDK', async () => {
  const { figures, details } = await measureSize();
  expect(figures).toMatchObject([{ must: 1.6 }]);
  expect(figures[0]?.value).toBeLessThanOrEqual(1.6);
  expect(details.filter(({ kind }) => kind === 'door').length).toBeGreaterThan(6);
});
