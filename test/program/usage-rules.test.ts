import { describe, expect, test } from 'vitest';
import { rateOf } from '#shared/program/guide-rates.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { changesBetweenPrograms } from '#shared/program/program-changes.ts';
import { withRules } from '#test/earnings/a-won-deal.ts';
import { faultsOfRule } from './faults-of-rule.ts';

const share: Partial<IncentiveRule> = {
  id: 'share',
  name: 'Share',
  kind: 'rev-share',
  per: 'usage',
  direction: 'to-us',
  percent: 20,
};

const faultsOf = faultsOfRule(share);

describe('when a program file has a rule per usage', () => {
  test.each([
    ['one to us', {}, ''],
    [
      'one to the partner, for app vendors, on one line',
      { direction: 'to-partner', partnerTypes: ['isv'], productLines: ['platform'], roles: ['sourced'] },
      '',
    ],
    ['one without a direction', { direction: undefined }, 'must have "direction"'],
    ['one with a direction that is none', { direction: 'both' }, 'direction'],
    ['a rule per deal with a direction', { per: 'deal' }, 'is for rules per usage'],
    ['another kind', { kind: 'commission' }, 'must be "rev-share"'],
    ['the rate of a tier', { percent: 'tier' }, 'must be a number'],
    ['a flat amount', { percent: undefined, flat: '5 USD' }, 'cannot be said of a rule per usage'],
    ['a budget', { budget: '5 USD' }, 'cannot be said of a rule per usage'],
    ['one with each invoice', { recurring: 'each-invoice' }, 'cannot be said of a rule per usage'],
    ['one to a rep', { payTo: 'rep' }, 'cannot be said of a rule per usage'],
    ['one on sales', { salesFrom: '100 USD' }, 'is said of sales of a quarter or a year'],
    ['one with a milestone', { milestone: 'hundred-users' }, 'cannot be said of a rule per usage'],
  ])('then %s is judged in words', (_words, rule, expected) => {
    const said = faultsOf(rule);
    expect(expected === '' ? said === '' : said.includes(expected), said).toBe(true);
  });

  test.each([
    ['to-partner', '20 % of what the customer uses each month'],
    ['to-us', '20 % of what the customer uses each month, from you to us'],
  ] as const)('then the guide says which way it goes: %s', (direction, words) => {
    const program = withRules({ ...share, direction });
    expect(program.incentives.rules.map((rule) => rateOf(rule, program))).toEqual([words]);
  });
});

describe('when a rule per usage changes', () => {
  const takings = (before: Program, after: Program): readonly string[] =>
    changesBetweenPrograms(before, after).map(
      ({ path, takesAway }) => `${path.replace('incentives.rules[share]', 'share')} ${takesAway ? 'takes' : 'gives'}`,
    );
  const given = { direction: 'to-partner' } as const;
  const owed = { direction: 'to-us' } as const;

  test.each<readonly [string, Partial<IncentiveRule>, Partial<IncentiveRule>, readonly string[]]>([
    ['more for partners', given, { ...given, percent: 25 }, ['share.percent gives']],
    ['less for partners', given, { ...given, percent: 15 }, ['share.percent takes']],
    ['more for us', owed, { ...owed, percent: 25 }, ['share.percent takes']],
    ['less for us', owed, { ...owed, percent: 15 }, ['share.percent gives']],
    [
      'for more of them, to us',
      { ...owed, partnerTypes: ['oem'] },
      { ...owed, partnerTypes: ['oem', 'isv'] },
      ['share.partnerTypes takes'],
    ],
    [
      'for fewer of them, to us',
      { ...owed, partnerTypes: ['oem', 'isv'] },
      { ...owed, partnerTypes: ['oem'] },
      ['share.partnerTypes gives'],
    ],
    ['for all, to us', { ...owed, partnerTypes: ['oem'] }, owed, ['share.partnerTypes takes']],
    ['no longer for all, to us', owed, { ...owed, partnerTypes: ['oem'] }, ['share.partnerTypes gives']],
    ['another name', owed, { ...owed, name: 'Our share' }, ['share.name gives']],
    ['the other way', given, owed, ['share.direction takes']],
    ['the other way back', owed, given, ['share.direction takes']],
  ])('then partners are told what takes from them: %s', (_words, before, after, expected) => {
    expect(takings(withRules({ ...share, ...before }), withRules({ ...share, ...after }))).toEqual(expected);
  });

  test.each([
    ['given', given, 'gives', 'takes'],
    ['owed', owed, 'takes', 'gives'],
  ] as const)('then a new one that is %s, and one that goes, are told apart', (_words, direction, comes, goes) => {
    const rule = { ...share, ...direction };
    expect(takings(withRules(), withRules(rule))).toEqual([`share ${comes}`]);
    expect(takings(withRules(rule), withRules())).toEqual([`share ${goes}`]);
  });
});
