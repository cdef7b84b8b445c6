import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StoredEvent } from '#shared/core/history.ts';
import { readSegment } from '#shared/facts/fact-scan-store.ts';
import { type FactItem, listFacts } from '#shared/facts/fact-store.ts';
import { useName } from '#shared/facts/use-name.ts';
import { type Prng, prngOf } from '#test/faults/prng.ts';
import { activityTable, testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { requestsOf } from '#test/support/count-requests.ts';
import { recordOf } from '#test/support/stored-record.ts';
import { handler } from '#workflows/facts/write-facts.ts';
import { aSummer, storedEvents } from './a-history.ts';

let people: Awaited<ReturnType<typeof aSummer>>;
let events: readonly StoredEvent[] = [];

const bring = (some: readonly StoredEvent[]) => handler({ Records: some.map(recordOf) });

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  people = await aSummer();
  events = await storedEvents();
  expect(await bring(events)).toEqual({ batchItemFailures: [] });
});

const told = async (partnerId: string): Promise<readonly string[]> =>
  (await listFacts(partnerId, { from: '2026-Q1', to: '2026-Q4' }))
    .map(({ quarter, kind, value, at, about }) => {
      const day = new Date(at * 1000).toISOString().slice(0, 10);
      return `${quarter} ${day} ${kind} ${value}${about === undefined ? '' : ` ${about}`}`;
    })
    .sort();

describe('the facts of a summer', () => {
  test('of the partner that brought the deals', async () => {
    expect(await told(people.partnerId)).toEqual([
      '2026-Q3 2026-07-01 approval.decided 0',
      '2026-Q3 2026-07-01 deal.approved 2000000',
      '2026-Q3 2026-07-01 deal.approved 2000000',
      '2026-Q3 2026-07-01 deal.registered.expansion 2000000',
      '2026-Q3 2026-07-01 deal.registered.new 9000000',
      '2026-Q3 2026-07-01 deal.registered.renewal 2000000',
      `2026-Q3 2026-07-01 earning.accrued 120000 ${useName('incentive', 'referral-commission')}`,
      '2026-Q3 2026-07-01 mdf.approved 400000',
      '2026-Q3 2026-07-01 mdf.budget 1000000',
      '2026-Q3 2026-07-01 mdf.leads.promised 40',
      `2026-Q3 2026-07-01 mdf.requested 400000 ${useName('activity', 'event')}`,
      '2026-Q3 2026-07-01 partner.activated 0',
      '2026-Q3 2026-07-01 partner.agreement 1',
      '2026-Q3 2026-07-01 partner.applied 1',
      '2026-Q3 2026-07-01 partner.profile 1 active;authorized;amer;reseller,si',
      '2026-Q3 2026-07-02 approval.decided 26',
      '2026-Q3 2026-07-02 deal.approved 9000000',
      '2026-Q3 2026-07-02 deal.decided 26',
      '2026-Q3 2026-07-05 deal.lost 2000000',
      '2026-Q3 2026-07-15 deal.cycle 14',
      '2026-Q3 2026-07-15 deal.won.sourced.new 6300000',
      '2026-Q3 2026-07-19 deal.refunded 2000000',
      '2026-Q3 2026-07-20 deal.ended 2000000',
      '2026-Q3 2026-08-22 approval.decided 0',
      `2026-Q3 2026-08-22 earning.accrued 400000 ${useName('incentive', 'mdf')}`,
      '2026-Q3 2026-08-22 mdf.claimed 400000',
      '2026-Q3 2026-08-22 mdf.leads 34',
      '2026-Q3 2026-08-22 mdf.pipeline 26000000',
      '2026-Q3 2026-08-22 mdf.reimbursed 400000',
    ]);
  });

  test('of the partner that helped, and whose claim was taken back', async () => {
    expect(await told(people.helperId)).toEqual([
      '2026-Q3 2026-07-01 approval.decided 0',
      '2026-Q3 2026-07-01 mdf.approved 400000',
      '2026-Q3 2026-07-01 mdf.budget 1000000',
      '2026-Q3 2026-07-01 mdf.leads.promised 40',
      `2026-Q3 2026-07-01 mdf.requested 400000 ${useName('activity', 'event')}`,
      '2026-Q3 2026-07-01 partner.activated 0',
      '2026-Q3 2026-07-01 partner.agreement 1',
      '2026-Q3 2026-07-01 partner.applied 1',
      '2026-Q3 2026-07-01 partner.profile 1 active;authorized;amer;reseller',
      '2026-Q3 2026-07-02 deal.influenced 9000000',
      '2026-Q3 2026-07-15 deal.won.influenced.new 9000000',
      '2026-Q3 2026-08-22 approval.decided 0',
      `2026-Q3 2026-08-22 earning.accrued -400000 ${useName('incentive', 'mdf')}`,
      `2026-Q3 2026-08-22 earning.accrued 400000 ${useName('incentive', 'mdf')}`,
      '2026-Q3 2026-08-22 mdf.claimed 400000',
      '2026-Q3 2026-08-22 mdf.leads -34',
      '2026-Q3 2026-08-22 mdf.leads 34',
      '2026-Q3 2026-08-22 mdf.pipeline -26000000',
      '2026-Q3 2026-08-22 mdf.pipeline 26000000',
      '2026-Q3 2026-08-22 mdf.reimbursed -400000',
      '2026-Q3 2026-08-22 mdf.reimbursed 400000',
    ]);
  });
});

const client = new DynamoDBClient({});

/** A table of facts of its own for what follows. */
const anotherTable = async (name: string): Promise<void> => {
  process.env.ACTIVITY_TABLE = `${process.env.ACTIVITY_TABLE}-${name}`;
  await client.send(new CreateTableCommand({ TableName: process.env.ACTIVITY_TABLE, ...activityTable }));
};

const allItems = async (): Promise<readonly string[]> => {
  const { items } = await readSegment({ segment: 0, segments: 1 }, undefined);
  const told = (item: FactItem) => JSON.stringify(Object.entries(item).sort());
  return items.map(told).sort();
};

const shuffled = <It>(list: readonly It[], { int }: Prng): readonly It[] => {
  const rest = [...list];
  return list.flatMap(() => rest.splice(int(rest.length), 1));
};

describe('whatever the stream does to events', () => {
  test.each([1, 2, 3])('twice, late, in any order, several at once (seed %i): the facts are the same', async (seed) => {
    const chance = prngOf(seed);
    const expected = await allItems();
    await anotherTable(`${seed}`);
    let left = shuffled([...events, ...events.filter(() => chance.chance(0.5))], chance);
    const batches: (readonly StoredEvent[])[] = [];
    while (left.length > 0) {
      const size = 1 + chance.int(12);
      batches.push(left.slice(0, size));
      left = left.slice(size);
    }
    for (let start = 0; start < batches.length; start += 3) {
      await Promise.all(batches.slice(start, start + 3).map(bring));
    }
    expect(await allItems()).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });
});

test('when events come one after the other, as they mostly do, then no history is read for them', async () => {
  await anotherTable('warm');
  const inOrder = events
    .filter(({ subject }) => subject.startsWith('deal_') || subject.startsWith('ptr_'))
    .toSorted((one, other) => one.at.localeCompare(other.at) || one.seq - other.seq);
  const { requests } = await requestsOf(async () => {
    for (const event of inOrder) await bring([event]);
  });
  // The program is looked up at each of three instants.
  expect(requests.length).toBeLessThanOrEqual(4);
  expect(inOrder.length).toBeGreaterThan(12);
});

test('when the facts of one subject cannot be made, then its records come again, and the others are done', async () => {
  await anotherTable('poison');
  const own = events.filter(({ subject }) => subject === people.helperId);
  const [first] = own;
  if (!first) throw new Error('There are no events.');
  // Its history has not so many events.
  const poison = { ...first, subject: 'deal_11111111111111111111111111', seq: 3 };
  const { batchItemFailures } = await bring([poison, ...own]);
  expect(batchItemFailures).toEqual([{ itemIdentifier: '3' }]);
  expect(await told(people.helperId)).toContain('2026-Q3 2026-07-01 partner.profile 1 active;authorized;amer;reseller');
});
