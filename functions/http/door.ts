import type { MiddlewareObj, MiddyfiedHandler } from '@middy/core';
import middy from '@middy/core';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { routes } from '#functions/routes.ts';
import { type Operation, reachOf } from '#shared/core/access.ts';
import type { Contract } from '#shared/core/contract.ts';
import { DomainError, notFound } from '#shared/core/errors.ts';
import { log } from '#shared/platform/logger.ts';
import { problemOf, statusOf } from './problem.ts';
import { callerOf, type GatewayEvent, parseRequest, type Request } from './request.ts';

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

const respond = (answer: Answer): APIGatewayProxyStructuredResultV2 => {
  const headers = {
    'cache-control': 'no-store',
    ...(answer.version === undefined ? {} : { etag: `"${answer.version}"` }),
    ...(answer.replayed ? { 'idempotency-replayed': 'true' } : {}),
    ...answer.headers,
  };
  const { content } = answer;
  if (content && typeof content.data !== 'string') {
    const body = Buffer.from(content.data).toString('base64');
    return {
      statusCode: answer.status,
      headers: { ...headers, 'content-type': content.type },
      body,
      isBase64Encoded: true,
    };
  }
  if (content)
    return {
      statusCode: answer.status,
      headers: { ...headers, 'content-type': content.type },
      body: String(content.data),
    };
  if (answer.body === undefined) return { statusCode: answer.status, headers };
  return {
    statusCode: answer.status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(answer.body),
  };
};

/** Logs one line an outcome: ids and codes only, nothing personal. */
const oneLine = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => {
  const tell = (event: GatewayEvent, fields: Record<string, unknown>): void => {
    const caller = callerOf(event);
    log.info('request', {
      requestId: event.requestContext.requestId,
      route: event.routeKey,
      callerKind: caller.kind,
      ...(caller.kind === 'anonymous' ? {} : { caller: caller.id, partnerId: caller.partnerId }),
      ...fields,
    });
  };
  return {
    after: ({ event, response }) => tell(event, { status: response?.statusCode }),
    onError: ({ event, error }) => {
      const status = statusOf(error);
      if (status === 500) log.error('bug', { requestId: event.requestContext.requestId, error: error as Error });
      tell(event, { status, code: error instanceof DomainError ? error.code : 'internal' });
    },
  };
};

/** Turns what was thrown into a problem document. */
const problems = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => ({
  onError: (request) => {
    const { requestId } = request.event.requestContext;
    const problem = problemOf(request.error, requestId);
    request.response = {
      statusCode: problem.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: JSON.stringify(problem),
    };
  },
});

/** What an operation says of a header holds against the general one of that name (ours are written in small letters). */
const ownHeaders = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => ({
  after: ({ response }) => {
    const headers = response?.headers ?? {};
    for (const name of Object.keys(headers)) {
      if (name !== name.toLowerCase() && name.toLowerCase() in headers) delete headers[name];
    }
  },
});

const requestIds = (): MiddlewareObj<GatewayEvent, APIGatewayProxyStructuredResultV2> => {
  const add = ({
    event,
    response,
  }: {
    event: GatewayEvent;
    response?: APIGatewayProxyStructuredResultV2 | null | undefined;
  }): void => {
    if (response) response.headers = { ...response.headers, 'x-request-id': event.requestContext.requestId };
  };
  return { after: add, onError: add };
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
        handlers.find((it) => it.contract.operation === route.operation),
      ]),
  );
  const serve = async (event: GatewayEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const handler = byRoute.get(event.routeKey);
    if (!handler) throw notFound();
    reachOf(handler.contract.operation as Operation, callerOf(event));
    return respond(await handler.handle(event));
  };
  // middy runs `after` and `onError` from the last to the first, so what is listed first sees the finished answer.
  return middy<GatewayEvent, APIGatewayProxyStructuredResultV2>()
    .use(requestIds())
    .use(ownHeaders())
    .use(httpSecurityHeaders())
    .use(problems())
    .use(oneLine())
    .handler(serve);
};
