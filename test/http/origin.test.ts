import { afterEach, describe, expect, test } from 'vitest';
import { handler as authorizer } from '#functions/authorizer/door.ts';
import type { Answer } from '#functions/http/door.ts';
import { callerOf, type GatewayEvent } from '#functions/http/request.ts';
import { gatewayEvent } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { aDoor, knock } from './a-door.ts';

const current = 'c'.repeat(64);
const previous = 'p'.repeat(64);
const call = { operation: 'register-deal', caller: manager, body: { name: 'Ada' } } as const;

afterEach(() => {
  delete process.env.ORIGIN_SECRETS;
});

const asked: unknown[] = [];
const door = aDoor(async (request): Promise<Answer> => {
  asked.push(request);
  return { status: 201, body: {} };
});
const come = (headers: Record<string, string>) =>
  knock(door, call, (event) => ({ headers: { ...event.headers, ...headers } }));

describe('when there is a distribution in front', () => {
  test.each<readonly [string, Record<string, string>, number]>([
    ['the secret', { 'x-tandem-origin': current }, 201],
    ['the secret before it', { 'x-tandem-origin': previous }, 201],
    ['no secret', {}, 403],
    ['nothing in its place', { 'x-tandem-origin': '' }, 403],
    ['another secret of that length', { 'x-tandem-origin': 'x'.repeat(64) }, 403],
    ['the beginning of the secret', { 'x-tandem-origin': 'c'.repeat(63) }, 403],
    ['both secrets', { 'x-tandem-origin': `${current} ${previous}` }, 403],
    ['as many bytes in fewer letters', { 'x-tandem-origin': 'é'.repeat(32) }, 403],
  ])('then a request with %s is let in or not: %j → %d', async (_, headers, status) => {
    process.env.ORIGIN_SECRETS = `${current} ${previous}`;
    const before = asked.length;
    const reply = await come(headers);
    expect(reply.status).toBe(status);
    expect(asked.length - before).toBe(status === 201 ? 1 : 0);
    if (status === 403) expect(reply.text).toBe('{"message":"Forbidden"}');
  });

  test('then the mark that there is no previous secret opens nothing', async () => {
    process.env.ORIGIN_SECRETS = `${current} none`;
    expect((await come({ 'x-tandem-origin': 'none' })).status).toBe(403);
    expect((await come({ 'x-tandem-origin': current })).status).toBe(201);
  });

  test('then the authorizer lets nobody in who came beside it, whatever token they have', async () => {
    process.env.ORIGIN_SECRETS = `${current} ${previous}`;
    const event = { routeKey: 'POST /v1/partners', headers: {} } as Parameters<typeof authorizer>[0];
    expect(await authorizer(event)).toEqual({ isAuthorized: false, context: {} });
    const shown = { ...event, headers: { 'x-tandem-origin': current } };
    expect(await authorizer(shown)).toEqual({ isAuthorized: true, context: {} });
  });

  test('then strangers are told apart by their own address, not by that of the distribution', () => {
    const stranger = (headers: Record<string, string>): string => {
      const event = gatewayEvent({ operation: 'get-program', at: '2026-07-01T12:00:00.000Z', headers });
      return callerOf(event as GatewayEvent).id;
    };
    const beside = stranger({ 'x-tandem-viewer': '198.51.100.7' });
    expect(stranger({})).toBe(beside);
    process.env.ORIGIN_SECRETS = `${current} ${previous}`;
    const [one, other] = [
      stranger({ 'x-tandem-viewer': '198.51.100.7' }),
      stranger({ 'x-tandem-viewer': '2001:db8::1' }),
    ];
    expect(new Set([beside, one, other]).size).toBe(3);
  });
});

test('when there is none, as on the laptop, then nobody has to show anything', async () => {
  expect((await come({})).status).toBe(201);
  process.env.ORIGIN_SECRETS = '';
  expect((await come({})).status).toBe(201);
});
