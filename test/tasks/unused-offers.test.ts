import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/tasks/door.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { useName } from '#shared/facts/use-name.ts';
import { keepSums } from '#shared/kpis/kpi-store.ts';
import { addToSums, type KpiSums, noSums } from '#shared/kpis/kpi-sums.ts';
import { transact } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { unusedOffers } from '#shared/scorecards/unused-offers.ts';
import { aFact, aProfile, reviewDay } from '#test/health/a-scoring-run.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { admin, finance } from '#test/support/people.ts';

const quarters = ['2026-Q1', '2026-Q2'] as const;
const rule = (id: string, more: Partial<Program['incentives']['rules'][number]> = {}) => ({
  id,
  name: id,
  kind: 'bonus' as const,
  per: 'deal' as const,
  percent: 1,
  ...more,
});
const example = aProgram();
const program = (...rules: ReturnType<typeof rule>[]): Program => ({
  ...example,
  incentives: { ...example.incentives, rules },
  mdf: { ...example.mdf, activityTypes: example.mdf.activityTypes.slice(0, 2) },
});
const [event, webinar] = program().mdf.activityTypes.map(({ id }) => id);

const earned = (id: string, more: Partial<Fact> = {}): Fact =>
  aFact('ptr_acme', { kind: 'earning.accrued', about: useName('incentive', id), ...more });
const funds = (kind: 'mdf.budget' | 'mdf.requested', more: Partial<Fact> = {}): Fact =>
  aFact('ptr_acme', { kind, ...more });

/** What runs of both quarters keep, of one partner that has all these facts. */
const sumsOf = (facts: readonly Fact[], of: readonly string[] = quarters): ReadonlyMap<string, KpiSums> =>
  new Map(
    of.map((quarter) => {
      const sums = noSums();
      const known = [aProfile('ptr_acme'), ...facts].filter((fact) => fact.quarter <= quarter);
      addToSums(sums, partnerFacts('ptr_acme', quarter, known), example);
      return [quarter, sums];
    }),
  );

const unused = (now: Program, facts: readonly Fact[], { before = now, of = quarters as readonly string[] } = {}) =>
  unusedOffers(now, before, { quarter: '2026-Q2', sums: sumsOf(facts, of) }).map(({ what, id }) => `${what} ${id}`);

describe('when an incentive was there for two quarters', () => {
  const two = program(rule('spiff'), rule('bonus'));

  test.each<readonly [string, readonly Fact[], readonly string[]]>([
    ['nobody earned by either', [], ['incentive spiff', 'incentive bonus']],
    ['somebody earned by one in the last', [earned('spiff', { quarter: '2026-Q2' })], ['incentive bonus']],
    ['somebody earned by one in the first', [earned('bonus', { quarter: '2026-Q1' })], ['incentive spiff']],
    ['it was earned long ago', [earned('bonus', { quarter: '2025-Q4' })], ['incentive spiff', 'incentive bonus']],
    ['it was taken back only', [earned('bonus', { value: -100 })], ['incentive spiff', 'incentive bonus']],
  ])('then it is told when %s', (_words, facts, told) => {
    expect(unused(two, facts)).toEqual(told);
  });

  test('then nothing is told while the figures of a quarter are not known', () => {
    expect(unused(two, [], { of: ['2026-Q2'] })).toEqual([]);
    expect(unusedOffers(two, undefined, { quarter: '2026-Q2', sums: sumsOf([]) })).toEqual([]);
  });

  test.each([
    ['came later', rule('late'), program()],
    ['is a discount', rule('late', { kind: 'margin-discount' as never }), undefined],
    ['is of a whole year', rule('late', { per: 'year' as never }), undefined],
    ['held for some of their days', rule('late', { period: { from: '2026-02-01', until: '2026-12-31' } }), undefined],
  ])('then nothing is told of one that %s', (_words, other, before) => {
    const now = program(other);
    expect(unused(now, [], { before: before ?? now })).toEqual([]);
  });
});

test('when there were funds in both quarters, then types of activities that nobody asked for are told', () => {
  const given = quarters.map((quarter) => funds('mdf.budget', { quarter }));
  const asked = funds('mdf.requested', { about: useName('activity', event ?? '') });
  expect(unused(program(), given)).toEqual([`activity ${event}`, `activity ${webinar}`]);
  expect(unused(program(), [...given, asked])).toEqual([`activity ${webinar}`]);
  expect(unused(program(), given.slice(1))).toEqual([]);
});

describe('when whoever keeps the program asks what there is to do', () => {
  beforeAll(async () => {
    await testTable();
    await publish(program(rule('spiff'), rule('bonus')));
    for (const [quarter, sums] of sumsOf([earned('bonus')])) {
      await transact(keepSums({ quarter, runId: 'scr_1', at: reviewDay, programVersion: 1 }, sums));
    }
  });
  const ask = (at: string, caller = admin) => send(handler, { operation: 'list-program-tasks', at, caller });

  test('then what nobody used stands there with what to do, until a day', async () => {
    expect((await ask(reviewDay)).body.data).toEqual([
      {
        kind: 'unused_offer',
        text: 'Nobody has earned “spiff” for 2 quarters. Tell partners of it, or change or end it with the next version of the program.',
        dueAt: '2026-08-30T00:00:00.000Z',
        subject: { type: 'program', id: 'spiff' },
      },
    ]);
    expect((await ask('2026-08-30T00:00:00.000Z')).body.data).toEqual([]);
    expect((await ask(reviewDay, finance)).status).toBe(403);
  });
});
