import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { contracts } from '#functions/docs/contracts.ts';
import { errorCodes } from '#functions/docs/error-codes.ts';
import { bodyExamples } from '#functions/docs/examples.ts';
import { tagOf, tags } from '#functions/docs/tags.ts';
import { statusOf } from '#functions/http/problem.ts';
import { routes } from '#functions/routes.ts';
import { DomainError, type ErrorKind } from '#shared/core/errors.ts';

/** Codes that one part of the system tells another, and that never leave it. */
const neverTold = new Set(['deal.needs_review']);

/** Kind and code of each refusal in the source, as far as both are written out there. */
const refusals = globSync(['shared/**/*.ts', 'functions/**/*.ts', 'workflows/**/*.ts']).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/new DomainError\(\s*'(\w+)',\s*'([a-z_.]+)'/g)].map(([, kind, code]) => ({
    file,
    kind: kind as ErrorKind,
    code: code ?? '',
  })),
);

describe('when routes and contracts are held against each other', () => {
  test('then every route has exactly one contract', () => {
    const counts = routes.map(({ operation }) => [
      operation,
      contracts.filter((contract) => contract.operation === operation).length,
    ]);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('then every contract has its route', () => {
    const known = new Set<string>(routes.map((route) => route.operation));
    expect(contracts.map((contract) => contract.operation).filter((operation) => !known.has(operation))).toEqual([]);
  });

  test('then every contract file is registered', () => {
    const registry = readFileSync('functions/docs/contracts.ts', 'utf8');
    const files = globSync('shared/*/*-contract.ts');
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !registry.includes(`'#${file}'`))).toEqual([]);
  });

  test('then what stands in the path is what the contract takes from it', () => {
    for (const { operation, path } of routes) {
      const params = contracts.find((contract) => contract.operation === operation)?.params as z.ZodObject | undefined;
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect([operation, Object.keys(params?.shape ?? {})]).toEqual([operation, named]);
    }
  });

  test('then every noun is described', () => {
    const described = new Set<string>(tags.map((tag) => tag.name));
    expect(routes.map((route) => tagOf(route.path)).filter((tag) => !described.has(tag))).toEqual([]);
  });
});

describe('when error codes are held against the source', () => {
  test('then every code of a contract is described', () => {
    const codes = contracts.flatMap((contract) => contract.errors);
    expect(codes.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  });

  test('then every refusal in the source is described, under the status it really has', () => {
    expect(refusals.length).toBeGreaterThan(30);
    const wrong = refusals
      .filter(({ code }) => !neverTold.has(code))
      .filter(({ kind, code }) => errorCodes[code]?.status !== statusOf(new DomainError(kind, code, '')));
    expect(wrong).toEqual([]);
  });

  test('then every code that is described is used somewhere', () => {
    const sources = globSync(['shared/**/*.ts', 'functions/**/*.ts'])
      .filter((file) => !file.endsWith('functions/docs/error-codes.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect(Object.keys(errorCodes).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});

describe('when examples are held against the contracts', () => {
  test.each(Object.keys(bodyExamples))('then the example of %s is taken', (operation) => {
    const contract = contracts.find((it) => it.operation === operation);
    const parsed = contract?.body?.safeParse(bodyExamples[contract.operation]);
    expect(parsed?.error?.issues ?? parsed?.success).toBe(true);
  });

  test('then every operation with a body has one', () => {
    const without = contracts.filter((contract) => contract.body && bodyExamples[contract.operation] === undefined);
    expect(without.map((contract) => contract.operation)).toEqual([]);
  });
});
