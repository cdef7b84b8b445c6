import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { deriveSecret, makeCursor, readCursor } from '#shared/platform/cursor.ts';

const scope = { callerId: 'usr_1', operation: 'list-deals', filter: { status: 'open', partnerId: undefined } };

beforeAll(() => {
  process.env.CURSOR_SECRET = 'secret';
});

const isRefused = (cursor: string, of = scope): boolean => {
  try {
    readCursor(cursor, of);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'request.invalid', details: { errors: [{ pointer: '#/query/cursor' }] } });
    return true;
  }
};

describe('when a list goes on', () => {
  test('then any position comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (position) => {
        expect(readCursor(makeCursor(position, scope), scope)).toBe(position);
      }),
    );
  });

  test('then a cursor is made of letters that need no escaping in an address', () => {
    const cursor = makeCursor('approved#2026-07-01T12:00:00.000Z#deal_1', scope);
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  const others: readonly (readonly [label: string, of: typeof scope])[] = [
    ['another caller', { ...scope, callerId: 'usr_2' }],
    ['another list', { ...scope, operation: 'list-partners' }],
    ['another filter', { ...scope, filter: { status: 'shut', partnerId: undefined } }],
  ];
  test.each(others)('then for %s it is refused', (_label, of) => {
    expect(isRefused(makeCursor('here', scope), of)).toBe(true);
  });

  test('then the order of a filter’s names does not matter', () => {
    const filter = { partnerId: undefined, status: 'open' };
    expect(readCursor(makeCursor('here', scope), { ...scope, filter })).toBe('here');
  });

  test('then no byte of it can be changed', () => {
    const bytes = Buffer.from(makeCursor('approved#deal_1', scope), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const bent = Buffer.from(bytes);
      bent[index] = (bent[index] ?? 0) ^ 1;
      expect(isRefused(bent.toString('base64url'))).toBe(true);
    }
  });

  test('then what somebody made up is refused', () => {
    fc.assert(fc.property(fc.string(), (text) => isRefused(text)));
  });

  test('then another deployment’s is refused', () => {
    const cursor = makeCursor('here', scope);
    process.env.CURSOR_SECRET = 'another';
    expect(isRefused(cursor)).toBe(true);
    process.env.CURSOR_SECRET = 'secret';
  });
});

describe('when a secret is derived', () => {
  test('then the same parts give the same one, and others another', () => {
    const secrets = [deriveSecret('a', 'b'), deriveSecret('a', 'b'), deriveSecret('ab'), deriveSecret('b', 'a')];
    expect(secrets[0]).toBe(secrets[1]);
    expect(new Set(secrets).size).toBe(3);
  });
});
