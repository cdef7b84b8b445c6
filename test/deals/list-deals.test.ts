import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '#shared/core/caller.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { adminOf, manager, otherManager, repOf } from '#test/support/people.ts';
import { aRegistration } from './a-deal.ts';
import { call, freshCustomer, freshPartner, large, now, outcomeOf, register, small } from './at-the-deals-door.ts';

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly partnerId: string;
}

/** Every page of a list, one after another. */
const pagesOf = async (
  caller: Caller,
  query: Record<string, string> = {},
  at = now,
): Promise<readonly (readonly Listed[])[]> => {
  const pages: (readonly Listed[])[] = [];
  let cursor: string | null = '';
  while (cursor !== null && pages.length < 200) {
    const { body } = await call('list-deals', { caller, at, query: { ...query, ...(cursor ? { cursor } : {}) } });
    pages.push(body.data as readonly Listed[]);
    cursor = body.nextCursor as string | null;
  }
  return pages;
};
const idsOf = (deals: readonly Listed[]): readonly string[] => deals.map(({ id }) => id);

let busy = '';
let other = '';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  // 130 deals of one partner without a limit: every third waits, the others are approved; five share each millisecond.
  [busy, other] = [await freshPartner({ tier: 'platinum' }), await freshPartner()];
  const all = Array.from({ length: 130 }, (_, n) => n);
  for (let start = 0; start < all.length; start += 26) {
    const some = all.slice(start, start + 26);
    await Promise.all(
      some.map((n) =>
        register(busy, { value: n % 3 === 0 ? large : small }, { at: instant(millis(now) - 1000 + Math.floor(n / 5)) }),
      ),
    );
  }
  for (let n = 0; n < 12; n += 1) await register(other, { value: small });
});

const readers: readonly (readonly [label: string, caller: () => Caller, more: () => Record<string, string>])[] = [
  ['the partner itself', () => repOf(busy), () => ({})],
  ['staff that asks for the partner', () => manager, () => ({ partnerId: busy })],
];

describe.each(readers)('when %s lists 130 deals', (_label, caller, more) => {
  test.each([1, 7, 25, 26, 65, 100])(
    'then pages of %i hold each once, newest first, and the last page is the end',
    async (limit) => {
      const pages = await pagesOf(caller(), { ...more(), limit: String(limit) });
      const deals = pages.flat();
      expect(deals).toHaveLength(130);
      expect(new Set(idsOf(deals)).size).toBe(130);
      expect(deals.map(({ createdAt }) => createdAt)).toEqual(
        deals
          .map(({ createdAt }) => createdAt)
          .sort()
          .reverse(),
      );
      expect(pages.map((page) => page.length)).toEqual([
        ...Array.from({ length: Math.ceil(130 / limit) - 1 }, () => limit),
        130 % limit || limit,
      ]);
    },
  );

  test.each([
    ['submitted', 44],
    ['approved', 86],
    ['won', 0],
  ])('then the %s ones are %i', async (status, count) => {
    const deals = (await pagesOf(caller(), { ...more(), status, limit: '10' })).flat();
    expect(deals).toHaveLength(count);
    expect(new Set(idsOf(deals)).size).toBe(count);
    expect(deals.filter((deal) => deal.status !== status)).toEqual([]);
  });
});

describe('when staff list the deals of everybody', () => {
  test.each([7, 50, 100])('then pages of %i hold each once', async (limit) => {
    const deals = (await pagesOf(manager, { limit: String(limit) })).flat();
    expect([deals.length, new Set(idsOf(deals)).size]).toEqual([142, 142]);
  });

  test('then of one status the newest come first', async () => {
    const deals = (await pagesOf(manager, { status: 'submitted', limit: '7' })).flat();
    expect(deals).toHaveLength(44);
    expect(deals.map(({ createdAt }) => createdAt)).toEqual(
      deals
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
  });

  test('then what is registered between two pages neither hides nor repeats anything', async () => {
    const first = await call('list-deals', { caller: repOf(busy), query: { limit: '100' }, at: now });
    await register(other, { value: small }, { at: addDays(now, 1) });
    const query = { limit: '100', cursor: String(first.body.nextCursor) };
    const second = await call('list-deals', { caller: repOf(busy), query, at: now });
    const deals = [...(first.body.data as Listed[]), ...(second.body.data as Listed[])];
    expect(new Set(idsOf(deals)).size).toBe(130);
  });
});

describe('when a partner lists deals', () => {
  test('then only its own are there', async () => {
    const deals = (await pagesOf(adminOf(other))).flat();
    expect(new Set(deals.map(({ partnerId }) => partnerId))).toEqual(new Set([other]));
  });

  test('then it may name itself, and nobody else, there or not', async () => {
    const ask = async (partnerId: string) =>
      outcomeOf(await call('list-deals', { caller: repOf(other), query: { partnerId } }));
    expect([await ask(other), await ask(busy), await ask('ptr_none')]).toEqual([
      '200 undefined',
      '404 not_found',
      '404 not_found',
    ]);
  });

  test('then one that has ended by its time is no longer among the approved ones', async () => {
    const partnerId = await freshPartner();
    await call('register-deal', {
      caller: repOf(partnerId),
      body: aRegistration({ customer: freshCustomer(), value: small }),
    });
    const listed = async (query: Record<string, string>) =>
      (await pagesOf(repOf(partnerId), query, addDays(now, 90))).flat().map(({ status }) => status);
    expect([await listed({}), await listed({ status: 'approved' })]).toEqual([['expired'], []]);
  });
});

describe('when a cursor is brought', () => {
  const cursorOf = async (caller: Caller, query: Record<string, string> = {}): Promise<string> =>
    String((await call('list-deals', { caller, query: { ...query, limit: '5' } })).body.nextCursor);
  const bring = async (caller: Caller, query: Record<string, string>) =>
    outcomeOf(await call('list-deals', { caller, query }));
  const refused = '400 request.invalid';

  test('then it is good for whom it was made for, with another page size too', async () => {
    const cursor = await cursorOf(manager, { status: 'approved' });
    expect(await bring(manager, { status: 'approved', cursor, limit: '50' })).toBe('200 undefined');
  });

  test('then it is good for nobody else, and for no other filter', async () => {
    const cursor = await cursorOf(manager, { status: 'approved' });
    expect([
      await bring(otherManager, { status: 'approved', cursor }),
      await bring(manager, { status: 'submitted', cursor }),
      await bring(manager, { cursor }),
      await bring(manager, { status: 'approved', partnerId: busy, cursor }),
      await bring(repOf(busy), { status: 'approved', cursor }),
    ]).toEqual([refused, refused, refused, refused, refused]);
  });

  test.each(['x', 'AAAA', '%', 'a'.repeat(1000)])(
    'then %s, which we never made, is refused by its place',
    async (cursor) => {
      const { status, body } = await call('list-deals', { caller: manager, query: { cursor } });
      expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ pointer: '#/query/cursor' }] });
    },
  );

  test('then one with a changed position is refused', async () => {
    const bytes = Buffer.from(await cursorOf(manager), 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await bring(manager, { cursor: bytes.toString('base64url') })).toBe(refused);
  });
});
