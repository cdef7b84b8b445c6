import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { send } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import { startOf } from './history.ts';
import { applicant, marks, repsOf } from './people-of-a-history.ts';
import { openRealWorld } from './real-world.ts';
import type { AnsweredCall, Reply, StoredItem } from './recording.ts';
import { doorOf } from './requester.ts';
import { aRegistration } from './scripted-history.ts';
import { anApplication, beginning } from './start-of-a-history.ts';

beforeAll(async () => {
  prepare();
  await testTable();
});

const dayMs = 86_400_000;

/** People on a good line, whose every request is answered. */
const people = (clock: { ms: number }) => {
  const calls: AnsweredCall[] = [];
  const ask = async (operation: Operation, caller: Caller, more: object = {}): Promise<Reply> => {
    clock.ms += 1000;
    const at = new Date(clock.ms).toISOString();
    const key = `key-${calls.length}`;
    const { status, body, headers } = await send(doorOf(operation), { operation, caller, at, key, ...more });
    const version = headers.etag === undefined ? undefined : Number(headers.etag.replaceAll('"', ''));
    const reply = { status, body, version, replayed: false, text: JSON.stringify([body, headers]) };
    calls.push({ operation, caller, at, key, params: {}, ifMatch: undefined, begunAfter: 0, reply });
    expect(status, `${operation}: ${reply.text}`).toBeLessThan(300);
    return reply;
  };
  const decide = async (approvalId: string, outcome: string): Promise<void> => {
    const params = { approvalId };
    const { version } = await ask('get-approval', manager, { params });
    const body = { outcome, ...(outcome === 'approve' ? {} : { reason: 'Because.' }) };
    await ask('decide-approval', manager, { params, body, ifMatch: version });
  };
  return { calls, ask, decide };
};

const seed = Number(process.env.SEED ?? 1);

test(`when workers are killed, frozen and thawed in the middle of their requests to the real engine, then every invariant holds: SEED=${seed}`, async () => {
  const clock = { ms: beginning };
  const now = (): string => new Date(clock.ms).toISOString();
  const { items: start } = await startOf();
  const world = await openRealWorld(seed, { start, now });
  const { calls, ask, decide } = people(clock);
  const [rep = applicant] = repsOf(marks[0]);
  const register = async (customer: string, amountMinor = 5_000_000): Promise<string> => {
    const { body } = await ask('register-deal', rep, { body: aRegistration(customer, amountMinor, clock.ms) });
    return String(body.id);
  };
  try {
    const [approved, withdrawn] = [await register('blue'), await register('red')];
    const applied = await ask('apply-partner', applicant, {
      body: anApplication('mark-new', 'new.example', 'reseller'),
    });
    await world.settle();
    await ask('withdraw-deal', rep, { params: { dealId: withdrawn }, body: {} });
    await decide(`apr_${approved}_1`, 'approve');
    await decide(`apr_${applied.body.id}_1`, 'approve');
    await world.settle();
    const [late, small] = [await register('green'), await register('white', 1_000_000)];
    const closing = { outcome: 'won', closedOn: now().slice(0, 10) };
    await ask('close-deal', rep, { params: { dealId: small }, body: closing });
    await world.settle();
    await decide(`apr_${small}_1`, 'approve');
    for (let day = 0; day < 3; day += 1) {
      clock.ms += dayMs;
      await world.runSchedule('sweep');
    }
    world.calm();
    await world.runSchedule('recover');
    await world.runSchedule('sweep');
    const items = await world.items();
    const statusOf = (id: string) => items.find((item) => item.pk === id && item.sk === 'deal')?.status;
    expect([approved, withdrawn, late, small].map(statusOf)).toEqual(['approved', 'withdrawn', 'approved', 'won']);
    const commits = [start.map((item) => unmarshall({ ...item }) as StoredItem), items];
    const { mails, excuses, signIns, suffered } = world;
    const facts = { start: [], commits: [], items: [] };
    const rest = {
      facts,
      unfinished: world.unfinished(),
      started: world.started(),
      notFollowed: [],
      logs: [],
      end: now(),
    };
    expect(
      violationsOf({ calls, commits, items, mails, excuses, signIns, transfers: [], files: new Map(), ...rest }),
    ).toEqual([]);
    expect(suffered.killed).toBeGreaterThan(0);
    expect(suffered.frozen).toBeGreaterThan(0);
  } finally {
    world.end();
  }
}, 300_000);
