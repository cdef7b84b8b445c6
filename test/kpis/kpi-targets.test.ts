import { describe, expect, it } from 'vitest';
import { isActive } from '#shared/kpis/active-partners.ts';
import { kpiFaults } from '#shared/kpis/kpi-checks.ts';
import type { KpiTarget } from '#shared/kpis/kpi-rules.ts';
import { standingOf } from '#shared/kpis/kpi-targets.ts';
import type { Program } from '#shared/program/program.ts';
import { editedProgram } from '#test/program/example-files.ts';
import { aProgram } from '#test/support/a-program.ts';
import { refusalOf } from '#test/support/refusal-of.ts';

const target: KpiTarget = {
  id: 'share',
  name: 'A quarter of the pipeline',
  kpi: 'pipeline-share',
  per: 'quarter',
  baseline: { on: '2026-01-01', value: 10 },
  value: 20,
  due: '2026-12-27',
};
/** From 2 down to 1, where less is better. */
const falling: KpiTarget = { ...target, baseline: { on: '2026-01-01', value: 2 }, value: 1 };

describe('how a target stands', () => {
  // The year of the baseline has 360 days until the target is due; 30 June is the 180th.
  it.each([
    ['on the line, half-way', target, 'more', '2026-06-30', 15, 'on course', 15],
    ['above the line', target, 'more', '2026-06-30', 19.99, 'on course', 15],
    ['just below the line', target, 'more', '2026-06-30', 14.99, 'behind', 15],
    ['at the target before its day', target, 'more', '2026-06-30', 20, 'reached', 15],
    ['below the target the day before', target, 'more', '2026-12-26', 19.99, 'on course', 19.97],
    ['below the target on its day', target, 'more', '2026-12-27', 19.99, 'missed', 20],
    ['at the target on its day', target, 'more', '2026-12-27', 20, 'reached', 20],
    ['before the baseline', target, 'more', '2025-12-31', 10, 'on course', 10],
    ['below the baseline on its day', target, 'more', '2026-01-01', 9.99, 'behind', 10],
    ['less is better and less it is', falling, 'less', '2026-06-30', 1.49, 'on course', 1.5],
    ['less is better and it is on the line', falling, 'less', '2026-06-30', 1.5, 'on course', 1.5],
    ['less is better and more it is', falling, 'less', '2026-06-30', 1.51, 'behind', 1.5],
    ['less is better and it is there', falling, 'less', '2026-12-27', 1, 'reached', 1],
    ['less is better and it came too late', falling, 'less', '2027-01-31', 1.01, 'missed', 1],
  ] as const)('when it is %s, then that is told', (_label, of, better, day, actual, state, expected) => {
    expect(standingOf(of, { better }, { day, actual })).toEqual({ state, actual, expected });
  });
});

describe('when a program says what cannot be', () => {
  const withKpis = (kpis: Program['kpis']): Program => ({ ...aProgram(), kpis });
  const rule = { partnerTypes: ['agency'], facts: ['deal.registered.new'], atLeast: 1 };

  it.each([
    ['an unknown KPI', { targets: [{ ...target, kpi: 'profit' }] }, 'names the unknown KPI "profit"'],
    [
      'a target that is due before its baseline',
      { targets: [{ ...target, due: '2026-01-01' }] },
      'must be after the day of the baseline',
    ],
    ['a range that is none', { targets: [{ ...target, upTo: 20 }] }, 'must be more than "value"'],
    [
      'a range that goes the wrong way where less is better',
      { targets: [{ ...falling, kpi: 'cycle-time', upTo: 1.5 }] },
      'must be less than "value"',
    ],
    [
      'an unknown type that is active',
      { active: [{ ...rule, partnerTypes: ['friend'] }] },
      'names the unknown partner type "friend"',
    ],
    ['twice when a type is active', { active: [rule, rule] }, 'says again when "agency" is active'],
    [
      'an unknown kind of facts',
      { active: [{ ...rule, facts: ['deal.liked'] }] },
      'names the unknown kind of facts "deal.liked"',
    ],
  ])('%s, then it is refused in words', (_label, kpis, words) => {
    expect(kpiFaults(withKpis(kpis)).map(({ message }) => message)).toEqual([words]);
  });

  it('in a file, then line and field are named', () => {
    const wrong = () => editedProgram(['kpi: pipeline-share', 'kpi: pipeline-shares']);
    expect(String(refusalOf(wrong).message)).toContain('kpis.targets[0].kpi names the unknown KPI "pipeline-shares"');
  });

  it('when a type has its own definition of active, then it takes the place of the usual one', () => {
    const kpis = { active: [{ ...rule, atLeast: 2 }] };
    expect(kpiFaults(withKpis(kpis))).toEqual([]);
    const countOf = (kind: string): number => (kind === 'deal.registered.new' ? 1 : 0);
    expect([isActive(['agency'], undefined, countOf), isActive(['agency'], kpis, countOf)]).toEqual([true, false]);
    expect(isActive(['reseller', 'agency'], kpis, countOf)).toBe(true);
  });
});
