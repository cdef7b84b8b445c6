import { beforeEach, describe, expect, test } from 'vitest';
import { seal, unseal } from '#shared/platform/sealing.ts';

beforeEach(() => {
  process.env.PAYEE_SECRET = 'one';
});

const about = ['payee', 'ptr_1', 1] as const;
const opened =
  (sealed: string, of: readonly (string | number)[] = about) =>
  () =>
    unseal(sealed, of);

describe('when a value is sealed', () => {
  test('then it comes back, and looks different each time', () => {
    const [a, b] = [seal({ iban: 'DE89' }, about), seal({ iban: 'DE89' }, about)];
    expect(unseal(a, about)).toEqual({ iban: 'DE89' });
    expect(a).not.toBe(b);
    expect(Buffer.from(a, 'base64').toString('latin1')).not.toContain('DE89');
  });

  test.each([
    ['another partner', ['payee', 'ptr_2', 1]],
    ['another version', ['payee', 'ptr_1', 2]],
  ])('then it cannot be moved to %s', (_, other) => {
    expect(opened(seal('x', about), other)).toThrow();
  });

  test('then no bit of it can be changed', () => {
    const bytes = Buffer.from(seal('x', about), 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const forged = Buffer.from(bytes);
      forged[index] = (forged[index] ?? 0) ^ 1;
      expect(opened(forged.toString('base64'))).toThrow();
    }
    expect(opened(bytes.subarray(0, 20).toString('base64'))).toThrow();
  });

  test('then another key does not open it', () => {
    const sealed = seal('x', about);
    process.env.PAYEE_SECRET = 'two';
    expect(opened(sealed)).toThrow();
  });
});
