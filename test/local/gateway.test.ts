import { createServer } from 'node:http';
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createGateway } from '#local/gateway/gateway.ts';
import { listen } from '#local/listen.ts';

const authorizer = { functionArn: 'who', identityHeaders: ['authorization'], cacheSeconds: 60 };
const routes = [
  { method: 'POST', path: '/v1/deals', functionArn: 'echo', authorizer },
  { method: 'GET', path: '/v1/deals/{dealId}', functionArn: 'echo' },
  { method: 'GET', path: '/v1/deals/check', functionArn: 'plain' },
  { method: 'GET', path: '/broken', functionArn: 'broken' },
  {
    method: 'GET',
    path: '/open',
    functionArn: 'plain',
    authorizer: { functionArn: 'who', identityHeaders: [], cacheSeconds: 0 },
  },
];

let now = Date.parse('2030-05-06T07:08:09.000Z');
let asked = 0;
beforeEach(() => {
  asked = 0;
  now += 3_600_000;
});

const functions: Readonly<Record<string, (event: never) => unknown>> = {
  echo: (event) => ({
    statusCode: 201,
    headers: { 'x-made': 'here' },
    cookies: ['a=1', 'b=2'],
    body: JSON.stringify(event),
  }),
  plain: () => ({ just: 'data' }),
  broken: () => {
    throw new Error('a bug');
  },
  who: ({ identitySource }: { identitySource: readonly string[] }) => {
    asked += 1;
    if (identitySource[0] === 'nobody') return { isAuthorized: false };
    if (identitySource[0] === 'bad') throw new Error('Unauthorized');
    return { isAuthorized: true, context: { id: 'usr_1', scopes: ['a'] } };
  },
};

const serve = createGateway({
  routes,
  invoke: async (functionArn, event) => functions[functionArn]?.(event as never),
  now: () => now,
});
const server = createServer((message, response) => void serve(message, response));
const base = `http://127.0.0.1:${await listen(server, 0)}`;
afterAll(() => void server.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${base}/v1/deals`, { method: 'POST', body, headers: { authorization: 'me', ...headers } });

/** The function called `echo` answers the event it got. */
const eventIn = async (response: Response) =>
  (await response.json()) as APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>;

test('when a request comes in, then the function gets the event of payload format 2.0', async () => {
  const response = await fetch(`${base}/v1/deals/deal%2F1?status=a&status=b&q=x%20y`, {
    headers: { 'X-Mixed': 'Case', cookie: 'one=1; two=2', 'user-agent': 'test' },
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-made')).toBe('here');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const event = await eventIn(response);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /v1/deals/{dealId}',
    rawPath: '/v1/deals/deal%2F1',
    rawQueryString: 'status=a&status=b&q=x%20y',
    queryStringParameters: { status: 'a,b', q: 'x y' },
    pathParameters: { dealId: 'deal/1' },
    headers: { 'x-mixed': 'Case' },
    cookies: ['one=1', 'two=2'],
    isBase64Encoded: false,
    requestContext: {
      timeEpoch: now,
      stage: '$default',
      http: {
        method: 'GET',
        path: '/v1/deals/deal%2F1',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
    },
  });
  expect(event.headers).not.toHaveProperty('cookie');
  expect(event).not.toHaveProperty('body');
  expect(event.requestContext.requestId).toBe(response.headers.get('apigw-requestid'));
});

test.each([
  ['JSON', 'application/json', '{"a":"ü"}', false],
  ['a problem document', 'application/problem+json; charset=utf-8', '{}', false],
  ['a form', 'application/x-www-form-urlencoded', 'a=b', true],
])('when the body is %s, then it travels as the gateway has it', async (_, type, body, encoded) => {
  const event = await eventIn(await post(body, { 'content-type': type }));
  expect(event.isBase64Encoded).toBe(encoded);
  expect(Buffer.from(event.body ?? '', encoded ? 'base64' : 'utf8').toString()).toBe(body);
});

test('when a function answers without a status, then the answer is the body', async () => {
  const response = await fetch(`${base}/v1/deals/check`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ just: 'data' });
});

test.each([
  ['the path is unknown', () => fetch(`${base}/v2`), 404, 'Not Found'],
  ['the method is unknown there', () => fetch(`${base}/v1/deals`, { method: 'PUT' }), 404, 'Not Found'],
  ['nobody says who they are', () => fetch(`${base}/v1/deals`, { method: 'POST' }), 401, 'Unauthorized'],
  ['the authorizer does not believe it', () => post('', { authorization: 'bad' }), 401, 'Unauthorized'],
  ['the authorizer says no', () => post('', { authorization: 'nobody' }), 403, 'Forbidden'],
  ['the body is larger than 10 MB', () => post('x'.repeat(10_485_761)), 413, 'Request Entity Too Large'],
  ['the function throws', () => fetch(`${base}/broken`), 500, 'Internal Server Error'],
])('when %s, then the gateway answers in its own words', async (_, send, status, message) => {
  const response = await send();
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ message });
});

test('when the same caller comes again within the time of the template, then the authorizer is asked once', async () => {
  const event = await eventIn(await post('{}'));
  expect(event.requestContext.authorizer).toEqual({ lambda: { id: 'usr_1', scopes: ['a'] } });
  await post('{}');
  expect(asked).toBe(1);
  now += 60_000;
  await post('{}');
  expect(asked).toBe(2);
});

test('when an authorizer needs no identity and keeps no answer, then it is asked each time', async () => {
  expect((await fetch(`${base}/open`)).status).toBe(200);
  expect((await fetch(`${base}/open`)).status).toBe(200);
  expect(asked).toBe(2);
});
