import { describe, expect, test } from 'vitest';
import { callerOf, type GatewayEvent } from '#functions/http/request.ts';
import { gatewayEvent } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { aDoor, knock, ok } from './a-door.ts';

const patch = { operation: 'update-deal', caller: manager, params: { dealId: 'deal_1' } } as const;
const json = { 'content-type': 'application/json' };
const base64 = (bytes: Uint8Array | string): object => ({
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});
const nested = (depth: number): string => `{"name":"Acme","anything":${'['.repeat(depth)}${']'.repeat(depth)}}`;

type Bend = (event: GatewayEvent) => object;
const rows: readonly [label: string, bend: Bend, status: number, code: string | undefined][] = [
  [
    'a charset beside the media type',
    () => ({ headers: { 'content-type': 'Application/JSON; charset=UTF-8' } }),
    200,
    undefined,
  ],
  ['a body in base64', () => base64('{"name":"Acme"}'), 200, undefined],
  ['a weak ETag', (event) => ({ headers: { ...event.headers, 'if-match': 'W/"3"' } }), 200, undefined],
  ['no headers at all', () => ({ headers: undefined }), 415, 'request.unsupported_media_type'],
  ['no body at all', () => ({ body: undefined }), 400, 'request.malformed'],
  ['bytes that are no UTF-8', () => base64(Buffer.from('{"name":"\xff\xfe"}', 'latin1')), 400, 'request.malformed'],
  ['a byte order mark', () => ({ body: '\ufeff{"name":"Acme"}' }), 400, 'request.malformed'],
  ['something after the JSON', () => ({ body: '{"name":"Acme"} {}' }), 400, 'request.malformed'],
  ['a name that stands twice', () => ({ body: '{"name":"Acme","name":"Apex"}' }), 400, 'request.malformed'],
  [
    'a name that stands twice, once escaped',
    () => ({ body: '{"name":"Acme","n\\u0061me":"Apex"}' }),
    400,
    'request.malformed',
  ],
  [
    'one name in two objects',
    () => ({ body: '{"name":"Acme","anything":[{"name":1},{"name":"name"}]}' }),
    200,
    undefined,
  ],
  [
    'braces, quotes and colons inside a text',
    () => ({ body: '{"name":"{\\"a\\":1,\\"a\\":[","anything":"\\\\"}' }),
    200,
    undefined,
  ],
  ['half of a character', () => ({ body: '{"name":"Acme \\ud800"}' }), 400, 'request.malformed'],
  [
    'half of a character in a name',
    () => ({ body: '{"name":"Acme","anything":{"\\udc00":1}}' }),
    400,
    'request.malformed',
  ],
  ['a whole character in two halves', () => ({ body: '{"name":"Acme \\ud83d\\ude00"}' }), 200, undefined],
  ['nesting that is still readable', () => ({ body: nested(31) }), 200, undefined],
  ['nesting one level too deep', () => ({ body: nested(32) }), 400, 'request.malformed'],
  ['nesting of 100,000 levels', () => ({ body: nested(100_000) }), 400, 'request.malformed'],
  ['a long text of backslashes', () => ({ body: `{"name":"${'\\\\'.repeat(100_000)}"}` }), 200, undefined],
  ['__proto__ as a field', () => ({ body: '{"name":"Acme","__proto__":{"admin":true}}' }), 400, 'request.invalid'],
  [
    '__proto__ deeper down',
    () => ({ body: '{"name":"Acme","size":{"in/out~":1,"__proto__":1}}' }),
    400,
    'request.invalid',
  ],
  [
    '__proto__ in the query',
    () => ({ queryStringParameters: JSON.parse('{"__proto__":"x"}') }),
    400,
    'request.invalid',
  ],
  ['constructor as a field', () => ({ body: '{"name":"Acme","constructor":{}}' }), 400, 'request.invalid'],
  ['an array instead of an object', () => ({ body: '[]' }), 400, 'request.invalid'],
  ['null instead of an object', () => ({ body: 'null' }), 400, 'request.invalid'],
  [
    'a number too large to be kept',
    () => ({ body: '{"name":"Acme","size":{"in/out~":1e309}}' }),
    400,
    'request.invalid',
  ],
  [
    'an unsafe integer',
    () => ({ body: '{"name":"Acme","size":{"in/out~":9007199254740993}}' }),
    400,
    'request.invalid',
  ],
  ['a query parameter given twice', () => ({ queryStringParameters: { mode: 'soft,hard' } }), 400, 'request.invalid'],
  ['an empty query parameter', () => ({ queryStringParameters: { mode: '' } }), 400, 'request.invalid'],
  [
    'two slashes where the id should be',
    () => ({ rawPath: '/v1/deals//', pathParameters: { dealId: '' } }),
    404,
    'not_found',
  ],
  ['half of a character in the path', () => ({ pathParameters: { dealId: '\ud800' } }), 400, 'request.invalid'],
  ['half of a character in the query', () => ({ queryStringParameters: { mode: '\udead' } }), 400, 'request.invalid'],
  ['any ETag will do', (event) => ({ headers: { ...event.headers, 'if-match': '*' } }), 400, 'request.invalid'],
  ['two ETags', (event) => ({ headers: { ...event.headers, 'if-match': '"1", "2"' } }), 400, 'request.invalid'],
];

describe('when a request is unusual', () => {
  test.each(rows)('then %s is answered properly', async (_label, bend, status, code) => {
    const reply = await knock(aDoor(ok), { ...patch, body: { name: 'Acme' }, headers: json }, bend);
    expect(reply).toMatchObject({ status, ...(code ? { body: { code, requestId: expect.any(String) } } : {}) });
  });

  test('then the field __proto__ is named like any other that is not known', async () => {
    const raw = '{"name":"Acme","size":{"in/out~":1,"__proto__":1}}';
    const reply = await knock(aDoor(ok), { ...patch, headers: json, body: {} }, () => ({ body: raw }));
    expect(reply.body.errors).toMatchObject([{ pointer: '#/size/__proto__', code: 'unrecognized_keys' }]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});

describe('when nobody is signed in', () => {
  const from = (sourceIp: string) => {
    const event = gatewayEvent({ operation: 'apply-partner', at: '2026-07-01T12:00:00.000Z' });
    return callerOf({
      ...event,
      requestContext: { ...event.requestContext, http: { ...event.requestContext.http, sourceIp } },
    });
  };

  test('then source addresses tell callers apart, without being kept', () => {
    expect(from('192.0.2.1')).toEqual(from('192.0.2.1'));
    expect(from('192.0.2.1').id).not.toBe(from('192.0.2.2').id);
    expect(from('192.0.2.1').id).not.toContain('192');
  });
});
