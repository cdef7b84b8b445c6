import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from '#functions/docs/openapi.ts';
import { type Route, routes } from '#functions/routes.ts';
import { type AccessRow, access } from '#shared/core/access.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly $ref?: string; readonly in?: string; readonly name?: string }[];
  readonly responses: Record<
    string,
    { content?: Record<string, { schema: { properties?: { code: { enum: string[] } } } }>; headers?: object }
  >;
}

const document = openApiDocument();
// The document was made from these routes, and every path and method of theirs is in it.
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const operations = (routes as readonly Route[]).map((route) => {
  const operation = paths[route.path]?.[route.method.toLowerCase()];
  if (!operation) throw new Error(`${route.operation} is not in the document`);
  return { route, operation };
});
const named = (operationId: string): Operation => {
  const found = operations.find(({ operation }) => operation.operationId === operationId);
  if (!found) throw new Error(`no ${operationId}`);
  return found.operation;
};
const codesOf = (operation: Operation, status: string): readonly string[] =>
  operation.responses[status]?.content?.['application/problem+json']?.schema.properties?.code.enum ?? [];
const refersTo = (operation: Operation, component: string): boolean =>
  (operation.parameters ?? []).some(({ $ref }) => $ref === `#/components/parameters/${component}`);

describe('when the document is made', () => {
  test('then every route is an operation of the same name, under a noun', () => {
    expect(operations.map(({ operation }) => operation.operationId)).toEqual(routes.map((route) => route.operation));
    expect(operations.filter(({ operation }) => operation.tags.length !== 1)).toEqual([]);
  });

  test('then who may call it follows the access table', () => {
    for (const { route, operation } of operations) {
      const row: AccessRow = access[route.operation];
      const schemes = operation.security.flatMap((it) => Object.keys(it));
      const expected = row.anyone ? [] : ['accessToken', ...(row.scope ? ['apiKey'] : [])];
      expect([route.operation, schemes]).toEqual([route.operation, expected]);
      expect([route.operation, '401' in operation.responses]).toEqual([route.operation, !row.anyone]);
    }
  });

  test('then every POST under /v1 needs an Idempotency-Key, but checks, estimates and what is signed', () => {
    const without = operations
      .filter(({ route }) => route.method === 'POST' && route.path.startsWith('/v1/'))
      .filter(({ operation }) => !refersTo(operation, 'IdempotencyKey'));
    expect(without.map(({ operation }) => operation.operationId)).toEqual([
      'check-deal',
      'estimate-deal',
      'receive-stripe-event',
    ]);
    expect(codesOf(named('register-deal'), '422')).toContain('idempotency.key_reused');
    expect(named('register-deal').responses['201']?.headers).toHaveProperty('idempotency-replayed');
  });

  test('then If-Match is required where a change must name its version, and optional on the others', () => {
    expect(refersTo(named('update-deal'), 'IfMatch')).toBe(true);
    expect(refersTo(named('decide-approval'), 'IfMatch')).toBe(true);
    expect(codesOf(named('update-deal'), '428')).toEqual(['version.required']);
    expect(refersTo(named('extend-deal'), 'IfMatchOptional')).toBe(true);
    expect(codesOf(named('extend-deal'), '412')).toEqual(['version.stale']);
    expect(named('get-deal').parameters?.some(({ $ref }) => $ref?.includes('IfMatch'))).toBe(false);
  });

  test('then things with a version are answered with an ETag, lists are not', () => {
    expect(named('get-deal').responses['200']?.headers).toHaveProperty('etag');
    expect(named('list-deals').responses['200']?.headers).not.toHaveProperty('etag');
  });

  test('then a header that one operation alone answers with is told of there', () => {
    expect(named('list-journals').responses['200']?.headers).toHaveProperty('x-next-cursor');
    expect(named('list-deals').responses['200']?.headers).not.toHaveProperty('x-next-cursor');
  });

  test('then every refusal is a problem document with its codes, and every answer names the request', () => {
    expect(codesOf(named('register-deal'), '409')).toContain('deal.conflict');
    expect(codesOf(named('check-deal'), '429')).toEqual(['rate.limited']);
    expect(named('check-deal').responses['429']?.headers).toHaveProperty('retry-after');
    for (const { operation } of operations) {
      expect([operation.operationId, codesOf(operation, '500')]).toEqual([operation.operationId, ['internal']]);
      expect(operation.responses['500']?.headers).toHaveProperty('x-request-id');
      expect(operation.responses).toHaveProperty('429');
    }
  });

  test('then nothing that only we need is in it', () => {
    const text = JSON.stringify(document);
    for (const word of ['doneKeys', 'writeId', 'bodyHash', 'tokenHash']) expect(text).not.toContain(word);
  });

  test('then Redocly finds nothing to say against it', async () => {
    const folder = mkdtempSync(`${tmpdir()}/openapi-`);
    writeFileSync(`${folder}/openapi.json`, JSON.stringify(document));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const redocly = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
    const lint = [redocly, 'lint', `${folder}/openapi.json`, '--config', 'redocly.yaml'];
    const { stdout } = await promisify(execFile)(process.execPath, [...lint, '--format', 'json'], { env });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({ totals: { errors: 0, warnings: 0 }, problems: [] });
  });
});
