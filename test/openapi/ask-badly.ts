import * as fc from 'fast-check';
import { expect } from 'vitest';
import { contracts } from '#functions/docs/contracts.ts';
import { bodyExamples } from '#functions/docs/examples.ts';
import { Problem } from '#functions/docs/problem-responses.ts';
import type { GatewayEvent } from '#functions/http/request.ts';
import type { Route } from '#functions/routes.ts';
import { type AccessRow, access, type Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Call } from '#test/support/call.ts';
import { handledRoutes, request } from '#test/support/every-door.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { samplesOf } from './schemas.ts';

/** QUALITY.md: so many malformed requests in all, shared out among the kinds of fault. `SEED` replays, `MALFORMED` says how many. */
const malformed = Number(process.env.MALFORMED ?? 1600);
/** Seven kinds are tried once each, planted faults, of which all are known, three times as often. */
const shares = 10;
export const bound = {
  seed: Number(process.env.SEED ?? 20_260_701),
  numRuns: Math.ceil(malformed / shares),
};
export const boundOfPlanted = { ...bound, numRuns: 3 * bound.numRuns };
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
export const operations: readonly Operation[] = targets.map(({ route }) => route.operation);
export const anything = namesOf(targets);
export const withBody = namesOf(targets.filter(({ contract }) => contract.body));
export const reading = namesOf(targets.filter(({ route }) => route.method === 'GET'));

export const target = (operation: Operation): Target => {
  const found = targets.find(({ route }) => route.operation === operation);
  if (!found) throw new Error(`no ${operation}`);
  return found;
};

const people = [manager, finance, admin, repOf('ptr_1'), adminOf('ptr_1')];
const machine = (row: AccessRow): readonly Caller[] =>
  row.scope && row.partner_admin
    ? [{ kind: 'api_key', id: 'key_1', role: 'partner_admin', partnerId: 'ptr_1', scopes: [row.scope] }]
    : [];

/** Whom the access table lets in. */
export const letIn = (operation: Operation): readonly (Caller | undefined)[] => {
  const row: AccessRow = access[operation];
  const those = people.filter((it) => row.anyone || (it.kind === 'user' && row[it.role]));
  return [...those, ...machine(row), ...(row.anyone ? [undefined] : [])];
};

/** Whom the access table lets in, mostly: whoever it does not is refused before anything is read. */
const callersOf = (operation: Operation): fc.Arbitrary<Caller | undefined> =>
  fc.oneof(
    { weight: 19, arbitrary: fc.constantFrom(...letIn(operation)) },
    { weight: 1, arbitrary: fc.constantFrom(...people, undefined) },
  );

/** An operation of these, and who asks for it. */
export const askedBy = (operations: fc.Arbitrary<Operation>) =>
  operations.chain((operation) => fc.tuple(fc.constant(operation), callersOf(operation)));

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
type Asked = Omit<Call, 'at' | 'operation' | 'caller'> & { readonly caller: Caller | undefined };

/** How many of a file's requests were sent, reached parsing, and were refused by it. */
export const counted = { sent: 0, parsed: 0, refused: 0 };

const count = ({ status, problem }: Told): void => {
  counted.sent += 1;
  if (problem?.code !== 'auth.forbidden') counted.parsed += 1;
  if (problem?.code.startsWith('request.')) counted.refused += 1;
  else if (status === 400) counted.refused += 1;
};

/** Asks, and holds the answer against the document; every refusal must be a problem that says its own status. */
export const ask = async (
  operation: Operation,
  { caller, ...asked }: Asked,
  bend: Partial<GatewayEvent> = {},
): Promise<Told> => {
  const params = samplesOf(operation, 'path');
  const call = { operation, at: '2026-07-01T12:00:00.000Z', params, ...asked };
  const { status, body, headers } = await request({ ...call, ...(caller ? { caller } : {}) }, () => bend);
  const problem = status < 400 ? undefined : Problem.parse(body);
  count({ status, problem });
  if (!problem) return { status, problem };
  expect([problem.status, headers['content-type']]).toEqual([status, 'application/problem+json']);
  // Whoever is told that fields are faulty is told which.
  if (problem.code === 'request.invalid') expect(problem.errors).not.toEqual([]);
  return { status, problem };
};

/** Those that are refused before any field is looked at. */
const wholesale = ['auth.forbidden', 'request.malformed', 'request.too_large', 'request.unsupported_media_type'];

/** Of what the document refuses, everything must be named. */
export const mustName = ({ problem }: Told, pointers: readonly string[]): void => {
  if (wholesale.includes(problem?.code ?? '')) return;
  const named = (problem?.errors ?? []).map(({ pointer }) => pointer);
  expect(pointers.filter((it) => !named.includes(it))).toEqual([]);
};

/** Of a file's requests nearly all must have reached parsing: who may not ask at all is told so before. */
export const mostWereRead = (): void => {
  console.log(counted);
  expect(counted.parsed).toBeGreaterThan(0.9 * counted.sent);
};
