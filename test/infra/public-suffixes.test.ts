import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { parse } from 'tldts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicSuffixes, rulesIn } from '#infra/public-suffixes.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-suffixes-'));
let bundled: typeof parse;

beforeAll(async () => {
  const outfile = join(folder, 'tldts.mjs');
  await esbuild.build({
    stdin: { contents: `export { parse } from 'tldts';`, resolveDir: process.cwd() },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    plugins: [publicSuffixes],
  });
  bundled = (await import(pathToFileURL(outfile).href)).parse;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const allRules = async (): Promise<readonly string[]> => {
  const main = createRequire(import.meta.url).resolve('tldts');
  const trie = join(main.slice(0, main.indexOf('dist')), 'dist/es6/src/data/trie.js');
  return rulesIn(await import(pathToFileURL(trie).href));
};

/** Hosts at, below and above a rule, and with its wildcards filled in. */
const hostsAround = (rule: string): readonly string[] => {
  const name = rule.replace('!', '').replaceAll('*', 'any');
  return [name, `acme.${name}`, `www.acme.${name}`, `a.b.c.${name}`, name.slice(name.indexOf('.') + 1)];
};

test('when a bundle is asked for the domain of a host around any rule of the list, then it says what tldts says', async () => {
  const rules = await allRules();
  expect(rules.length).toBeGreaterThan(9_000);
  const options = { allowPrivateDomains: true };
  const domainBy = (ask: typeof parse) => (host: string) => `${host} ${ask(host, options).domain}`;
  const hosts = [...rules.flatMap(hostsAround), 'acme.example', 'localhost', 'a..com', '.com', 'x.unknown.test'];
  const [told, expected] = [hosts.map(domainBy(bundled)), hosts.map(domainBy(parse))];
  expect(told.filter((line, index) => line !== expected[index])).toEqual([]);
});
