import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler as approvals } from '#functions/approvals/door.ts';
import { handler as deals } from '#functions/deals/door.ts';
import { contracts } from '#functions/docs/contracts.ts';
import { bodyExamples } from '#functions/docs/examples.ts';
import { Problem } from '#functions/docs/problem-responses.ts';
import { handler as events } from '#functions/events/door.ts';
import type { GatewayEvent } from '#functions/http/request.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { handler as partners } from '#functions/partners/door.ts';
import { handler as program } from '#functions/program/door.ts';
import { type Route, routes } from '#functions/routes.ts';
import { handler as users } from '#functions/users/door.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, deliver, gatewayEvent } from '#test/support/call.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';

/** QUALITY.md: malformed requests from the contracts; none is answered with 5xx, and every faulty field is named. */
const seed = Number(process.env.SEED ?? 20_260_701);
const numRuns = Number(process.env.RUNS ?? 400);
const at = '2026-07-01T12:00:00.000Z';

const doors: Readonly<Record<string, unknown>> = {
  approvals,
  deals,
  events,
  'known-accounts': knownAccounts,
  partners,
  program,
  users,
};

interface Target {
  readonly route: Route;
  readonly contract: Contract;
}
const targets = (routes as readonly Route[]).flatMap((route): Target[] => {
  const contract = contracts.find((it) => it.operation === route.operation);
  return contract && doors[route.door] ? [{ route, contract }] : [];
});
const namesOf = (those: readonly Target[]) => fc.constantFrom(...those.map(({ route }) => route.operation));
const withBody = namesOf(targets.filter(({ contract }) => contract.body));
const reading = namesOf(targets.filter(({ route }) => route.method === 'GET'));
const target = (operation: Operation): Target => {
  const found = targets.find(({ route }) => route.operation === operation);
  if (!found) throw new Error(`no ${operation}`);
  return found;
};

const callers = fc.constantFrom(manager, finance, admin, repOf('ptr_1'), adminOf('ptr_1'), undefined);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  log.setLogLevel('SILENT');
  await testTable();
  await publish(aProgram());
});

interface Told {
  readonly status: number;
  readonly problem: ReturnType<typeof Problem.parse> | undefined;
}
type Asked = Omit<Call, 'at' | 'operation' | 'caller' | 'params'> & { readonly caller: Caller | undefined };

const idsFor = ({ route }: Target, id: string): Record<string, string> =>
  Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), id]));

const ask = async (
  operation: Operation,
  { caller, ...asked }: Asked,
  bend: Partial<GatewayEvent> = {},
): Promise<Told> => {
  const { route } = target(operation);
  const params = idsFor({ route, contract: target(operation).contract }, 'thing_1');
  const event = gatewayEvent({ operation, at, params, ...asked, ...(caller ? { caller } : {}) });
  const { status, body, headers } = await deliver(doors[route.door], { ...event, ...bend } as GatewayEvent);
  if (status < 400) return { status, problem: undefined };
  const problem = Problem.parse(body);
  expect([problem.status, headers['content-type']]).toEqual([status, 'application/problem+json']);
  return { status, problem };
};

/** Pointers to everything in an example that is neither object nor array. */
const leavesOf = (value: unknown, pointer = '#'): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${pointer}/${key}`))
    : [pointer];

const put = (value: unknown, [step, ...steps]: readonly string[], what: unknown): unknown => {
  if (step === undefined) return what;
  // Leaves are reached through objects and arrays only.
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[step] = put(copy[step], steps, what);
  return copy;
};

/** The example of an operation with other things at some of its leaves. */
const spoiled = (operation: Operation, faults: readonly (readonly [pointer: string, what: unknown])[]): object =>
  faults.reduce<object>(
    (value, [pointer, what]) => put(value, pointer.split('/').slice(1), what) as object,
    bodyExamples[operation] as object,
  );

const someLeaves = (operation: Operation, minLength: number) =>
  fc.subarray([...leavesOf(bodyExamples[operation])], { minLength });
/** What no contract takes anywhere. */
const nonsense = { '': null };
/** What some contracts take in some places, at an edge. */
const oddities = [
  '',
  ' ',
  '\u0000',
  'x'.repeat(5000),
  'ptr_x',
  '2026-02-30',
  0,
  -1,
  1.5,
  9007199254740991,
  true,
  null,
  [],
  {},
];

describe('when requests are malformed', () => {
  test('then every spoiled field is named, and nothing else', async () => {
    const request = withBody.chain((operation) =>
      fc.tuple(fc.constant(operation), callers, someLeaves(operation, 1), fc.boolean()),
    );
    const property = fc.asyncProperty(request, async ([operation, caller, pointers, extra]) => {
      const body = spoiled(
        operation,
        pointers.map((pointer) => [pointer, nonsense]),
      );
      const { status, problem } = await ask(operation, { caller, body: extra ? { ...body, '~/': 1 } : body });
      if (status === 403) return;
      expect([status, problem?.code]).toEqual([400, 'request.invalid']);
      const named = new Set(problem?.errors?.map((error) => error.pointer));
      expect([...named].sort()).toEqual([...pointers, ...(extra ? ['#/~0~1'] : [])].sort());
    });
    await fc.assert(property, { seed, numRuns });
  });

  test('then values at the edges are no fault of ours', async () => {
    const request = withBody.chain((operation) =>
      fc.tuple(
        fc.constant(operation),
        callers,
        someLeaves(operation, 0).chain((pointers) =>
          fc.tuple(...pointers.map((pointer) => fc.tuple(fc.constant(pointer), fc.constantFrom(...oddities)))),
        ),
        fc.option(fc.constantFrom(...oddities), { nil: 'none' }),
      ),
    );
    const property = fc.asyncProperty(request, async ([operation, caller, faults, partnerId]) => {
      const body = spoiled(operation, faults);
      const { status } = await ask(operation, {
        caller,
        body: partnerId === 'none' ? body : { ...body, partnerId },
        ifMatch: 1,
      });
      expect(status).toBeLessThan(500);
    });
    await fc.assert(property, { seed, numRuns });
  });

  test('then bodies that are anything at all are refused in words', async () => {
    const text = fc.string({ unit: 'binary' });
    const broken = fc.json().map((json) => json.slice(0, -1));
    const bodies = fc.oneof(text, fc.json(), broken, fc.base64String());
    const request = fc.tuple(withBody, callers, bodies, fc.boolean());
    const property = fc.asyncProperty(request, async ([operation, caller, body, isBase64Encoded]) => {
      const headers = { 'content-type': 'application/json' };
      const { status } = await ask(operation, { caller, headers }, { body, isBase64Encoded });
      // `{}` is a body where every field may be left out.
      expect([400, 403, 404]).toContain(status);
    });
    await fc.assert(property, { seed, numRuns });
  });

  test('then ids, filters and cursors that are anything at all are no fault of ours', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }), fc.constant(''));
    const names = ['limit', 'cursor', 'status', 'partnerId', 'subject', 'type', 'sort', 'statusToken', '__proto__'];
    const filters = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 3 });
    const request = fc.tuple(reading, callers, filters, text, fc.boolean());
    const property = fc.asyncProperty(request, async ([operation, caller, given, id, onlyKnown]) => {
      const { contract } = target(operation);
      const known = (contract.query as { shape?: object } | undefined)?.shape ?? {};
      const kept = Object.entries(given).filter(([name]) => !onlyKnown || Object.hasOwn(known, name));
      const pathParameters = idsFor(target(operation), id);
      const { status } = await ask(operation, { caller, query: Object.fromEntries(kept) }, { pathParameters });
      expect([200, 400, 403, 404]).toContain(status);
    });
    await fc.assert(property, { seed, numRuns });
  });
});
