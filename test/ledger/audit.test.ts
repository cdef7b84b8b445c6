import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '#shared/core/canonical.ts';
import { addDays } from '#shared/core/time.ts';
import { type ChainAudit, openChainAudit, type StoredItem } from '#shared/ledger/chains.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { Root, rootBroken, rootOf } from '#shared/ledger/roots.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { prngOf } from '#test/faults/prng.ts';
import { type StartedS3, startTestS3 } from '#test/local/a-bucket.ts';
import { now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { handler } from '#workflows/ledger/publish-roots.ts';
import { aConsistentLedger } from './a-consistent-ledger.ts';
import type { Table } from './a-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const aLedger = (): Table => aConsistentLedger(prngOf(7), 12);

const auditOf = (items: Iterable<StoredItem>): ChainAudit => {
  const audit = openChainAudit();
  for (const item of items) audit.take(item);
  return audit;
};
const faultsIn = ({ items }: Table): readonly string[] => auditOf(items.values()).faults().map(tellFault);

/** The last earning with two events, and what forges it: its history as if it had never been reversed. */
const cutOff = (table: Table): string => {
  const last = [...table.items.values()].findLast(({ kind, seq }) => kind === 'event' && seq === 2);
  const subject = String(last?.pk);
  const first = table.items.get(`${subject} event#00000001`) as StoredItem;
  table.items.delete(`${subject} event#00000002`);
  for (const [place, item] of table.items) {
    if (item.id !== subject) continue;
    const changes = first.changes as StoredItem;
    table.items.set(place, { ...item, status: changes.status, version: 1, head: first.hash });
  }
  return subject;
};

describe('when chains are checked', () => {
  const signed = (event: StoredItem): StoredItem => {
    const { pk, sk, kind, hash: _hash, ...told } = event;
    return { pk, sk, kind, ...told, hash: hashOf(told) };
  };
  const eventAt = ({ items }: Table, seq: number): StoredItem =>
    [...items.values()].find((item) => item.kind === 'event' && item.seq === seq) as StoredItem;
  const put = ({ items }: Table, item: StoredItem) => items.set(`${item.pk} ${item.sk}`, item);

  test.each<readonly [string, (table: Table) => unknown, RegExp]>([
    [
      'an event was edited',
      (table) => put(table, { ...eventAt(table, 1), by: 'usr_somebody' }),
      /^I8: event 1 of \w+: was edited; its content hashes to/,
    ],
    [
      'an event was edited and signed anew',
      (table) => put(table, signed({ ...eventAt(table, 1), by: 'usr_somebody' })),
      /^I8: event 2 of \w+: does not follow the one before it|^I8: \w+: says its history ends with/,
    ],
    [
      'only its hash was changed',
      (table) => put(table, { ...eventAt(table, 2), hash: 'x' }),
      /^I8: event 2 of \w+: its hash was changed to x; right would be [\w-]{43}/,
    ],
    [
      'an event was moved to another history',
      (table) => put(table, { ...eventAt(table, 2), pk: 'ern_other' }),
      /^I8: ern_other event#00000002: holds event 2 of \w+; right would be an event of ern_other/,
    ],
  ])('and %s, then that is told', (_, spoil, words) => {
    const table = aLedger();
    expect(faultsIn(table)).toEqual([]);
    spoil(table);
    expect(faultsIn(table).join('\n')).toMatch(words);
  });

  test('and an end was cut off with care, then only a root shows it', () => {
    const table = aLedger();
    const root = rootOf('2026-03-31', auditOf(table.items.values()).heads());
    const subject = cutOff(table);
    const audit = auditOf(table.items.values());
    expect(audit.faults()).toEqual([]);
    expect(rootBroken(root, audit).map(tellFault)).toEqual([
      expect.stringMatching(new RegExp(`^I8: event 2 of ${subject}: is missing, and root of 2026-03-31 has it`)),
    ]);
    expect(rootBroken({ ...root, heads: root.heads.slice(1) }, audit)[0]?.wrong).toMatch(/its heads hash to/);
  });
});

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const exported = (name: string, { items }: Table): string =>
  write(name, [...items.values()].map((item) => `${JSON.stringify(marshall(item))}\n`).join(''));
const run = (command: string, ...options: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`local/commands/${command}.ts`, ...options]);
  return { status, said: stdout.toString(), told: stderr.toString() };
};

describe('when an exported file is given', () => {
  const well = aLedger();
  const file = exported('well.ndjson', well);
  const root = write('2026-03-31.json', JSON.stringify(rootOf('2026-03-31', auditOf(well.items.values()).heads())));

  test('then one that is well is said to be well', () => {
    expect(run('verify-audit', file, '--roots', root)).toMatchObject({
      status: 0,
      said: expect.stringMatching(/^Nobody touched them: \d+ events of 16 things, 1 roots\.\n$/),
      told: expect.stringMatching(/^\d+ items read\n$/),
    });
    expect(run('reconcile', '--file', file)).toMatchObject({
      status: 0,
      said: expect.stringMatching(/^All is well: \d+ events with \d+ journals, as of 2026-/),
    });
  });

  test('then what is wrong is named, and the command fails', () => {
    const spoiled = aLedger();
    const subject = cutOff(spoiled);
    const cut = exported('cut.ndjson', spoiled);
    const { status, said } = run('verify-audit', cut, '--roots', root);
    expect([status, said.split('\n').length]).toEqual([1, 3]);
    expect(said).toContain(`event 2 of ${subject}: is missing`);
    const books = run('reconcile', '--file', cut);
    expect([books.status, books.said]).toEqual([1, expect.stringContaining('right would be')]);
  });

  test('then without file, table and laptop it says what to do', () => {
    expect(run('reconcile', '--port', '1')).toMatchObject({
      status: 1,
      told: expect.stringMatching(/--file or --table/),
    });
  });
});

describe('each night', () => {
  let s3: StartedS3;

  beforeAll(async () => {
    process.env.CURSOR_SECRET = 'secret';
    process.env.AUDIT_BUCKET = 'audit';
    await testTable();
    await publish(aProgram());
    await thingsOfAPartner();
    s3 = await startTestS3();
    process.env.AWS_ENDPOINT_URL_S3 = s3.endpoint;
  });
  afterAll(() => s3.close());

  const stored = async (day: string, VersionId?: string) => {
    const where = { Bucket: 'audit', Key: `roots/${day}.json`, VersionId };
    const { Body, ...about } = await s3.client().send(new GetObjectCommand(where));
    return { root: Root.parse(JSON.parse(String(await Body?.transformToString()))), ...about };
  };

  /** Publishes as the schedule does, and reads what S3 has then of the day before. */
  const published = async (time: string) => {
    await handler({ schedule: 'check-roots', time });
    return stored(addDays(time, -1).slice(0, 10));
  };

  test('where the histories ended that changed on the day before is published, whatever the noun', async () => {
    const { root, ContentType } = await published(addDays(now, 1));
    expect(ContentType).toBe('application/json');
    const nouns = new Set(root.heads.map(([subject]) => subject.split('_')[0]));
    for (const noun of ['ptr', 'usr', 'key', 'deal', 'apr', 'hlt']) expect(nouns).toContain(noun);
    expect(root.root).toBe(hashOf(root.heads));
  });

  test('a second run of the day adds a version, and nobody takes the first away', async () => {
    const first = await published(addDays(now, 1));
    const second = await published(addDays(now, 1));
    expect(second.root).toEqual(first.root);
    expect(second.VersionId).not.toBe(first.VersionId);
    const day = now.slice(0, 10);
    const version = { Bucket: 'audit', Key: `roots/${day}.json`, VersionId: first.VersionId };
    const taken = await s3.client().send(new DeleteObjectCommand(version)).catch(String);
    expect(taken).toContain('protected by object lock');
    expect((await stored(day, first.VersionId)).root).toEqual(first.root);
  });

  test('and a noun that is listed by status is not forgotten', () => {
    const stores = globSync('shared/**/*-store.ts').map((path) => readFileSync(path, 'utf8'));
    const nouns = stores.flatMap((text) => [...text.matchAll(/statusKey: `([\w-]+)#/g)].map(([, noun]) => noun ?? ''));
    const reader = readFileSync('shared/ledger/heads-store.ts', 'utf8');
    expect(nouns).toContain('deals');
    // These lie with their partners; in the list of earnings stand bonuses that wait.
    expect(reader).toContain("'statement#'");
    const lying = ['earnings', 'statements'];
    expect(nouns.filter((noun) => !lying.includes(noun) && !reader.includes(`'${noun}'`))).toEqual([]);
  });

  test('and a day without changes has a root of nothing', async () => {
    expect((await published(addDays(now, 400))).root.heads).toEqual([]);
  });
});
