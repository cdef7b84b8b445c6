import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import { isAtLeast, one, ratioOf, zero } from '#shared/health/ratio.ts';
import { checkProgram } from '#shared/program/program-checks.ts';
import { defaultTemplates } from '#shared/success-plans/default-templates.ts';
import { type MutualPlan, planLifecycle, planStatuses, tellProgress } from '#shared/success-plans/mutual-plan.ts';
import { type ObjectiveProgress, progressOf } from '#shared/success-plans/plan-progress.ts';
import { aFact } from '#test/health/a-scoring-run.ts';
import { aProgram } from '#test/support/a-program.ts';
import { codeOf } from '#test/support/code-of.ts';
import { aPlan } from './a-plan.ts';

const quarter = '2026-Q3';
const calendar = { fiscalYearStart: 1, timeZone: 'UTC' };
const at = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;
const by = { by: 'usr_manager', now: '2026-07-10T12:00:00.000Z' };

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

const fact = (kind: Fact['kind'], day: string, value = 1): Fact =>
  aFact('ptr_acme', {
    kind,
    quarter: day < '2026-07-01' ? '2026-Q2' : day < '2026-10-01' ? quarter : '2026-Q4',
    value,
    at: at(day),
  });

const progress = (plan: MutualPlan, facts: readonly Fact[], day: string) =>
  progressOf(plan, facts, { now: `${day}T12:00:00.000Z`, calendar });
const one_ = (plan: MutualPlan, id: string, facts: readonly Fact[], day: string): ObjectiveProgress => {
  const found = progress(plan, facts, day).objectives.find(({ objective }) => objective.id === id);
  if (!found) throw new Error(`no objective ${id}`);
  return found;
};

const launch = aPlan('ptr_acme', quarter);

describe('when the facts of a quarter are held against its plan', () => {
  const deals = (count: number, day = '2026-07-20') =>
    Array.from({ length: count }, () => fact('deal.registered.new', day, 1_000_000));

  // 92 days, three deals: on 1 August, 31 days have passed, and one deal is 33.3 % of three but 31 of 92 days are 33.7 %.
  test.each([
    ['nothing has happened on the first day', 0, '2026-07-01', 'on_track'],
    ['nothing has happened on the second', 0, '2026-07-02', 'behind'],
    ['a third is there after thirty days', 1, '2026-07-31', 'on_track'],
    ['a third is there after thirty-one days', 1, '2026-08-01', 'behind'],
    ['two thirds are there on the last day', 2, '2026-09-30', 'behind'],
    ['all is there', 3, '2026-07-21', 'reached'],
    ['all was there at the end', 3, '2026-12-31', 'reached'],
    ['a part was there at the end', 2, '2026-12-31', 'behind'],
  ])('then %s', (_words, count, day, state) => {
    expect(one_(launch, 'deals', deals(count), day).state).toBe(state);
  });

  test('then facts of other quarters count for nothing, and what was told of nowhere is not known', () => {
    expect(one_(launch, 'deals', deals(3, '2026-06-30'), '2026-07-20').part?.n).toBe(0n);
    expect(one_(launch, 'sessions', [], '2026-07-20')).toMatchObject({ state: 'no_data', part: undefined });
    expect(one_(launch, 'sessions', [fact('enablement.session', '2026-08-01', 3)], '2026-08-02')).toMatchObject({
      state: 'reached',
      part: ratioOf(3n * 10_000n, 2n * 10_000n),
    });
  });

  test('then more of one objective makes up for nothing of another', () => {
    const { part, known } = progress(launch, deals(9), '2026-07-20');
    // Deals 35 and campaigns 15 are known to Tandem itself.
    expect([part.n * 100n, known]).toEqual([part.d * 35n, 50]);
  });
});

describe('when a plan counts days', () => {
  const plan = { ...aPlan('ptr_acme', quarter, { template: 'ninety-days' }) };

  test('then its objectives end with their own days, and look at those alone', () => {
    expect(plan.objectives.map(({ id, dueOn }) => [id, dueOn])).toContainEqual(['trainings', '2026-07-31']);
    expect([plan.startsOn, plan.endsOn]).toEqual(['2026-07-01', '2026-09-29']);
    const trained = (...days: string[]) =>
      one_(
        plan,
        'trainings',
        days.map((day) => fact('training.completed', day)),
        '2026-08-10',
      );
    expect(trained('2026-07-01', '2026-07-31').state).toBe('reached');
    expect(trained('2026-06-30', '2026-07-31').state).toBe('behind');
    expect(trained('2026-07-15', '2026-08-01').state).toBe('behind');
  });
});

test('when a plan of days begins within its quarter, then what came before counts for nothing, and it goes on in the next', () => {
  const plan = aPlan('ptr_acme', quarter, { template: 'ninety-days', startsOn: '2026-09-10' });
  const trained = (...days: string[]) =>
    one_(
      plan,
      'trainings',
      days.map((day) => fact('training.completed', day)),
      '2026-11-01',
    ).state;
  expect(trained('2026-09-09', '2026-10-10')).toBe('behind');
  expect(trained('2026-09-10', '2026-10-10')).toBe('reached');
  expect(trained('2026-09-10', '2026-10-11')).toBe('behind');
});

describe('when people tell of what no facts tell of', () => {
  test('then it counts like facts, the last word at the time', () => {
    const told = tellProgress(launch, { reached: { announcement: { done: true } } }, by);
    expect(one_(told, 'announcement', [], '2026-07-20').state).toBe('reached');
    const undone = tellProgress(told, { reached: { announcement: { value: 0 } } }, by);
    expect(one_(undone, 'announcement', [], '2026-07-20').state).toBe('behind');
  });

  test.each(['deals', 'nothing'])('then nobody tells of %s', (id) => {
    expect(codeOf(() => tellProgress(launch, { reached: { [id]: { value: 1 } } }, by))).toBe(
      'success_plan.not_by_hand',
    );
  });

  test('then the last fifty comments stay', () => {
    const plan = Array.from({ length: 60 }).reduce<MutualPlan>(
      (so, _, index) => tellProgress(so, { comment: `${index}` }, by),
      launch,
    );
    expect(plan.comments.map(({ text }) => Number(text))).toEqual(Array.from({ length: 50 }, (_, index) => index + 10));
  });
});

test('a plan is proposed, accepted, and proposed anew', () => {
  expect(planLifecycle).toEqual({ proposed: ['accepted'], accepted: ['proposed'] });
  expect(planStatuses).toEqual(['proposed', 'accepted']);
});

describe('when plans are made from templates', () => {
  test.each([
    ['weights do not sum to 100', { deals: { weight: 34 } }, 'success_plan.faulty'],
    ['an amount is planned of what is counted', { deals: { target: usd(5) } }, 'success_plan.faulty'],
    ['an amount is told by hand', { announcement: { target: usd(5) } }, 'success_plan.faulty'],
    ['a kind of facts is unknown', { deals: { facts: ['deal.sold'] } }, 'success_plan.faulty'],
    ['one more objective says too little', { more: { title: 'More' } }, 'success_plan.faulty'],
    ['the sales target is no sales', { deals: { salesTarget: true } }, 'success_plan.faulty'],
    ['all is left out', Object.fromEntries(launch.objectives.map(({ id }) => [id, null])), 'success_plan.faulty'],
  ])('then one in which %s is refused', (_words, adjustments, code) => {
    expect(codeOf(() => aPlan('ptr_acme', quarter, { adjustments }))).toBe(code);
  });

  test('then what is to be sold is agreed with each partner, in the currency of the program', () => {
    const growth = (target?: ReturnType<typeof usd>) =>
      codeOf(() => aPlan('ptr_acme', quarter, { template: 'growth', adjustments: { sales: { target } } }));
    expect(growth()).toBe('success_plan.faulty');
    expect(growth({ amountMinor: 5, currency: 'EUR' })).toBe('money.currency_mismatch');
    expect(growth(usd(5_000_000))).toBe('done');
  });

  test('then those of the example program and of Tandem itself are sound, and the same', () => {
    const { successPlans } = aProgram();
    expect(successPlans).toEqual(defaultTemplates);
    expect(checkProgram(aProgram())).toEqual([]);
  });
});

describe('when anything happens to a plan', () => {
  const facts = fc.array(
    fc
      .record({
        kind: fc.constantFrom('deal.registered.new', 'enablement.session', 'marketing.event', 'mdf.approved' as const),
        day: fc.integer({ min: 0, max: 120 }),
        value: fc.integer({ min: 0, max: 5 }),
      })
      .map(({ kind, day, value }) =>
        fact(kind as Fact['kind'], new Date(Date.UTC(2026, 5, 15 + day)).toISOString().slice(0, 10), value),
      ),
    { maxLength: 20 },
  );

  test('then it is between nothing and all, no fact lowers it, their order says nothing, and all is all', () => {
    fc.assert(
      fc.property(facts, facts, (some, more) => {
        const before = progress(launch, some, '2026-08-01');
        const after = progress(launch, [...some, ...more], '2026-08-01');
        const turned = progress(launch, [...more, ...some], '2026-08-01');
        expect(isAtLeast(before.part, zero) && isAtLeast(one, after.part)).toBe(true);
        expect(isAtLeast(after.part, before.part)).toBe(true);
        expect(turned.part.n * after.part.d).toBe(after.part.n * turned.part.d);
        const reached = after.objectives.filter(({ state }) => state === 'reached');
        const weight = reached.reduce((sum, { objective }) => sum + objective.weight, 0);
        expect(after.part.n * 100n >= after.part.d * BigInt(weight)).toBe(true);
        expect(reached.length === launch.objectives.length).toBe(isAtLeast(after.part, one));
      }),
      { numRuns: 300 },
    );
  });
});
