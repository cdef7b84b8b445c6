import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reference } from '../../docs/reference.ts';

test('docs/reference.md says what the code says; `node docs/reference.ts` writes it anew', async () => {
  expect(readFileSync('docs/reference.md', 'utf8')).toBe(await reference());
});
