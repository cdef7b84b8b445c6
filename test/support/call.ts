import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { GatewayEvent } from '#functions/http/request.ts';
import { routes } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { millis } from '#shared/core/time.ts';

export type Door = (event: GatewayEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** One request as a test tells it; a POST gets a fresh Idempotency-Key unless it brings one. */
export interface Call {
  readonly operation: Operation;
  readonly caller?: Caller;
  readonly at: string;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly key?: string | null;
  readonly ifMatch?: number;
  readonly headers?: Record<string, string>;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}

/** The event API Gateway would send for this call (HTTP API, payload 2.0). */
export const gatewayEvent = (call: Call): GatewayEvent => {
  const route = routes.find((it) => it.operation === call.operation);
  if (!route) throw new Error(`no route for ${call.operation}`);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => call.params?.[name] ?? '');
  const key = call.key === undefined ? randomUUID() : call.key;
  const headers = {
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(route.method === 'POST' && key !== null ? { 'idempotency-key': key } : {}),
    ...(call.ifMatch === undefined ? {} : { 'if-match': `"${call.ifMatch}"` }),
    ...call.headers,
  };
  const requestContext = {
    accountId: '0',
    apiId: 'test',
    domainName: 'localhost',
    domainPrefix: '',
    http: { method: route.method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: randomUUID(),
    routeKey: `${route.method} ${route.path}`,
    stage: '$default',
    time: '',
    timeEpoch: millis(call.at),
    ...(call.caller && call.caller.kind !== 'anonymous'
      ? { authorizer: { lambda: { caller: JSON.stringify(call.caller) } } }
      : {}),
  };
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(call.query).toString(),
    headers,
    ...(call.query ? { queryStringParameters: call.query } : {}),
    ...(call.params ? { pathParameters: call.params } : {}),
    requestContext,
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    isBase64Encoded: false,
  };
};

/** Hands a door what API Gateway would. Throws for an answer that is not as the OpenAPI document says: so every test holds it to that. */
export const deliver = async (door: unknown, event: GatewayEvent): Promise<Reply> => {
  // middy's handler type knows more about its context than a test has to give.
  const answer = await (door as Door)(event, {} as Context);
  const text = answer.body ?? '';
  const headers = (answer.headers ?? {}) as Record<string, string>;
  const isJson = /json$/.test(headers['content-type'] ?? '');
  const reply = { status: answer.statusCode ?? 0, text, body: isJson ? JSON.parse(text) : {}, headers };
  // Whoever only makes events, such as a bench, does not load the document.
  const { undocumented } = await import('./documented.ts');
  const faults = undocumented(event.routeKey, reply);
  if (faults.length > 0) {
    throw new Error(`${event.routeKey} answered ${reply.status} with what is not documented: ${faults.join('; ')}`);
  }
  return reply;
};

/** Calls a door as API Gateway does. */
export const send = (door: unknown, call: Call): Promise<Reply> => deliver(door, gatewayEvent(call));
