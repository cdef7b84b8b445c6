import { beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import type { WireItem } from './expressions.ts';
import type { AnsweredCall, Recording, StoredItem } from './recording.ts';
import { runScene } from './scripted-history.ts';

let good: Recording;
let lost: Recording;

beforeAll(async () => {
  prepare();
  good = await runScene('a quarter is scored, published and corrected', () => 'none');
  lost = await runScene('of two tiers under notice one is kept by an appeal, the other lost', () => 'none');
});

type Is = (item: StoredItem) => boolean;

const change = (is: Is, fields: Record<string, unknown>, of = good): Recording => {
  const found = of.items.find(is);
  if (!found) throw new Error('The recording has no such thing.');
  return { ...of, items: of.items.map((each) => (each === found ? { ...found, ...fields } : each)) };
};
const commit = (is: Is, fields: Record<string, unknown>): Recording => {
  const found = good.items.find(is);
  if (!found) throw new Error('The recording has no such thing.');
  return { ...good, commits: [...good.commits, [{ ...found, ...fields }]] };
};
const facts = (items: (of: readonly WireItem[]) => readonly WireItem[], of = good): Recording => ({
  ...of,
  facts: { ...of.facts, items: items(of.facts.items) },
});
const answer = (operation: string, body: Record<string, unknown>, of = good): Recording => {
  const isIt = (call: AnsweredCall) => call.operation === operation && call.reply?.status === 200;
  const found = of.calls.findLast(isIt);
  if (!found?.reply) throw new Error('Nobody asked.');
  const told = { ...found, reply: { ...found.reply, body: { ...found.reply.body, ...body } } };
  return { ...of, calls: of.calls.map((each) => (each === found ? told : each)) };
};

const isRun: Is = ({ pk, sk }) => pk.startsWith('scr_') && sk === 'run';
const isHealth: Is = ({ sk }) => sk === 'health';
const isRevision: Is = ({ sk }) => sk === 'revision#0001';
const isTraining = ({ sk }: WireItem): boolean => sk?.S?.includes('/et/') ?? false;
const isScoredAgain: Is = ({ sk, type }) => sk.startsWith('event#') && type === 'health.corrected';

/** What is planted into a recording that is good, and which oracle must see it. */
const planted: readonly (readonly [says: RegExp, what: string, plant: () => Recording])[] = [
  [/^I9: the fact .* is missing/, 'a fact that is lost', () => facts((all) => all.filter((it) => !isTraining(it)))],
  [
    /^I9: the fact .* is not as its event says/,
    'a fact of another value',
    () => facts((all) => all.map((it) => (isTraining(it) ? { ...it, v: { N: '99' } } : it))),
  ],
  [
    /^I9: no event tells/,
    'a fact there twice',
    () => facts((all) => [...all, ...all.filter(isTraining).map((it) => ({ ...it, sk: { S: `${it.sk?.S}2` } }))]),
  ],
  [/^I7: of 2 rows/, 'a count of rows that is wrong', () => answer('report-facts', { known: 5 }, lost)],
  [
    /^I7: nobody-of-.* was taken/,
    'a row that was taken and is not there',
    () => ({ ...lost, items: lost.items.filter(({ kind, type }) => kind !== 'event' || type !== 'fact.reported') }),
  ],
  [
    /^I7: nobody told/,
    'a fact that says what nobody told',
    () => change(({ type, at }) => type === 'fact.reported' && String(at) > '2026-07-04', { changes: {} }, lost),
  ],
  [
    /^I9: .* says again/,
    'a score that is written though nothing changed',
    () => change(isScoredAgain, { changes: {} }),
  ],
  [/^I9: .* is not what its event says/, 'a revision of other words', () => change(isRevision, { text: '{}' })],
  [/^I7: .* was written over/, 'a publication that is written over', () => commit(isRevision, { text: '{}' })],
  [/^I7: .* was told/, 'a partner that is told something else', () => answer('get-health', { digest: 'another' })],
  [/^I12: .* is running/, 'a run that does not end', () => change(isRun, { status: 'running' })],
  [
    /^I12: .* and did/,
    'a run that loses partners',
    () => change(isRun, { tally: { partners: 3, changed: 1, unchanged: 1, parked: 0 } }),
  ],
  [
    /^I12: .* while another/,
    'a run that began while another went on',
    () => {
      const commits = good.commits.filter((each) => !each.some((it) => isRun(it) && it.status === 'completed'));
      return { ...good, commits };
    },
  ],
  [
    /^I9: scr_/,
    'a run that left another score',
    () => {
      const commits = good.commits.map((each) => each.map((it) => (isHealth(it) ? { ...it, digest: 'another' } : it)));
      return { ...good, commits };
    },
  ],
  [/^As undisturbed: .* points/, 'a score of other points', () => change(isHealth, { points: 1 })],
  [
    /^As undisturbed: .* is not judged/,
    'a scorecard that is not that of the facts',
    () => change(isHealth, { digest: '' }),
  ],
  [
    /^As undisturbed: .* sums/,
    'figures of a partner too many',
    () => {
      const of = (name: string) => lost.items.find(({ pk }) => pk === `kpi_2026-${name}`)?.packed;
      return change(({ pk }) => pk === 'kpi_2026-Q2', { packed: of('Q3') }, lost);
    },
  ],
  [
    /^I9: ptr_.* its tier is/,
    'a tier that did not follow',
    () => change(({ sk }) => sk === 'partner', { tier: 'authorized' }),
  ],
  [
    /^I9: ptr_.* acts again/,
    'a judgement that moved a tier twice',
    () => {
      const moved = good.items.find(({ type }) => type === 'partner.tier_changed');
      const again = { ...moved, pk: String(moved?.pk), sk: 'event#00000099', seq: 99, changes: { tier: 'gold' } };
      return { ...good, items: [...good.items, again] };
    },
  ],
];

test('nothing is wrong with what was recorded', () => {
  expect([...violationsOf(good), ...violationsOf(lost)]).toEqual([]);
});

describe('when there is', () => {
  test.each(planted)('%s: %s, then it is seen', (says, _what, plant) => {
    expect(violationsOf(plant()).filter((words) => says.test(words))).not.toEqual([]);
  });
});
