import { beforeAll, describe, expect, test } from 'vitest';
import { exitCodeOf } from '#bench/figure.ts';
import { lostOrUnasked } from '#bench/load-invariants.ts';
import { measureOperations, type Operation } from '#bench/ops.ts';
import { freshPartner, register } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { repOf } from '#test/support/people.ts';

let operations: readonly Operation[];

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  operations = await measureOperations();
});

/** Requests on success, replay and refusal, and write units when no item is larger than a kilobyte: two an item, and the indexes'. */
const expected: readonly (readonly [command: string, requests: string, units: number])[] = [
  ['deal registered, for a person to decide', '1 1 1', 11],
  ['deal registered, approved at once', '1 1 1', 12],
  ['deal rejected by a decision', '2 1 1', 17],
  ['deal approved by a decision', '2 1 1', 18],
  ['deal extended', '2 1 1', 8],
  ['deal closed by staff', '2 1 1', 12],
  ['deal expired by the sweep', '2 1 1', 9],
  ['application', '1 1 1', 7],
  ['known account recorded', '1 1 1', 5],
  ['fund request submitted', '1 1 1', 11],
  ['budget reserved, without the decision', '2 2 2', 9],
  ['fund request approved by a decision', '2 1 1', 16],
  ['claim with 3 documents submitted', '2 2 2', 15],
  // The first of a partner's month puts its statement into the list that runs read: one unit more than each later one.
  ['claim approved by a decision', '2 1 1', 24],
  ['earning accrued', '1 1 1', 6],
  ['earning accrued, the first of its statement', '1 1 1', 7],
  ['one partner through a run, 1 earning', '6 3 3', 13],
  ['one partner through a run, 100 earnings', '6 3 3', 13],
];

test.each(expected)('when %s, then it is %s requests and %d write units', (command, requests, units) => {
  const operation = operations.find((it) => it.command === command);
  const { success, replay, refusal } = operation?.requests ?? {};
  expect([`${success} ${replay} ${refusal}`, operation?.unitsAtOneKilobyte]).toEqual([requests, units]);
});

test('when a deal is registered, then it is at most 12 write units', () => {
  const registrations = operations.filter(({ command }) => command.startsWith('deal registered'));
  expect(registrations).toHaveLength(2);
  for (const { unitsAtOneKilobyte } of registrations) expect(unitsAtOneKilobyte).toBeLessThanOrEqual(12);
});

test('when a deal of a usual size is registered, then none of its items passes the kilobyte that the figure assumes', () => {
  const items = operations.filter(({ command }) => command.startsWith('deal registered')).flatMap((it) => it.items);
  expect(items.filter(({ bytes }) => bytes > 1024)).toEqual([]);
});

describe('when registrations were sent by the hundred', () => {
  const registered = async (key: string) => {
    const partnerId = await freshPartner();
    const { body } = await register(partnerId, {}, { key });
    return { id: String(body.id), attempt: { by: repOf(partnerId).id, key } };
  };

  test('then one that was lost is found, and one that nobody sent, also where their numbers agree', async () => {
    const [first, second] = [await registered('load-1'), await registered('load-2')];
    const load = { attempted: [first.attempt], acknowledged: [first.id] };
    expect(lostOrUnasked(load, new Set([first.id]))).toEqual([]);
    expect(lostOrUnasked({ ...load, acknowledged: [] }, new Set([first.id]))).toEqual([]);
    expect(lostOrUnasked(load, new Set([second.id]))).toEqual([
      `I7: ${first.id} was acknowledged and is not there`,
      `I7: ${second.id} is there and nobody asked for it`,
    ]);
  });
});

test.each([
  ['all are as good as they must be', [{ value: 1, must: 1 }, { value: 9 }], 0],
  [
    'one is worse',
    [
      { value: 1, must: 1 },
      { value: 1.01, must: 1 },
    ],
    1,
  ],
  ['one is no number', [{ value: Number.NaN, must: 1 }], 1],
] as const)('when of the figures %s, then a bench ends as it should', (_, figures, code) => {
  expect(exitCodeOf(figures.map((figure) => ({ name: 'A figure', ...figure })))).toBe(code);
});
