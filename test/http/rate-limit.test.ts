import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/deals/door.ts';
import { addDays } from '#shared/core/time.ts';
import { read } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { repOf } from '#test/support/people.ts';

const now = '2026-07-01T12:00:15.000Z';
const body = { websiteUrl: 'https://acme.example', productLine: 'platform' };
const check = (partnerId: string, at = now) =>
  send(handler, { operation: 'check-deal', caller: repOf(partnerId), at, body });
const checkTimes = (partnerId: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => check(partnerId)));

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

describe('when a partner asks whether accounts are free, again and again', () => {
  test('then the answer says how many more are answered', async () => {
    const reply = await check('ptr_a');
    expect(reply).toMatchObject({
      status: 200,
      body: { outcome: 'available' },
      headers: { 'ratelimit-policy': '"check-deal";q=60;w=60', ratelimit: '"check-deal";r=59;t=45' },
    });
    expect((await check('ptr_a')).headers.ratelimit).toBe('"check-deal";r=58;t=45');
  });

  test('then of 70 at once 60 are answered, and the others are told when to try again', async () => {
    const replies = await checkTimes('ptr_b', 70);
    const refused = replies.filter((reply) => reply.status === 429);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(60);
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({
      body: { code: 'rate.limited', limit: 60, windowSeconds: 60, resetSeconds: 45 },
      headers: { 'retry-after': '45', ratelimit: '"check-deal";r=0;t=45' },
    });
  });

  test('then it may ask again in the next minute, and others may all the while', async () => {
    await checkTimes('ptr_c', 60);
    expect((await check('ptr_c', '2026-07-01T12:00:59.999Z')).status).toBe(429);
    expect((await check('ptr_c', '2026-07-01T12:01:00.000Z')).status).toBe(200);
    expect((await check('ptr_d')).status).toBe(200);
  });

  test('then what is faulty is told without being counted', async () => {
    const faulty = {
      operation: 'check-deal',
      caller: repOf('ptr_e'),
      at: now,
      body: { ...body, websiteUrl: 'x' },
    } as const;
    await Promise.all(Array.from({ length: 61 }, () => send(handler, faulty)));
    expect((await check('ptr_e')).headers.ratelimit).toContain('r=59');
  });

  test('then the count forgets itself', async () => {
    await check('ptr_f');
    const window = Math.floor(Date.parse(now) / 60_000);
    const [item] = await read([{ pk: `rate#ptr_f#check-deal#${window}`, sk: 'rate' }]);
    expect(item).toMatchObject({ count: 1, expiresAt: expect.any(Number) });
    expect(Number(item?.expiresAt) * 1000).toBeLessThan(Date.parse(addDays(now, 1)));
  });
});
