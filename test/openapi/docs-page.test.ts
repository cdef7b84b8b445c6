import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { addDocsScript } from '#infra/docs-script.ts';
import type { Operation } from '#shared/core/access.ts';
import { type Door, gatewayEvent } from '#test/support/call.ts';

/** The door as it is deployed: bundled, with the script beside it. */
const folder = mkdtempSync(`${tmpdir()}/docs-`);
let handler: Door;

beforeAll(async () => {
  await bundleFunctions(
    [{ name: 'docs', entry: 'functions/docs/door.ts', memoryMb: 1024, timeoutSeconds: 10 }],
    folder,
  );
  await addDocsScript(folder);
  ({ handler } = await import(`${folder}/docs/index.mjs`));
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (operation: Operation): Promise<APIGatewayProxyStructuredResultV2> =>
  handler(gatewayEvent({ operation, at: '2026-07-01T12:00:00.000Z' }), {} as Context);

describe('when the API is read about', () => {
  test('then /openapi.json is the document', async () => {
    const { statusCode, headers, body } = await get('get-openapi');
    expect({ statusCode, headers }).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(body ?? '')).toMatchObject({ openapi: '3.1.0', info: { title: 'Tandem' } });
  });

  test('then /docs is a page that takes everything from its own origin', async () => {
    const { headers, body } = await get('read-docs');
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(headers?.['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self';/);
    expect(body).not.toMatch(/https?:/);
    expect(body).toContain('src="/docs/scalar.js"');
  });

  test('then its script is Scalar, compressed, and fits into what a Lambda may answer', async () => {
    const { headers, body = '', isBase64Encoded } = await get('read-docs-script');
    expect(headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'content-encoding': 'gzip' });
    expect(isBase64Encoded).toBe(true);
    expect(body.length).toBeLessThan(6 * 1024 * 1024);
    const script = gunzipSync(Buffer.from(body, 'base64'));
    expect(script.equals(readFileSync('node_modules/@scalar/api-reference/dist/browser/standalone.js'))).toBe(true);
  });
});
