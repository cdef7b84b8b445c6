import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Route, routes } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import { type Call, deliver, gatewayEvent, type Reply } from './call.ts';

/** Sends a file that stands beside its bundle only. */
const inBundlesOnly: readonly Operation[] = ['read-docs-script'];

/** What can be asked of the doors as they are in the source. */
export const handledRoutes: readonly Route[] = routes.filter(({ operation }) => !inBundlesOnly.includes(operation));

const doors = new Map<string, unknown>();

const doorOf = async (operation: Operation): Promise<unknown> => {
  const name = routes.find((route) => route.operation === operation)?.door ?? '';
  if (!doors.has(name)) {
    // Every door exports its Lambda handler under this name.
    const { handler } = await import(pathToFileURL(resolve(`functions/${name}/door.ts`)).href);
    doors.set(name, handler);
  }
  return doors.get(name);
};

/** Sends a request to whichever door of functions/routes.ts it belongs to, changed by `bend` into what the gateway might send instead. */
export const request = async (
  call: Call,
  bend: (event: ReturnType<typeof gatewayEvent>) => object = () => ({}),
): Promise<Reply> => {
  const event = gatewayEvent(call);
  return deliver(await doorOf(call.operation), { ...event, ...bend(event) });
};
