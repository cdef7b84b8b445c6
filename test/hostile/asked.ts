import { contracts } from '#functions/docs/contracts.ts';
import { type Route, routes } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { now } from '#test/deals/at-the-deals-door.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { request } from '#test/support/every-door.ts';
import { wholeItems } from '#test/support/whole-table.ts';

/** Every route that changes something; checks and estimates change nothing, what is signed brings no key. */
export const mutatingRoutes: readonly Route[] = routes.filter(
  ({ method, operation }) =>
    method !== 'GET' &&
    !contracts.some(
      (it) => it.operation === operation && (it.changesNothing === true || it.signatureHeader !== undefined),
    ),
);

export type Asked = Partial<Omit<Call, 'operation' | 'caller'>> & { readonly caller: Caller };

/** Strangers are told apart by their address, which stands in the place of an id here. */
export const ask = (operation: Operation, { caller, ...asked }: Asked): Promise<Reply> =>
  request({ operation, caller, at: now, ...asked }, ({ requestContext }) => ({
    requestContext:
      caller.kind === 'anonymous'
        ? { ...requestContext, http: { ...requestContext.http, sourceIp: caller.id } }
        : requestContext,
  }));

/** Everything the table holds, by key, as text. */
export const wholeTable = async (): Promise<ReadonlyMap<string, string>> =>
  new Map((await wholeItems()).map((item) => [`${item.pk} ${item.sk}`, JSON.stringify(item)]));

/** Keys of the events that were stored since. */
export const eventsSince = async (before: ReadonlyMap<string, string>): Promise<readonly string[]> =>
  [...(await wholeTable()).keys()].filter((key) => !before.has(key) && / event#\d+$/.test(key));
