import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';
import { writeNacha } from '#shared/payouts/nacha.ts';
import { aBankOrder, aTransfer } from '#test/payouts/a-bank-order.ts';
import { aUsPayee } from '#test/payouts/a-payee.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-bundle-'));
const bundleOf = (name: string): string => join(folder, 'bundles', name, 'index.mjs');
const bundle = bundleOf('deals');

beforeAll(() => bundleFunctions(functions, join(folder, 'bundles')));

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

test.each(functions.map(({ name }) => name))('the bundle of %s can be loaded', async (name) => {
  const { handler } = await import(pathToFileURL(bundleOf(name)).href);
  expect(handler).toBeTypeOf('function');
});

test('the package for NACHA files writes the same file in a bundle, where names must be declared', async () => {
  const order = aBankOrder({ transfers: [aTransfer(1, { payee: aUsPayee() }), aTransfer(2, { payee: aUsPayee() })] });
  const row = functions.find(({ name }) => name === 'payout-files');
  if (!row) throw new Error('Nothing makes files for the bank.');
  await bundleFunctions([{ ...row, entry: 'shared/payouts/nacha.ts' }], join(folder, 'nacha'));
  const bundled = await import(pathToFileURL(join(folder, 'nacha', row.name, 'index.mjs')).href);
  expect(bundled.writeNacha(order)).toBe(writeNacha(order));
});
