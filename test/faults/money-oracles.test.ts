import { beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import { runHistory } from './history.ts';
import type { Recording, StoredItem } from './recording.ts';

let good: Recording;

const some = (is: (item: StoredItem) => boolean): StoredItem => {
  const found = good.items.find(is);
  if (!found) throw new Error('The recording has no such thing.');
  return found;
};
const isEarning = ({ sk, dealId }: StoredItem): boolean => sk.startsWith('earning#') && dealId !== undefined;

beforeAll(async () => {
  prepare();
  for (let seed = 1; ; seed += 1) {
    good = (await runHistory(seed, { plot: 'money' })).recording;
    const isRefused = good.calls.some(({ operation, reply }) => operation === 'submit-mdf-request' && reply?.body.code);
    const isHeld = good.items.some(({ sk, status }) => sk === 'claim' && status === 'partially_approved');
    if (isRefused && isHeld && good.items.some(({ sk, doneAt }) => sk === '2026-Q1' && doneAt)) return;
  }
});

const change = (item: StoredItem, fields: Record<string, unknown>): Recording => ({
  ...good,
  items: good.items.map((each) => (each === item ? { ...item, ...fields } : each)),
});
const without = (item: StoredItem): Recording => ({ ...good, items: good.items.filter((each) => each !== item) });

/** A request for next to nothing, refused for lack of funds while there were plenty. */
const aWrongRefusal = (): Recording => {
  const call = good.calls.find(({ operation, reply }) => operation === 'submit-mdf-request' && reply?.status === 409);
  const { reply } = call ?? {};
  if (!call || !reply) throw new Error('Nothing was refused.');
  const body = { quarter: '2026-Q1', requestedAmount: { amountMinor: 1, currency: 'USD' } };
  const wrong = { ...call, at: '2026-03-02T09:00:00.000Z', begunAfter: 0, answeredAfter: 0, body };
  return { ...good, calls: [...good.calls, { ...wrong, reply: { ...reply, body: { code: 'mdf.budget_exceeded' } } }] };
};

/** What is planted into a recording that is good, and which oracle must see it. */
const planted: readonly (readonly [invariant: string, what: string, plant: () => Recording])[] = [
  [
    'I1',
    'a budget with a cent too much',
    () => addTo(some(({ sk, kind }) => sk === 'budget' && kind === 'mdf-budget')),
  ],
  [
    'I1',
    'a statement that is gone',
    () => without(some(({ sk, earnings }) => sk.startsWith('statement#') && earnings !== 0)),
  ],
  ['I1', 'a journal that was not folded', () => without(some(({ kind }) => kind === 'journal'))],
  ['I2', 'a refusal of what would have fitted', aWrongRefusal],
  ['I3', 'an earning of another amount', () => change(some(isOwed), { amount: { amountMinor: 7, currency: 'USD' } })],
  ['I4', 'an earning that is not there', () => without(some(isEarning))],
  [
    'I4',
    'a second earning of the same payment',
    () => ({ ...good, items: [...good.items, { ...some(isEarning), id: 'ern_2' }] }),
  ],
  ['I4', 'a document that stands in another claim too', () => change(some(isHeldContent), { claimId: 'clm_other' })],
  ['I9', 'a sale that nobody knows', () => without(some(({ sk }) => sk.startsWith('sale#')))],
];

const addTo = (budget: StoredItem): Recording => change(budget, { available: Number(budget.available) + 1 });
const isOwed = (item: StoredItem): boolean => isEarning(item) && item.status === 'on_hold';
const isHeldContent = ({ sk, claimId }: StoredItem): boolean => sk === 'content' && claimId !== undefined;

describe('when a recording of money is good', () => {
  test('then no oracle speaks', () => expect(violationsOf(good)).toEqual([]));
});

describe('when something is planted into a good recording of money', () => {
  test.each(planted)('then %s speaks of %s', (invariant, _what, plant) => {
    expect(violationsOf(plant()).filter((words) => words.startsWith(`${invariant}:`))).not.toEqual([]);
  });
});
