import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { account } from '#local/template/cloud.ts';
import type { RouteMatch } from './route-table.ts';

export interface GatewayRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly match: RouteMatch;
  /** The system's time in milliseconds, which is what rules will take for now. */
  readonly now: number;
}

/** Header names in lower case, repeated ones joined by a comma; cookies are told apart, as payload 2.0 has it. */
const readHeaders = (rawHeaders: readonly string[]) => {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split('; '));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
};

const readQuery = (rawQueryString: string): Record<string, string> => {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
};

/** Everything else travels as base64. A request without a content type is taken for text. */
const isText = (contentType: string | undefined): boolean =>
  contentType === undefined || /^(text\/|application\/([\w.-]+\+)?(json|javascript|xml))/i.test(contentType);

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Such as `12/Mar/2026:19:03:58 +0000`. */
const commonLogTime = (at: Date): string => {
  const [, day, month, year] = /, (\d+) (\w+) (\d+) /.exec(at.toUTCString()) ?? [];
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits).join(':');
  return `${day}/${month}/${year}:${clock} +0000`;
};

/** The event of API Gateway's HTTP API, payload format 2.0. */
export const gatewayEvent = ({ message, body, match, now }: GatewayRequest): APIGatewayProxyEventV2 => {
  const [rawPath = '/', ...query] = (message.url ?? '/').split('?');
  const rawQueryString = query.join('?');
  const { headers, cookies } = readHeaders(message.rawHeaders);
  const { route, pathParameters } = match;
  const routeKey = route.path === '$default' ? '$default' : `${route.method} ${route.path}`;
  const text = isText(headers['content-type']);
  const domainName = headers.host ?? 'localhost';
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(rawQueryString && { queryStringParameters: readQuery(rawQueryString) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters: { ...pathParameters } }),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: message.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: message.socket.remoteAddress?.replace('::ffff:', '') ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: commonLogTime(new Date(now)),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
};
