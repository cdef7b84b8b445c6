import { afterEach, describe, expect, test } from 'vitest';
import { rateClasses, rateClassOf } from '#functions/http/rate-classes.ts';
import { createTokenBuckets } from '#functions/http/token-buckets.ts';
import { DomainError } from '#shared/core/errors.ts';
import { requestsOf } from '#test/support/count-requests.ts';
import { manager, repOf } from '#test/support/people.ts';
import { aDoor, knock, ok } from './a-door.ts';

const stranger = { kind: 'anonymous', id: 'anonymous:x' } as const;
const start = Date.parse('2026-07-01T12:00:00.000Z');
const { reads, writes } = rateClasses;

afterEach(() => {
  delete process.env.RATE_LIMITS;
});

test.each([
  ['what anyone reads', 'GET', stranger, 'reads'],
  ['what a partner reads', 'GET', repOf('ptr_a'), 'reads'],
  ['what staff writes', 'PATCH', manager, 'writes'],
  ['what a partner writes', 'POST', repOf('ptr_a'), 'writes'],
  ['what a stranger sends', 'POST', stranger, 'applications'],
] as const)('%s is counted with its like', (_, method, caller, expected) => {
  expect(rateClassOf(method, caller)).toBe(expected);
});

/** How many of so many requests at one instant come through. */
const through = (take: ReturnType<typeof createTokenBuckets>, caller: string, times: number, at: number): number => {
  let passed = 0;
  for (let n = 0; n < times; n += 1) {
    try {
      take('reads', caller, at);
      passed += 1;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return passed;
};

describe('a bucket', () => {
  test('gives a whole window at once, then only what has come back since', () => {
    const take = createTokenBuckets(10);
    expect(through(take, 'a', reads.limit + 50, start)).toBe(reads.limit);
    expect(through(take, 'a', 50, start + 1000)).toBe(reads.limit / reads.windowSeconds);
    expect(through(take, 'a', reads.limit + 50, start + 3_600_000)).toBe(reads.limit);
  });

  test('is nobody else’s, nor of another class', () => {
    const take = createTokenBuckets(10);
    through(take, 'a', reads.limit + 1, start);
    expect(through(take, 'b', 1, start)).toBe(1);
    expect(() => take('writes', 'a', start)).not.toThrow();
  });

  test('gives nothing back when requests come out of order', () => {
    const take = createTokenBuckets(10);
    through(take, 'a', reads.limit, start);
    expect(through(take, 'a', 1, start - 60_000)).toBe(0);
    expect(through(take, 'a', 1, start)).toBe(0);
  });

  test('is forgotten when too many others were used since, and memory stays bounded', () => {
    const take = createTokenBuckets(2);
    through(take, 'a', reads.limit, start);
    for (const other of ['b', 'c']) take('reads', other, start);
    expect(through(take, 'a', 1, start)).toBe(1);
  });
});

describe('when a caller floods a door', () => {
  const body = { name: 'Acme' };
  const asOften = (times: number, caller = repOf('ptr_flood')) =>
    Promise.all(Array.from({ length: times }, () => knock(aDoor(ok), { operation: 'register-deal', caller, body })));

  test('then what is too much is refused before anything is read or written, and told when to come back', async () => {
    process.env.RATE_LIMITS = 'on';
    const { result: replies, requests } = await requestsOf(() => asOften(writes.limit + 5));
    const refused = replies.filter(({ status }) => status === 429);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(writes.limit);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({
      body: { code: 'rate.limited', status: 429, operation: 'writes', limit: 600, windowSeconds: 60, resetSeconds: 1 },
      headers: {
        'content-type': 'application/problem+json',
        'retry-after': '1',
        ratelimit: '"writes";r=0;t=1',
        'ratelimit-policy': '"writes";q=600;w=60',
      },
    });
    expect(requests).toEqual([]);
  });

  test('then others are answered all the same', async () => {
    process.env.RATE_LIMITS = 'on';
    const other = { operation: 'register-deal', caller: repOf('ptr_calm'), body } as const;
    expect((await knock(aDoor(ok), other)).status).toBe(200);
  });

  test('then more people and machines of one partner are no more than two callers, whoever they are', async () => {
    process.env.RATE_LIMITS = 'on';
    for (const id of ['key_one', 'key_two']) {
      const replies = await asOften(writes.limit, { ...repOf('ptr_many'), id });
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(writes.limit);
    }
    const [third] = await asOften(1, { ...repOf('ptr_many'), id: 'key_three' });
    expect(third).toMatchObject({
      status: 429,
      body: { code: 'rate.limited', operation: 'partner-writes', limit: 1200 },
      headers: { 'retry-after': '1', ratelimit: '"partner-writes";r=0;t=1' },
    });
    // Staff belongs to no partner.
    const [staff] = await asOften(1, manager);
    expect(staff?.status).toBe(200);
  });

  test('then nobody is refused where the deployment does not ask for limits', async () => {
    expect((await asOften(writes.limit + 5)).filter(({ status }) => status === 429)).toEqual([]);
  });
});
