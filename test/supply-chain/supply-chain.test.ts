import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { findSecrets } from './secrets.ts';

const Locked = z.looseObject({
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  /** Lies inside the archive of the package around it, whose integrity covers it. */
  inBundle: z.boolean().optional(),
});
const Lock = z.object({ packages: z.record(z.string(), Locked) });

const lockText = readFileSync('package-lock.json', 'utf8');
const locked = Object.entries(Lock.parse(JSON.parse(lockText)).packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  test('fixes every package by what is in it', () => {
    const loose = locked.filter(([, { integrity, inBundle }]) => !inBundle && !/^sha512-/.test(integrity ?? ''));
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  test('says of no package where to get it: that is the business of each machine', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(lockText).not.toMatch(/"https?:\/\/[^"]*\.tgz/);
  });
});

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  // Data about browsers, which only the tool that plants mutants brings along.
  'CC-BY-4.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Zlib',
]);

/** What a package says in a file beside its manifest, or in words of its own. */
const saidElsewhere: Readonly<Record<string, string>> = { 'png-js': 'MIT', nub: 'MIT', requireg: 'MIT' };

/** `(A OR B)` leaves the choice, `A AND B` does not. */
const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(/ or /i)
    .some((choice) => choice.split(' AND ').every((each) => allowed.has(each.trim())));

const Manifest = z.looseObject({ name: z.string(), license: z.string().optional() });

describe('licences', () => {
  // Packages for other platforms are locked but not installed.
  const installed = locked.map(([path]) => `${path}/package.json`).filter((path) => existsSync(path));
  const told = installed.map((path) => {
    const { name, license } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { name, licence: saidElsewhere[name] ?? license ?? 'none' };
  });

  test('of everything that is installed are on the list', () => {
    expect(told.length).toBeGreaterThan(300);
    expect(told.filter(({ licence }) => !isAllowed(licence))).toEqual([]);
  });

  test.each([
    ['GPL-3.0-only', false],
    ['MIT AND GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['none', false],
  ])('such as %s are told apart', (licence, expected) => {
    expect(isAllowed(licence)).toBe(expected);
  });
});

describe('secrets', () => {
  const largestBytes = 2_000_000;

  test('are not in the tree', () => {
    const paths = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
    const texts = paths.filter((path) => existsSync(path) && statSync(path).size < largestBytes);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.flatMap((path) => findSecrets(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  // Put together here, so that this file holds none.
  const random = 'q7Xw2Lr9Zk4Tn8Vb3Mc6Hs1Jd5Fg0PyQe'.repeat(2);
  test.each([
    ['an access key', `const key = '${'AKIA'}${'ABCDEFGH234567ZZ'}';`],
    ['a secret key', `${'aws_secret'}_access_key = ${random.slice(0, 40)}`],
    ['a private key', `-----BEGIN ${'RSA PRIVATE'} KEY-----`],
    ['a private key as JSON', `{"kty": "RSA", ${'"d"'}: "${random}"}`],
    ['a signed token', `Bearer ${'eyJ'}hbGciOiJSUzI1NiJ9.${'eyJ'}${random.slice(0, 20)}.${random}`],
    ['a code host’s token', `${'ghp'}_${random.slice(0, 36)}`],
    ['an API key of ours', `${'tk'}_${random}`],
    ['a password in an address', `postgres://${'user'}:${'hunter2hunter2'}@database`],
    ['a password in a setting', `${'password'}: '${random.slice(0, 24)}'`],
  ])('such as %s are found where they are planted', (_, line) => {
    expect(findSecrets('planted.ts', `\n${line}`)).toHaveLength(1);
    expect(findSecrets('planted.ts', `\n${line}`)[0]).toMatch(/^planted\.ts:2: /);
  });
});

test('what we are made of can be listed: a bill of materials that names every direct dependency', () => {
  const script = z
    .object({ scripts: z.record(z.string(), z.string()), dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  expect(script.scripts.sbom).toBe('npm sbom --sbom-format cyclonedx --package-lock-only');
  const listed = execFileSync('npm', ['run', '--silent', 'sbom'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { components } = z
    .object({
      bomFormat: z.literal('CycloneDX'),
      components: z.array(z.looseObject({ name: z.string(), version: z.string() })),
    })
    .parse(JSON.parse(listed));
  const versions = new Set(components.map(({ name, version }) => `${name}@${version}`));
  expect(Object.entries(script.dependencies).filter(([name, version]) => !versions.has(`${name}@${version}`))).toEqual(
    [],
  );
}, 120_000);
