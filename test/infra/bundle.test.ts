import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-bundle-'));
const bundle = join(folder, 'bundles', 'deals', 'index.mjs');

beforeAll(async () => {
  await bundleFunctions(
    functions.filter((row) => row.name === 'deals'),
    join(folder, 'bundles'),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Told as yes or no: a failed comparison would print half a megabyte. */
const holds = (what: RegExp): boolean => what.test(readFileSync(bundle, 'utf8'));

test('a bundle imports nothing: all it needs is inside, and built-ins are asked of the process', () => {
  expect(holds(/\bfrom\s*["'][a-z@]/)).toBe(false);
  expect(holds(/getBuiltinModule\("/)).toBe(true);
});

test('a bundle looks for credentials in its environment only', () => {
  expect(holds(/AWS_SECRET_ACCESS_KEY/)).toBe(true);
  expect(holds(/AssumeRole|sso_start_url/)).toBe(false);
});

test('a bundle runs', async () => {
  const { handler } = await import(pathToFileURL(bundle).href);
  expect(handler).toBeTypeOf('function');
});
