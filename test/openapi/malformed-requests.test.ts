import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { prngOf } from '#test/faults/prng.ts';
import {
  anything,
  ask,
  askedBy,
  bound,
  boundOfPlanted,
  counted,
  exampleOf,
  letIn,
  mostWereRead,
  mustName,
  operations,
  pathOf,
  patient,
  prepare,
  reading,
  target,
  withBody,
} from './ask-badly.ts';
import {
  type Fault,
  faultsInBody,
  faultsInParameters,
  faultyIfMatch,
  overlap,
  placesIn,
  pointerTo,
  refusedIn,
  valuesFor,
  withFault,
} from './faults.ts';
import { accepts, bodySchemaOf, fullBody, samplesOf } from './schemas.ts';

beforeAll(prepare);
afterAll(mostWereRead);

/** The example of the documentation, or a body with everything in it. */
interface Base {
  readonly body: object;
  /** What can be wrong in a request with this body, by source and kind and by place. */
  readonly faults: readonly (readonly (readonly Fault[])[])[];
  /** Faults that it has by itself: where everything is in it, some members exclude each other. */
  readonly own: ReadonlySet<string>;
}

const faultsFor = (operation: Operation, body: object): readonly Fault[] => {
  const { contract } = target(operation);
  const parameters = (['path', 'query'] as const).flatMap((source) => faultsInParameters(operation, source));
  // Of what a provider signs, most is let through unread.
  const inBody = contract.body && !contract.signatureHeader ? faultsInBody(operation, body) : [];
  return [...parameters, ...inBody, ...faultyIfMatch];
};

const baseOf = (operation: Operation, body: object): Base => {
  const { contract } = target(operation);
  const groups = Map.groupBy(faultsFor(operation, body), ({ source, kind }) => `${source}, ${kind}`);
  const faults = [...groups.values()].map((its) => [...Map.groupBy(its, pointerTo).values()]);
  const issues = contract.body?.safeParse(body).error?.issues ?? [];
  const own = issues.map(({ path }) => pointerTo({ source: 'body', steps: path.map(String) }));
  return { body, faults, own: new Set(own) };
};

const bases = new Map<Operation, readonly [Base, Base]>();
const basesOf = (operation: Operation): readonly [Base, Base] => {
  const { contract } = target(operation);
  const [example, full] = [exampleOf(operation), contract.body ? fullBody(operation) : {}];
  const known = bases.get(operation) ?? [baseOf(operation, example), baseOf(operation, full)];
  bases.set(operation, known);
  return known;
};

/** One to six faults, none inside of another: of any kind as often as of any other, and in any place. */
const someFaults = ({ faults }: Base): fc.Arbitrary<readonly Fault[]> => {
  const one = fc
    .constantFrom(...faults)
    .chain((places) => fc.constantFrom(...places).chain((its) => fc.constantFrom(...its)));
  const apart = (those: readonly Fault[]): readonly Fault[] =>
    those.filter((it, index) => !those.slice(0, index).some((other) => overlap(it, other)));
  return fc.array(one, { minLength: 1, maxLength: 6 }).map(apart);
};

const spoiled = (operation: Operation, { body }: Base, faults: readonly Fault[]) => {
  const of = (source: Fault['source'], right: unknown): unknown =>
    faults.filter((it) => it.source === source).reduce((value, it) => withFault(value, it, it.steps), right);
  const ifMatch = faults.find(({ source }) => source === 'headers')?.what;
  return {
    ...(target(operation).contract.body ? { body: of('body', body) } : {}),
    // Texts by name, like those that they were made from.
    params: of('path', samplesOf(operation, 'path')) as Record<string, string>,
    query: of('query', samplesOf(operation, 'query')) as Record<string, string>,
    ...(ifMatch === undefined ? {} : { headers: { 'if-match': String(ifMatch) } }),
  };
};

const faultOf = ({ steps, what }: { readonly steps: readonly string[]; readonly what: unknown }): Fault => ({
  source: 'body',
  kind: 'another value',
  steps,
  what,
});

const labelOf = ({ source, kind }: Fault): string => `${source}, ${kind}`;

/** Whether it was read at all; then the answer names these faults, and no others. */
const allAreNamed = async (
  operation: Operation,
  caller: Caller | undefined,
  { base, faults }: { readonly base: Base; readonly faults: readonly Fault[] },
): Promise<boolean> => {
  const { status, problem } = await ask(operation, { caller, ...spoiled(operation, base, faults) });
  if (problem?.code === 'auth.forbidden') return false;
  expect([status, problem?.code]).toEqual([400, 'request.invalid']);
  const wanted = faults.map(pointerTo);
  const named = (problem?.errors ?? []).map(({ pointer }) => pointer);
  const others = named.filter((it) => wanted.includes(it) || !base.own.has(it));
  expect([...new Set(others)].sort()).toEqual([...new Set(wanted)].sort());
  return true;
};

const prng = prngOf(bound.seed);
const planted = new Set<string>();

describe('when requests are malformed', () => {
  test(
    'then a fault in any one place is named, and nothing else',
    async () => {
      for (const operation of operations) {
        for (const base of basesOf(operation)) {
          for (const its of base.faults.flat()) {
            const read = await allAreNamed(operation, prng.pick(letIn(operation)), { base, faults: [prng.pick(its)] });
            expect(read).toBe(true);
          }
        }
      }
      // QUALITY.md asks for so many in every run.
      expect(counted.refused).toBeGreaterThan(1000);
    },
    patient,
  );

  test(
    'then every planted fault is named, and nothing else',
    async () => {
      const request = askedBy(anything).chain(([operation, caller]) =>
        fc
          .constantFrom(...basesOf(operation))
          .chain((base) => fc.tuple(fc.constant({ operation, caller, base }), someFaults(base))),
      );
      const property = fc.asyncProperty(request, async ([{ operation, caller, base }, faults]) => {
        if (await allAreNamed(operation, caller, { base, faults })) for (const it of faults) planted.add(labelOf(it));
      });
      await fc.assert(property, boundOfPlanted);
      expect([...planted].sort()).toEqual([
        'body, another value',
        'body, left out',
        'body, unknown',
        'headers, another value',
        'path, another value',
        'path, left out',
        'query, another value',
        'query, left out',
        'query, unknown',
      ]);
    },
    patient,
  );

  test(
    'then values at the edges are no fault of ours, and named where the document refuses them',
    async () => {
      const request = askedBy(withBody).chain(([operation, caller]) => {
        const schema = bodySchemaOf(operation) ?? {};
        const places = fc.constantFrom(...basesOf(operation)).chain(({ body }) => {
          const inside = placesIn(schema, body).filter(({ steps }) => steps.length > 0);
          const odd = fc
            .constantFrom(...inside)
            .chain((place) =>
              fc.constantFrom(...valuesFor(place.schema, place.right)).map((what) => ({ ...place, what })),
            );
          return fc.tuple(fc.constant(body), fc.array(odd, { maxLength: 4 }));
        });
        return fc.tuple(fc.constant({ operation, caller }), places);
      });
      const property = fc.asyncProperty(request, async ([{ operation, caller }, [right, odd]]) => {
        const apart = odd.filter(
          (it, index) => !odd.slice(0, index).some((other) => overlap(faultOf(it), faultOf(other))),
        );
        const body = apart.reduce<unknown>((value, it) => withFault(value, faultOf(it), it.steps), right);
        const told = await ask(operation, { caller, body, ifMatch: 1 });
        expect(told.status).toBeLessThan(500);
        if (target(operation).contract.signatureHeader) return;
        mustName(
          told,
          apart.filter(({ schema, what }) => !accepts(schema, what)).map((it) => pointerTo(faultOf(it))),
        );
      });
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then bodies that are anything at all are refused in words',
    async () => {
      const text = fc.string({ unit: 'binary' });
      const broken = fc.json().map((json) => json.slice(0, -1));
      const bodies = fc.oneof(text, fc.json(), broken, fc.base64String());
      const property = fc.asyncProperty(
        askedBy(withBody),
        bodies,
        fc.boolean(),
        async ([operation, caller], body, isBase64Encoded) => {
          const headers = { 'content-type': 'application/json' };
          const { status } = await ask(operation, { caller, headers }, { body, isBase64Encoded });
          // `{}` is a body where every field may be left out; then the thing may not be in the state for it.
          const isEmpty = !isBase64Encoded && /^\s*\{\s*\}\s*$/.test(body);
          expect(isEmpty ? [400, 403, 404, 409] : [400, 403, 404]).toContain(status);
        },
      );
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then ids, filters and cursors that are anything at all are no fault of ours',
    async () => {
      const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }), fc.constant(''));
      const names = ['limit', 'cursor', 'status', 'partnerId', 'subject', 'type', 'sort', 'statusToken', '__proto__'];
      const filters = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 3 });
      const request = fc.tuple(askedBy(reading), filters, text, fc.boolean());
      const property = fc.asyncProperty(request, async ([[operation, caller], given, id, onlyKnown]) => {
        const { contract } = target(operation);
        const known = (contract.query as { shape?: object } | undefined)?.shape ?? {};
        const kept = Object.entries(given).filter(([name]) => !onlyKnown || Object.hasOwn(known, name));
        const pathParameters = pathOf(operation, id);
        const query = Object.fromEntries(kept);
        const told = await ask(operation, { caller, query }, { pathParameters });
        expect([200, 400, 403, 404]).toContain(told.status);
        mustName(told, [...refusedIn(operation, 'path', pathParameters), ...refusedIn(operation, 'query', query)]);
      });
      await fc.assert(property, bound);
    },
    patient,
  );
});
