import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { restoreTable } from '#local/commands/copy-table.ts';
import { brokenLink } from '#shared/core/history.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { violationsOf } from '#test/faults/all-oracles.ts';
import { prepare } from '#test/faults/environment.ts';
import type { WireItem } from '#test/faults/expressions.ts';
import { runHistory } from '#test/faults/history.ts';
import { historiesIn } from '#test/faults/oracles.ts';
import type { Recording, StoredItem } from '#test/faults/recording.ts';
import { programItems } from '#test/faults/start-of-a-history.ts';
import { now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { type Reply, send } from '#test/support/call.ts';
import { manager, repOf } from '#test/support/people.ts';
import { wholeItems } from '#test/support/whole-table.ts';

const table = process.env.PROGRAM_TABLE ?? '';
const client = new DynamoDBClient({});
const folder = mkdtempSync(join(tmpdir(), 'tandem-drill-'));
const file = join(folder, 'table.jsonl');
let recording: Recording;
let partnerId = '';

const put = async (items: readonly WireItem[]): Promise<void> => {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
};

const register = (): Promise<Reply> =>
  send(deals, {
    operation: 'register-deal',
    caller: repOf(partnerId),
    at: now,
    body: aRegistration({
      customer: { companyName: 'Zenith', websiteUrl: 'https://zenith.example', countryCode: 'DE' },
    }),
    key: 'before-and-after',
  });

/** Partners with one of everything; a history in which partners were paid, beside them; and as much again as no page of a scan holds. */
beforeAll(async () => {
  prepare();
  await testTable();
  await put(programItems());
  for (let n = 0; n < 2; n += 1) ({ partnerId } = await thingsOfAPartner());
  ({ recording } = await runHistory(7, { plot: 'payouts' }));
  await put(recording.items.map((item) => marshall(item)));
  const large = (n: number) => ({ pk: `large_${n}`, sk: 'large', kind: 'large', text: 'x'.repeat(350_000) });
  await put([1, 2, 3, 4].map((n) => marshall(large(n))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const placeOf = ({ pk, sk }: Readonly<Record<string, unknown>>): string => `${pk} ${sk}`;
const all = async () => new Map((await wholeItems()).map((item) => [placeOf(item), item as StoredItem]));

const backup = (...options: readonly string[]): string =>
  execFileSync(process.execPath, ['local/commands/backup.ts', ...options], { encoding: 'utf8', stdio: 'pipe' });

/** By the subject of its events, of everything that knows the last of them. An id that is the key stands there alone. */
const headsIn = (items: Iterable<StoredItem>): ReadonlyMap<string, unknown> =>
  new Map(
    [...items]
      .flatMap((item) => [item, (item.sk === 'customer' ? item.known : undefined) as StoredItem | undefined])
      .filter((item) => item?.head)
      .map((item) => [String(item?.id ?? item?.pk), item?.head]),
  );

const judge = (items: Iterable<StoredItem>) => {
  const reconciliation = openReconciliation();
  for (const item of items) reconciliation.take(item);
  const { faults, ...seen } = reconciliation.judge();
  return { ...seen, faults: faults.map(tellFault).sort() };
};

test('when all is lost and restored from an export, then every record, hash and invariant is as before, and work goes on', async () => {
  const registered = await register();
  expect(registered.status).toBe(201);
  const before = await all();
  const { LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: table }));
  expect(LastEvaluatedKey).toBeDefined();

  backup('export', '--table', table, '--to', file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await client.send(new DeleteTableCommand({ TableName: table }));
  await expect(client.send(new DescribeTableCommand({ TableName: table }))).rejects.toThrow('non-existent table');
  await testTable();
  expect(backup('restore', '--table', table, '--from', file)).toBe(`${before.size} items are in ${table}.\n`);

  const after = await all();
  expect(after).toEqual(before);
  const heads = headsIn(after.values());
  const chains = historiesIn([...after.values()]);
  const ofKind = (kind: string) => [...chains.keys()].filter((id) => id.startsWith(kind)).length;
  for (const kind of ['ptr_', 'deal_', 'apr_', 'usr_', 'ern_', 'pay_', 'run_', 'mdr_', 'clm_']) {
    expect([kind, ofKind(kind)]).not.toEqual([kind, 0]);
  }
  for (const [subject, chain] of chains) {
    expect(brokenLink(chain)).toBeUndefined();
    expect([subject, heads.get(subject)]).toEqual([subject, chain.at(-1)?.hash]);
  }

  expect(judge(after.values())).toEqual(judge(before.values()));
  const items = recording.items.map((item) => after.get(placeOf(item)) ?? item);
  expect(judge(items)).toMatchObject({ faults: [], journals: expect.toSatisfy((journals) => journals > 10) });
  expect(violationsOf({ ...recording, items })).toEqual([]);

  // What was done is known, and what was begun goes on.
  expect(await register()).toMatchObject({
    status: 201,
    body: registered.body,
    headers: { 'idempotency-replayed': 'true' },
  });
  const dealId = String(registered.body.id);
  const withdrawal = { operation: 'withdraw-deal', caller: repOf(partnerId), params: { dealId } } as const;
  expect(await send(deals, { ...withdrawal, at: now, body: { reason: 'A mistake.' }, ifMatch: 1 })).toMatchObject({
    status: 200,
    body: { status: 'withdrawn', version: 2 },
  });
  const events = await listEvents(dealId, 1, 10);
  expect([events.length, brokenLink(events)]).toEqual([2, undefined]);
  const read = await send(deals, { operation: 'get-deal', caller: manager, at: now, params: { dealId } });
  expect(read).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
});

test('when the table is not empty, then nothing is restored into it', () => {
  expect(() => backup('restore', '--table', table, '--from', file)).toThrow(`${table} is not empty`);
});

test('when a line is not an item, then it is refused', async () => {
  await client.send(new DeleteTableCommand({ TableName: table }));
  await testTable();
  await expect(restoreTable(client, table, ['{"pk": "plain"}'])).rejects.toThrow();
});
