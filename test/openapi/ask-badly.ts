import * as fc from 'fast-check';
import { expect } from 'vitest';
import { contracts } from '#functions/docs/contracts.ts';
import { bodyExamples } from '#functions/docs/examples.ts';
import { Problem } from '#functions/docs/problem-responses.ts';
import type { GatewayEvent } from '#functions/http/request.ts';
import type { Route } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Call } from '#test/support/call.ts';
import { handledRoutes, request } from '#test/support/every-door.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';

/** QUALITY.md: so many malformed requests in all, shared out among the kinds of fault. `SEED` replays, `MALFORMED` says how many. */
const kindsOfFault = 8;
export const bound = {
  seed: Number(process.env.SEED ?? 20_260_701),
  numRuns: Math.ceil(Number(process.env.MALFORMED ?? 1600) / kindsOfFault),
};
/** Beyond any run: vitest's own limit is for what hangs. */
export const patient = 3_600_000;

interface Target {
  readonly route: Route;
  readonly contract: Contract;
}
const targets = handledRoutes.flatMap((route): Target[] => {
  const contract = contracts.find((it) => it.operation === route.operation);
  return contract ? [{ route, contract }] : [];
});
const namesOf = (those: readonly Target[]) => fc.constantFrom(...those.map(({ route }) => route.operation));
export const anything = namesOf(targets);
export const withBody = namesOf(targets.filter(({ contract }) => contract.body));
/** Bodies that callers make for us; of what a provider signs, most is let through unread. */
export const withStrictBody = namesOf(targets.filter(({ contract }) => contract.body && !contract.signatureHeader));
export const reading = namesOf(targets.filter(({ route }) => route.method === 'GET'));

export const target = (operation: Operation): Target => {
  const found = targets.find(({ route }) => route.operation === operation);
  if (!found) throw new Error(`no ${operation}`);
  return found;
};

export const callers = fc.constantFrom(manager, finance, admin, repOf('ptr_1'), adminOf('ptr_1'), undefined);

export const prepare = async (): Promise<void> => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  process.env.STRIPE_WEBHOOK_SECRET = 'secret';
  log.setLogLevel('SILENT');
  await testTable({ activity: true });
  await publish(aProgram());
};

export const pathOf = (operation: Operation, id: string): Record<string, string> =>
  Object.fromEntries([...target(operation).route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), id]));

export const exampleOf = (operation: Operation): object => (bodyExamples[operation] ?? {}) as object;

interface Told {
  readonly status: number;
  readonly problem: ReturnType<typeof Problem.parse> | undefined;
}
type Asked = Omit<Call, 'at' | 'operation' | 'caller' | 'params'> & { readonly caller: Caller | undefined };

/** Asks, and holds the answer against the document; every refusal must be a problem that says its own status. */
export const ask = async (
  operation: Operation,
  { caller, ...asked }: Asked,
  bend: Partial<GatewayEvent> = {},
): Promise<Told> => {
  const { quarter, ...ids } = pathOf(operation, 'thing_1');
  // Everything else in a path is an id, and any text may be one.
  const params = quarter === undefined ? ids : { ...ids, quarter: '2026-Q2' };
  const call = { operation, at: '2026-07-01T12:00:00.000Z', params, ...asked };
  const { status, body, headers } = await request({ ...call, ...(caller ? { caller } : {}) }, () => bend);
  if (status < 400) return { status, problem: undefined };
  const problem = Problem.parse(body);
  expect([problem.status, headers['content-type']]).toEqual([status, 'application/problem+json']);
  return { status, problem };
};
