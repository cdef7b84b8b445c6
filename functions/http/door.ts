import type { MiddlewareObj, MiddyfiedHandler } from '@middy/core';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Route, routes } from '#functions/routes.ts';
import { type Operation, reachOf } from '#shared/core/access.ts';
import { partnerOf } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { DomainError, notFound } from '#shared/core/errors.ts';
import { log } from '#shared/platform/logger.ts';
import { cameByDistribution } from './origin.ts';
import { headersOf, problemOf, statusOf } from './problem.ts';
import { rateClassOf } from './rate-classes.ts';
import { callerOf, type GatewayEvent, parseRequest, type Request } from './request.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** What an operation answers. `version` becomes the ETag; `replayed` says that an earlier try did it. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of JSON: a text or bytes with their media type. */
  readonly content?: { readonly type: string; readonly data: string | Uint8Array };
  readonly version?: number;
  readonly replayed?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation behind its contract, ready for a door. */
export interface Handler {
  readonly contract: Contract;
  readonly handle: (event: GatewayEvent) => Promise<Answer>;
}

/** Ties a handler to its contract: it gets only what the contract lets in. */
export const operation = <C extends Contract>(
  contract: C,
  answer: (request: Request<C>) => Promise<Answer>,
): Handler => ({
  contract,
  handle: (event) => answer(parseRequest(contract, event)),
});

/** An answer that is no page runs nothing and is shown in no frame; a page brings a policy of its own. */
const closed = { 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

const payloadOf = ({ content, body }: Answer): APIGatewayProxyStructuredResultV2 => {
  if (!content) {
    if (body === undefined) return {};
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
  const headers = { 'content-type': content.type };
  if (typeof content.data === 'string') return { headers, body: content.data };
  return { headers, body: Buffer.from(content.data).toString('base64'), isBase64Encoded: true };
};

const respond = (answer: Answer): APIGatewayProxyStructuredResultV2 => {
  const payload = payloadOf(answer);
  const headers = {
    ...closed,
    ...(answer.version === undefined ? {} : { etag: `"${answer.version}"` }),
    ...(answer.replayed ? { 'idempotency-replayed': 'true' } : {}),
    ...answer.headers,
    ...payload.headers,
  };
  return { ...payload, statusCode: answer.status, headers };
};

/** Logs one line an outcome: ids and codes only, nothing personal. What is a bug brings its stack. */
const oneLine = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => {
  const about = (event: GatewayEvent): Record<string, unknown> => {
    const caller = callerOf(event);
    return {
      requestId: event.requestContext.requestId,
      route: event.routeKey,
      callerKind: caller.kind,
      ...(caller.kind === 'anonymous' ? {} : { caller: caller.id, partnerId: caller.partnerId }),
    };
  };
  return {
    after: ({ event, response }) => log.info('request', { ...about(event), status: response?.statusCode }),
    onError: ({ event, error }) => {
      const status = statusOf(error);
      if (error instanceof DomainError) log.info('request', { ...about(event), status, code: error.code });
      else log.error('request', { ...about(event), status, code: 'internal', error: error as Error });
    },
  };
};

/** Turns what was thrown into a problem document. */
const problems = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => ({
  onError: (request) => {
    const problem = problemOf(request.error, request.event.requestContext.requestId);
    request.response = {
      statusCode: problem.status,
      headers: { ...closed, ...headersOf(request.error), 'content-type': 'application/problem+json' },
      body: JSON.stringify(problem),
    };
  },
});

/** Every answer's; policies on content and permissions matter to pages only, which bring their own. */
const securityHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
};

const headersOfAll = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => {
  const add = ({
    event,
    response,
  }: {
    event: GatewayEvent;
    response?: APIGatewayProxyStructuredResultV2 | null | undefined;
  }): void => {
    const requestId = { 'x-request-id': event.requestContext.requestId };
    if (response) response.headers = { ...response.headers, ...securityHeaders, ...requestId };
  };
  return { after: add, onError: add };
};

/** A few hundred bytes each; more callers than that do not meet at one instance. */
const takeToken = createTokenBuckets(10_000);

/** The first line against a flood: it costs no request. Only where the deployment says so, since tests and benches are floods. */
const refuseFloods = (event: GatewayEvent, { method }: Route, { signatureHeader }: Contract): void => {
  if (process.env.RATE_LIMITS !== 'on') return;
  const caller = callerOf(event);
  // What is signed comes from a machine, in bursts.
  const name = signatureHeader ? 'writes' : rateClassOf(method, caller);
  const { timeEpoch } = event.requestContext;
  takeToken(name, caller.id, timeEpoch);
  const partnerId = partnerOf(caller);
  if (partnerId && name !== 'applications') takeToken(`partner-${name}`, partnerId, timeEpoch);
};

/** What the gateway says of a caller it does not let in. */
const asTheGatewayRefuses = {
  statusCode: 403,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Forbidden"}',
};

/** One Lambda function: the operations of one door of functions/routes.ts, found by API Gateway's route key. */
export const door = (
  name: string,
  handlers: readonly Handler[],
): MiddyfiedHandler<GatewayEvent, APIGatewayProxyStructuredResultV2> => {
  const byRoute = new Map(
    routes
      .filter((route) => route.door === name)
      .map((route) => [
        `${route.method} ${route.path}`,
        { route, handler: handlers.find((it) => it.contract.operation === route.operation) },
      ]),
  );
  const serve = async (event: GatewayEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    if (!cameByDistribution(event.headers)) return asTheGatewayRefuses;
    const { route, handler } = byRoute.get(event.routeKey) ?? {};
    if (!route || !handler) throw notFound();
    refuseFloods(event, route, handler.contract);
    reachOf(handler.contract.operation as Operation, callerOf(event));
    return respond(await handler.handle(event));
  };
  // middy runs `after` and `onError` from the last to the first, so what is listed first sees the finished answer.
  return middy<GatewayEvent, APIGatewayProxyStructuredResultV2>()
    .use(headersOfAll())
    .use(problems())
    .use(oneLine())
    .handler(serve);
};
