import { afterEach, describe, expect, test, vi } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { log } from '#shared/platform/logger.ts';
import { manager, repOf } from '#test/support/people.ts';
import { aDoor, knock, ok } from './a-door.ts';

const patch = { operation: 'update-deal', caller: manager, params: { dealId: 'deal_1' } } as const;
const secret = 'ada@acme.example';
const body = { name: secret };

/** What the functions write to their log while `work` runs, line by line. */
const logOf = async (work: () => Promise<unknown>): Promise<readonly Record<string, unknown>[]> => {
  const lines: string[] = [];
  log.setLogLevel('INFO');
  const write = (line: string | Uint8Array): boolean => lines.push(String(line)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  await work();
  vi.restoreAllMocks();
  return lines.map((line) => JSON.parse(line));
};

afterEach(() => {
  vi.restoreAllMocks();
});

const refusing = aDoor(async () => {
  throw new DomainError('rule', 'deal.below_minimum', 'In words.', {
    errors: [{ pointer: '#/v', code: 'c', detail: 'd' }],
  });
});
const broken = aDoor(async () => {
  throw new Error(`no such table as tandem-prod in account 123456789012`);
});

describe('when an operation answers', () => {
  test('then version, replay and request id stand in the headers, and nothing may be kept', async () => {
    const answering = aDoor(async () => ({ status: 201, body, version: 7, replayed: true }));
    const reply = await knock(answering, { ...patch, body }, (event) => ({
      requestContext: { ...event.requestContext, requestId: 'request-1' },
    }));
    expect(reply).toMatchObject({
      status: 201,
      body,
      headers: {
        etag: '"7"',
        'idempotency-replayed': 'true',
        'x-request-id': 'request-1',
        'content-type': 'application/json',
        'cache-control': 'no-store',
      },
    });
  });

  test('then bytes come back as they were, under their own media type', async () => {
    const data = new Uint8Array([0, 255, 10]);
    const reply = await knock(
      aDoor(async () => ({ status: 200, content: { type: 'application/pdf', data } })),
      {
        ...patch,
        body,
      },
    );
    expect(reply.headers['content-type']).toBe('application/pdf');
    expect([...Buffer.from(reply.text, 'base64')]).toEqual([...data]);
  });

  test('then a page may bring a policy of its own', async () => {
    const headers = { 'content-security-policy': "default-src 'self'" };
    const page = aDoor(async () => ({ status: 200, content: { type: 'text/html', data: '<p>' }, headers }));
    expect((await knock(page, { ...patch, body })).headers).toMatchObject(headers);
  });

  test('then an answer without a body has no content type', async () => {
    const reply = await knock(
      aDoor(async () => ({ status: 204 })),
      { ...patch, body },
    );
    expect(reply).toMatchObject({ status: 204, text: '' });
    expect(reply.headers).not.toHaveProperty('content-type');
  });
});

describe.each([
  ['success', aDoor(ok), 200],
  ['a refusal', refusing, 422],
  ['a bug', broken, 500],
] as const)('when the outcome is %s', (_label, door, status) => {
  test('then the security headers are there', async () => {
    let reply: Awaited<ReturnType<typeof knock>> | undefined;
    await logOf(async () => {
      reply = await knock(door, { ...patch, body });
    });
    expect(reply).toMatchObject({
      status,
      headers: {
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
        'x-request-id': expect.any(String),
      },
    });
  });

  test('then one line is logged, with ids and without anything personal', async () => {
    const lines = await logOf(() => knock(door, { ...patch, caller: repOf('ptr_1'), body }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      message: 'request',
      status,
      route: 'PATCH /v1/deals/{dealId}',
      callerKind: 'user',
      caller: 'usr_rep_ptr_1',
      partnerId: 'ptr_1',
      requestId: expect.any(String),
    });
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain('192.0.2.1');
  });
});

describe('when something unexpected is thrown', () => {
  test('then the answer says nothing but that, and the log says what', async () => {
    let text = '';
    const [line] = await logOf(async () => {
      const reply = await knock(broken, { ...patch, body });
      expect(reply).toMatchObject({
        status: 500,
        body: { code: 'internal', type: expect.stringMatching(/\/internal$/) },
      });
      text = reply.text;
    });
    for (const word of ['tandem-prod', '123456789012', 'Error', 'stack', 'at ']) expect(text).not.toContain(word);
    expect(line).toMatchObject({ level: 'ERROR', error: { message: expect.stringContaining('tandem-prod') } });
  });

  test('then something that is no Error is a bug all the same', async () => {
    await logOf(async () => {
      const reply = await knock(
        aDoor(async () => {
          throw null;
        }),
        { ...patch, body },
      );
      expect(reply).toMatchObject({ status: 500, body: { code: 'internal' } });
    });
  });
});

describe('when an operation refuses', () => {
  test('then the answer is a problem document of RFC 9457', async () => {
    const reply = await knock(refusing, { ...patch, body });
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.body).toEqual({
      type: 'https://tandem.dev/problems/deal.below_minimum',
      title: 'A rule does not allow it',
      status: 422,
      detail: 'In words.',
      code: 'deal.below_minimum',
      requestId: reply.headers['x-request-id'],
      errors: [{ pointer: '#/v', code: 'c', detail: 'd' }],
    });
  });
});

describe("when a route is not this door's", () => {
  test('then there is no such thing', async () => {
    const reply = await knock(aDoor(ok), { ...patch, body }, () => ({ routeKey: 'GET /v1/partners' }));
    expect(reply).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
