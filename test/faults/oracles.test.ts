import { beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import { runHistory } from './history.ts';
import { marks, partnerOf, repsOf } from './people-of-a-history.ts';
import type { Recording, StoredItem } from './recording.ts';

let good: Recording;
let deal: StoredItem;
let approval: StoredItem;

beforeAll(async () => {
  prepare();
  for (let seed = 1; ; seed += 1) {
    good = (await runHistory(seed)).recording;
    const decided = good.items.find((item) => item.sk === 'approval' && item.status === 'approved');
    const awaited = good.items.find((item) => item.sk === 'deal' && item.awaits !== undefined);
    if (!decided || !awaited || good.mails.length < 2 || good.unfinished.length === 0) continue;
    [approval, deal] = [decided, awaited];
    return;
  }
});

const change = (sk: string, pk: string, fields: Record<string, unknown>): Recording => ({
  ...good,
  items: good.items.map((item) => (item.pk === pk && item.sk === sk ? { ...item, ...fields } : item)),
});
const without = (gone: (item: StoredItem) => boolean): Recording => ({
  ...good,
  items: good.items.filter((item) => !gone(item)),
});
const lastEvent = (pk: string): StoredItem =>
  good.items
    .filter((item) => item.pk === pk && item.sk.startsWith('event#'))
    .sort((a, b) => (a.sk < b.sk ? 1 : -1))[0] ?? deal;

/** What is planted into a recording that is good, and which oracle must see it. */
const planted: readonly (readonly [invariant: string, what: string, plant: () => Recording])[] = [
  ['I2', 'a gate that counts one too many', () => change('gate', String(deal.partnerId), { openDeals: 99 })],
  [
    'I5',
    'a second live registration',
    () => ({
      ...good,
      commits: [...good.commits, [{ ...deal, status: 'submitted' }], [{ ...deal, pk: 'deal_2', status: 'submitted' }]],
    }),
  ],
  [
    'I6',
    'a status that may not follow',
    () => change(lastEvent(approval.pk).sk, approval.pk, { changes: { status: 'open' } }),
  ],
  ['I7', 'an answer about what is not there', () => without((item) => item.pk === deal.pk)],
  ['I7', 'an event that nobody asked for', () => ({ ...good, calls: [] })],
  ['I8', 'an edited event', () => change('event#00000001', deal.pk, { type: 'deal.won' })],
  ['I8', 'an event that is gone', () => without((item) => item.pk === deal.pk && item.sk === 'event#00000001')],
  ['I8', 'an entity that is not what its events tell', () => change('deal', deal.pk, { productLine: 'other' })],
  ['I8', 'a change without an event', () => ({ ...good, commits: [...good.commits, [{ ...deal, version: 77 }]] })],
  [
    'I9',
    'a mail that went out twice',
    () => ({ ...good, mails: [...good.mails, ...good.mails, ...good.mails, ...good.mails, ...good.mails] }),
  ],
  ['I9', 'a mail that never went out', () => ({ ...good, mails: [] })],
  ['I9', 'an event that was not followed', () => ({ ...good, notFollowed: ['deal_1 deal.won'] })],
  [
    'I10',
    'somebody who decided twice',
    () =>
      change('approval', approval.pk, {
        steps: [1, 2].map(() => ({
          role: 'partner_manager',
          needed: 1,
          decisions: [{ by: 'usr_manager', outcome: 'approve' }],
        })),
      }),
  ],
  [
    'I10',
    'too few decisions',
    () =>
      change('approval', approval.pk, {
        steps: [{ role: 'partner_manager', needed: 2, decisions: [{ by: 'usr_manager', outcome: 'approve' }] }],
      }),
  ],
  [
    'I11',
    'another partner’s id in an answer',
    () => {
      const [caller] = repsOf(marks[0]);
      const [call] = good.calls;
      if (!caller || !call) throw new Error('Nobody called.');
      const reply = { status: 200, replayed: false, version: undefined, body: {}, text: partnerOf(marks[1]) };
      return { ...good, calls: [...good.calls, { ...call, operation: 'get-deal', caller, reply }] };
    },
  ],
  [
    'I11',
    'words of a partner in a log line',
    () => ({ ...good, logs: [{ label: 'sweep', text: `{"message":"${marks[0]}"}` }] }),
  ],
  [
    'I11',
    'two partners in one log line',
    () => ({ ...good, logs: [{ label: 'sweep', text: marks.map(partnerOf).join() }] }),
  ],
  ['I11', 'a task token in a log line', () => ({ ...good, logs: [{ label: 'Ask', text: '{"token":"token-7"}' }] })],
  ['I9', 'a workflow for what needs nobody', () => ({ ...good, started: [...good.started, 'apr_deal_AUTOMATIC_1-1'] })],
  [
    'I9',
    'an expiry before its time',
    () => change('event#00000002', approval.pk, { type: 'approval.reminded', at: '2000-01-01T00:00:00.000Z' }),
  ],
  [
    'I7',
    'a refusal of what was done already',
    () => {
      const done = good.calls.find(({ operation, reply }) => operation === 'register-deal' && reply?.status === 201);
      if (!done?.reply) throw new Error('Nobody registered.');
      const reply = { ...done.reply, status: 409, body: { code: 'deal.limit_reached' } };
      return { ...good, calls: [...good.calls, { ...done, begunAfter: good.commits.length, reply }] };
    },
  ],
  ['I12', 'an approval that is not there', () => without((item) => item.pk.startsWith('apr_deal'))],
  [
    'I12',
    'an execution that waits for what is decided',
    () => ({ ...good, unfinished: [{ name: 'x', approvalId: approval.pk, state: 'Ask waiting' }] }),
  ],
  [
    'I12',
    'a decision that was not followed up',
    () => without((item) => item.pk === approval.pk && item.sk === 'task'),
  ],
  [
    'I12',
    'something that is overdue',
    () => change('deal', deal.pk, { due: { at: '2020-01-01T00:00:00.000Z' }, needsAttention: undefined }),
  ],
];

describe('when a recording is good', () => {
  test('then no oracle speaks', () => expect(violationsOf(good)).toEqual([]));
});

describe('when something is planted into a good recording', () => {
  test.each(planted)('then %s speaks of %s', (invariant, _what, plant) => {
    expect(violationsOf(plant()).filter((words) => words.startsWith(`${invariant}:`))).not.toEqual([]);
  });
});
