import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { cameByDistribution } from '#functions/http/origin.ts';
import { routes } from '#functions/routes.ts';
import { type AccessRow, access } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { findKeyCaller, findUserCaller } from '#shared/users/caller-store.ts';
import { verifyToken } from './verify-token.ts';

/** One text, because the gateway hands on flat values only; the doors read it back. */
type Answer = APIGatewaySimpleAuthorizerWithContextResult<{ readonly caller?: string }>;

const identify = async (token: string): Promise<Caller | undefined> => {
  if (token.startsWith('tk_')) return findKeyCaller(token);
  const userId = await verifyToken(token);
  return userId?.startsWith('usr_') ? findUserCaller(userId) : undefined;
};

/** Whether a route is open to the world. The gateway asks about one only where it matters who comes all the same. */
const isForAnyone = (routeKey: string): boolean =>
  routes.some((route) => {
    const row: AccessRow = access[route.operation];
    return row.anyone === true && `${route.method} ${route.path}` === routeKey;
  });

/**
 * Who is calling, by our own record of them: a person with an access token or a machine with an API key, both as
 * `Authorization: Bearer …`, under which the gateway keeps the answer for a minute. Throws only when it cannot be told.
 */
export const handler = async (event: APIGatewayRequestAuthorizerEventV2): Promise<Answer> => {
  if (!cameByDistribution(event.headers)) return { isAuthorized: false, context: {} };
  const header = event.headers?.authorization;
  if (header === undefined && isForAnyone(event.routeKey)) return { isAuthorized: true, context: {} };
  const token = /^Bearer +(\S+)$/i.exec(header?.trim() ?? '')?.[1];
  const caller = token ? await identify(token) : undefined;
  return caller
    ? { isAuthorized: true, context: { caller: JSON.stringify(caller) } }
    : { isAuthorized: false, context: {} };
};
