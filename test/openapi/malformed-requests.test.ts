import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '#shared/core/access.ts';
import {
  ask,
  bound,
  callers,
  exampleOf,
  pathOf,
  patient,
  prepare,
  reading,
  target,
  withBody,
  withStrictBody,
} from './ask-badly.ts';

beforeAll(prepare);

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
    exampleOf(operation),
  );

const someLeaves = (operation: Operation, minLength: number) =>
  fc.subarray([...leavesOf(exampleOf(operation))], { minLength });
/** What no contract takes anywhere. */
const nonsense = { '': null };
/** What some contracts take in some places, at an edge. */
const oddities = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202egpj.exe',
  '\u0645\u0631\u062d\u0628\u0627',
  'e\u0301\u0301\u0301',
  '\ufeff',
  '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}',
  'x'.repeat(5000),
  '9'.repeat(400),
  'ptr_x',
  '2026-02-30',
  0,
  -1,
  1.5,
  9007199254740991,
  9007199254740992,
  1e308,
  -1e-308,
  -0,
  true,
  null,
  [],
  {},
  [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]],
  Array.from({ length: 2000 }, () => 'x'),
  JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'),
];

describe('when requests are malformed', () => {
  test(
    'then every spoiled field is named, and nothing else',
    async () => {
      const request = withStrictBody.chain((operation) =>
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
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then values at the edges are no fault of ours',
    async () => {
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
      const request = fc.tuple(withBody, callers, bodies, fc.boolean());
      const property = fc.asyncProperty(request, async ([operation, caller, body, isBase64Encoded]) => {
        const headers = { 'content-type': 'application/json' };
        const { status } = await ask(operation, { caller, headers }, { body, isBase64Encoded });
        // `{}` is a body where every field may be left out.
        expect([400, 403, 404]).toContain(status);
      });
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
      const request = fc.tuple(reading, callers, filters, text, fc.boolean());
      const property = fc.asyncProperty(request, async ([operation, caller, given, id, onlyKnown]) => {
        const { contract } = target(operation);
        const known = (contract.query as { shape?: object } | undefined)?.shape ?? {};
        const kept = Object.entries(given).filter(([name]) => !onlyKnown || Object.hasOwn(known, name));
        const pathParameters = pathOf(operation, id);
        const { status } = await ask(operation, { caller, query: Object.fromEntries(kept) }, { pathParameters });
        expect([200, 400, 403, 404]).toContain(status);
      });
      await fc.assert(property, bound);
    },
    patient,
  );
});
