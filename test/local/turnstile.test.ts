import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { createGateway } from '#local/gateway/gateway.ts';
import { createTurnstile } from '#local/gateway/turnstile.ts';
import { listen } from '#local/listen.ts';

describe('room for invocations', () => {
  const reservedFor = (functionArn: string): number | undefined => (functionArn === 'own' ? 1 : undefined);

  test('when all is taken, then nobody gets in until one leaves', () => {
    const enter = createTurnstile({ reservedFor, shared: 2 });
    const leave = enter('a');
    expect(enter('b')).toBeDefined();
    expect(enter('a')).toBeUndefined();
    leave?.();
    expect(enter('c')).toBeDefined();
    expect(enter('a')).toBeUndefined();
  });

  test('when a function has room of its own, then it takes none from others, nor they from it', () => {
    const enter = createTurnstile({ reservedFor, shared: 1 });
    expect(enter('a')).toBeDefined();
    expect(enter('own')).toBeDefined();
    expect(enter('own')).toBeUndefined();
    expect(enter('a')).toBeUndefined();
  });
});

const held: (() => void)[] = [];
const serve = createGateway({
  routes: [{ method: 'GET', path: '/slow', functionArn: 'slow' }],
  invoke: async () => {
    await new Promise<void>((resolve) => held.push(resolve));
    return { statusCode: 200 };
  },
  now: () => 0,
  reservedFor: () => 1,
});
const server = createServer((message, response) => void serve(message, response));
const url = `http://127.0.0.1:${await listen(server, 0)}/slow`;
afterAll(() => void server.close());

test('when more ask than may run at once, then the rest is told to come back, in the gateway’s own words', async () => {
  const inside = fetch(url);
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const outside = await fetch(url);
  expect([outside.status, outside.headers.get('retry-after'), await outside.json()]).toEqual([
    503,
    '1',
    { message: 'Service Unavailable' },
  ]);
  held[0]?.();
  expect((await inside).status).toBe(200);
  const next = fetch(url);
  while (held.length === 1) await new Promise((resolve) => setTimeout(resolve, 1));
  held[1]?.();
  expect((await next).status).toBe(200);
});
