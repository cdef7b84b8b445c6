import { beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import type { Recording, StoredItem } from './recording.ts';
import { runScene } from './scripted-history.ts';

let good: Recording;

beforeAll(async () => {
  prepare();
  good = await runScene('a run is approved by two and paid by Stripe', () => 'none');
});

const change = (is: (item: StoredItem) => boolean, fields: Record<string, unknown>): Recording => {
  const found = good.items.find(is);
  if (!found) throw new Error('The recording has no such thing.');
  return { ...good, items: good.items.map((each) => (each === found ? { ...found, ...fields } : each)) };
};
const isRun = ({ sk }: StoredItem): boolean => sk === 'run';
const isPaid = ({ sk, status }: StoredItem): boolean => sk.startsWith('statement#') && status === 'paid';

/** What is planted into a recording that is good, and which oracle must see it. */
const planted: readonly (readonly [invariant: string, what: string, plant: () => Recording])[] = [
  ['I7: run', 'a manifest that is not what was approved', () => change(isRun, { manifestHash: 'another' })],
  ['I7: run', 'a total that its lines do not come to', () => change(isRun, { total: { amountMinor: 1 } })],
  ['I7: run', 'an account that was not approved', () => change(isPaid, { payeeVersion: 7 })],
  ['I3: pay', 'an amount that is not what was due', () => change(isPaid, { amount: { amountMinor: 700_000 } })],
  [
    'I3: pay',
    'an account that was changed just before',
    () => change(({ sk }) => sk === 'payee#000001', { payee: { changedAt: '2026-06-02T00:00:00.000Z' } }),
  ],
  ['I10: usr', 'a run that its starter approved', () => change(isRun, { startedBy: 'usr_other_finance' })],
  [
    'I10: 0',
    'a run that nobody approved',
    () => change(({ pk, sk }) => pk.startsWith('apr_run_') && sk === 'approval', { steps: [] }),
  ],
  [
    'I10: usr',
    'somebody who approved on the first day',
    () =>
      change(({ pk, sk }) => pk === 'usr_other_finance' && sk === 'user', { grantedAt: '2026-06-03T08:00:00.000Z' }),
  ],
  [
    'I10: pay',
    'a payout that was sent before its run was approved',
    () => ({
      ...good,
      commits: good.commits.filter((commit) => !commit.some((it) => it.type === 'payout_run.approved')),
    }),
  ],
  [
    'I10: usr',
    'a payout of which one person said what became',
    () => change(({ type }) => type === 'payout.paid', { by: 'usr_finance' }),
  ],
  ['I4: pay', 'a second transfer', () => ({ ...good, transfers: [...good.transfers, ...good.transfers.slice(0, 1)] })],
  ['I4: pay', 'a transfer of what failed', () => change(isPaid, { status: 'failed' })],
  ['I12: the lock', 'a lock that nobody holds', () => change(({ pk }) => pk === 'payouts', { runId: goodRunId() })],
  ['I12: run', 'a run that nobody goes on with', () => change(isRun, { status: 'approved' })],
];

const goodRunId = (): string => String(good.items.find(isRun)?.pk);

describe('when a recording of payouts is good', () => {
  test('then no oracle speaks', () => expect(violationsOf(good)).toEqual([]));
});

describe('when something is planted into a good recording of payouts', () => {
  test.each(planted)('then %s speaks of %s', (words, _what, plant) => {
    expect(violationsOf(plant()).filter((each) => each.startsWith(words))).not.toEqual([]);
  });
});
