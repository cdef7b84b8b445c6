import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { RouteDescription } from '#local/template/system.ts';
import { createAuthorizers } from './authorizer.ts';
import { gatewayEvent } from './gateway-event.ts';
import { readBody } from './read-body.ts';
import { createRouteTable, type RouteMatch } from './route-table.ts';
import { createTurnstile } from './turnstile.ts';

export interface GatewayOptions {
  readonly routes: readonly RouteDescription[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** The system's time in milliseconds. */
  readonly now: () => number;
  /** Invocations that the template reserves for a function, where it does. */
  readonly reservedFor?: (functionArn: string) => number | undefined;
}

/**
 * A new account may run a thousand invocations at once, on as many machines. Here all share one: with more than this none would be
 * answered soon.
 */
const sharedConcurrency = 64;

/** An HTTP API takes 10 MB. */
const maximumBodyBytes = 10 * 1024 * 1024;

const FunctionAnswer = z.looseObject({
  statusCode: z.coerce.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const statusOf = {
  Unauthorized: 401,
  Forbidden: 403,
  'Not Found': 404,
  'Request Entity Too Large': 413,
  'Internal Server Error': 500,
  'Service Unavailable': 503,
} as const;

const refuse = (response: ServerResponse, message: keyof typeof statusOf): void => {
  const later = message === 'Service Unavailable' ? { 'retry-after': '1' } : {};
  response.writeHead(statusOf[message], { 'content-type': 'application/json', ...later });
  response.end(JSON.stringify({ message }));
};

/** An answer without `statusCode` is a body by itself, as the gateway infers it. */
const pass = (response: ServerResponse, answer: unknown): void => {
  const parsed = FunctionAnswer.safeParse(answer);
  if (!parsed.success) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    return;
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  response.setHeader('content-length', bytes.length);
  response.writeHead(statusCode).end(bytes);
};

/** Serves the template's routes as API Gateway's HTTP API does: its events, its limits, its own answers. */
export const createGateway = ({ routes, invoke, now, reservedFor = () => undefined }: GatewayOptions) => {
  const find = createRouteTable(routes);
  const authorize = createAuthorizers({ invoke, now });
  const enter = createTurnstile({ reservedFor, shared: sharedConcurrency });

  const serve = async (message: IncomingMessage, response: ServerResponse, match: RouteMatch): Promise<void> => {
    const body = await readBody(message, maximumBodyBytes);
    if (!body) return refuse(response, 'Request Entity Too Large');
    const event = gatewayEvent({ message, body, match, now: now() });
    response.setHeader('apigw-requestid', event.requestContext.requestId);
    const { route } = match;
    const verdict = route.authorizer ? await authorize(route.authorizer, event) : undefined;
    if (verdict && 'refusal' in verdict) return refuse(response, verdict.refusal);
    const requestContext = verdict
      ? { ...event.requestContext, authorizer: { lambda: verdict.context } }
      : event.requestContext;
    try {
      pass(response, await invoke(route.functionArn, { ...event, requestContext }));
    } catch (error) {
      console.error(
        `${message.method} ${message.url}: ${error instanceof Error ? error.message : error} (more in .local/log)`,
      );
      if (response.headersSent) response.destroy();
      else refuse(response, 'Internal Server Error');
    }
  };
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [rawPath = '/'] = (message.url ?? '/').split('?');
    const match = find(message.method ?? 'GET', rawPath);
    if (!match) return refuse(response, 'Not Found');
    const leave = enter(match.route.functionArn);
    if (!leave) return refuse(response, 'Service Unavailable');
    try {
      await serve(message, response, match);
    } finally {
      leave();
    }
  };
};
