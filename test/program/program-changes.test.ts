import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { lists } from '#shared/program/change-lists.ts';
import { blocksOfAlikes, ranks } from '#shared/program/change-ranks.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { Program } from '#shared/program/program.ts';
import { changesBetweenPrograms } from '#shared/program/program-changes.ts';
import { edited, editedProgram, exampleSource } from './example-files.ts';

const before = parseProgram(exampleSource);

type Edit = readonly [string, string];
const changesAfter = (...edits: readonly Edit[]) => changesBetweenPrograms(before, editedProgram(...edits));

describe('when one thing changes, then it is said in words and whether partners lose by it', () => {
  it.each([
    {
      label: 'less MDF',
      edit: ['mdfPerQuarter: 5,000.00 USD', 'mdfPerQuarter: 4,000.00 USD'],
      path: 'tiers[gold].benefits.mdfPerQuarter',
      text: 'MDF per quarter (tiers, gold, benefits): from USD 5,000.00 to USD 4,000.00',
      takesAway: true,
    },
    {
      label: 'more MDF',
      edit: ['mdfPerQuarter: 5,000.00 USD', 'mdfPerQuarter: 6,000.00 USD'],
      path: 'tiers[gold].benefits.mdfPerQuarter',
      takesAway: false,
    },
    {
      label: 'a lower rate',
      edit: ['marginPercent: 20', 'marginPercent: 19.5'],
      path: 'tiers[gold].benefits.marginPercent',
      takesAway: true,
    },
    {
      label: 'a higher rate',
      edit: ['marginPercent: 20', 'marginPercent: 20.5'],
      path: 'tiers[gold].benefits.marginPercent',
      takesAway: false,
    },
    {
      label: 'a limit where there was none',
      edit: ['marginPercent: 30', 'marginPercent: 30\n      openRegistrationLimit: 500'],
      path: 'tiers[platinum].benefits.openRegistrationLimit',
      text: 'open registration limit (tiers, platinum, benefits): from not set to 500',
      takesAway: true,
    },
    {
      label: 'no limit where there was one',
      edit: ['      openRegistrationLimit: 100\n', ''],
      path: 'tiers[gold].benefits.openRegistrationLimit',
      takesAway: false,
    },
    {
      label: 'no leads any more',
      edit: ['leads: true', 'leads: false'],
      path: 'tiers[gold].benefits.leads',
      takesAway: true,
    },
    {
      label: 'a benefit in words that goes',
      edit: ['        - Joint PR\n', ''],
      path: 'tiers[platinum].benefits.more',
      text: 'more (tiers, platinum, benefits): "Joint PR" is no longer there',
      takesAway: true,
    },
    {
      label: 'a tier that is harder to reach',
      edit: ['annualRevenue: 100,000.00 USD', 'annualRevenue: 100,000.01 USD'],
      path: 'tiers[gold].criteria.annualRevenue',
      takesAway: true,
    },
    {
      label: 'a tier that asks for more than sales',
      edit: ['annualRevenue: 100,000.00 USD', 'annualRevenue: 100,000.00 USD\n      deals: 5'],
      path: 'tiers[gold].criteria.deals',
      takesAway: true,
    },
    {
      label: 'less grace before a tier is lost',
      edit: ['graceDays: 90', 'graceDays: 89'],
      path: 'tierReviews.graceDays',
      takesAway: true,
    },
    {
      label: 'a higher target of the scorecard',
      edit: ['metric: trainings, target: 2', 'metric: trainings, target: 3'],
      path: 'health.scorecard[5].target',
      takesAway: false,
    },
    {
      label: 'a product that is no longer sold',
      edit: ['  - { id: analytics, name: Analytics }\n', ''],
      path: 'productLines[analytics]',
      text: 'product lines: "Analytics" is no longer there',
      takesAway: true,
    },
    {
      label: 'a product that is new',
      edit: ['  - { id: analytics', '  - { id: search, name: Search }\n  - { id: analytics'],
      path: 'productLines[search]',
      takesAway: false,
    },
    {
      label: 'a product with another name',
      edit: ['name: Analytics', 'name: Insights'],
      path: 'productLines[analytics].name',
      takesAway: false,
    },
    {
      label: 'a higher minimum',
      edit: ['minimumValue: 5,000.00 USD', 'minimumValue: 5,000.01 USD'],
      path: 'deals.minimumValue',
      takesAway: true,
    },
    {
      label: 'a shorter protection',
      edit: ['protectionDays: 90', 'protectionDays: 89'],
      path: 'deals.protectionDays',
      takesAway: true,
    },
    {
      label: 'a longer protection',
      edit: ['protectionDays: 90', 'protectionDays: 120'],
      path: 'deals.protectionDays',
      takesAway: false,
    },
    { label: 'a warning less', edit: ['[30, 14, 7, 1]', '[30, 14, 7]'], path: 'deals.warningDays', takesAway: true },
    {
      label: 'no approval at once any more',
      edit: ['  autoApproveBelow: 25,000.00 USD # a clean registration below this needs nobody\n', ''],
      path: 'deals.autoApproveBelow',
      takesAway: true,
    },
    {
      label: 'known accounts refused',
      edit: ['knownAccounts: review', 'knownAccounts: refuse'],
      path: 'deals.knownAccounts',
      takesAway: true,
    },
    {
      label: 'lateness without consequence',
      edit: ['enabled: true', 'enabled: false'],
      path: 'deals.lateApproval.enabled',
      takesAway: true,
    },
    {
      label: 'a later answer',
      edit: [
        'remindAfterBusinessDays: 1\n    dueAfterBusinessDays: 2',
        'remindAfterBusinessDays: 1\n    dueAfterBusinessDays: 3',
      ],
      path: 'approvals.deal_registration.dueAfterBusinessDays',
      takesAway: true,
    },
    {
      label: 'another role that decides',
      edit: ['steps: [{ role: partner_manager, decisions: 1 }]', 'steps: [{ role: finance, decisions: 1 }]'],
      path: 'approvals.partner_application.steps[0].role',
      takesAway: false,
    },
    {
      label: 'a second step',
      edit: [
        'steps: [{ role: partner_manager, decisions: 1 }]',
        'steps: [{ role: partner_manager, decisions: 1 }, { role: finance, decisions: 1 }]',
      ],
      path: 'approvals.partner_application.steps[1]',
      takesAway: false,
    },
    {
      label: 'a rule that goes',
      edit: [
        edited().slice(edited().indexOf('    - id: million-margin'), edited().indexOf('    - id: target-commission')),
        '',
      ],
      path: 'incentives.rules[million-margin]',
      takesAway: true,
    },
    {
      label: 'a rule for fewer tiers',
      edit: ['tiers: [gold, platinum]', 'tiers: [platinum]'],
      path: 'incentives.rules[resale-margin].tiers',
      takesAway: true,
    },
    {
      label: 'a rule for all tiers',
      edit: ['      tiers: [gold, platinum]\n', ''],
      path: 'incentives.rules[resale-margin].tiers',
      takesAway: false,
    },
    {
      label: 'a rule that is limited for the first time',
      edit: [
        '      flat: 500.00 USD\n      payTo',
        '      productLines: [platform]\n      flat: 500.00 USD\n      payTo',
      ],
      path: 'incentives.rules[deal-spiff].productLines',
      takesAway: true,
    },
    {
      label: 'a rate in place of the tiers’ own',
      edit: ['      roles: [sourced]\n      percent: tier', '      roles: [sourced]\n      percent: 10'],
      path: 'incentives.rules[referral-commission].percent',
      takesAway: true,
    },
    {
      label: 'earned earlier',
      edit: ['earnedWhen: invoice-paid', 'earnedWhen: deal-won'],
      path: 'incentives.earnedWhen',
      takesAway: false,
    },
    {
      label: 'a longer clawback',
      edit: ['clawbackDays: 90', 'clawbackDays: 91'],
      path: 'incentives.clawbackDays',
      takesAway: true,
    },
    { label: 'a longer hold', edit: ['holdDays: 30', 'holdDays: 31'], path: 'payouts.holdDays', takesAway: true },
    {
      label: 'a kind that has to wait as the others',
      edit: ['  holdDaysOf: { spiff: 0 } # kinds that differ\n', ''],
      path: 'payouts.holdDaysOf.spiff',
      takesAway: true,
    },
    {
      label: 'a tax form needed earlier',
      edit: [
        '{ taxYear: 2025, paid: 600.00 USD }, { taxYear: 2026, paid: "2,000.00 USD" }]\n    - id: elsewhere',
        '{ taxYear: 2025, paid: 500.00 USD }, { taxYear: 2026, paid: "2,000.00 USD" }]\n    - id: elsewhere',
      ],
      path: 'payouts.taxForms[united-states].thresholds[0].paid',
      takesAway: true,
    },
    {
      label: 'another bank of ours',
      edit: ['bic: COBADEFFXXX', 'bic: DEUTDEFFXXX'],
      path: 'payouts.payer.bic',
      takesAway: false,
    },
    { label: 'paid less often', edit: ['every: month', 'every: quarter'], path: 'payouts.every', takesAway: true },
    {
      label: 'one more proof',
      edit: ['proofs: [attendee-list] }', 'proofs: [attendee-list, photo] }'],
      path: 'mdf.activityTypes[webinar].proofs',
      takesAway: true,
    },
    {
      label: 'a higher bar for a band',
      edit: ['strong: 75', 'strong: 76'],
      path: 'health.bands.strong',
      takesAway: true,
    },
    {
      label: 'a signal that weighs more',
      edit: ['how: sum, quarters: 4, target: 5 }', 'how: sum, quarters: 4, target: 5, weight: 2 }'],
      path: 'health.signals[trainings].weight',
      takesAway: false,
    },
    {
      label: 'a target that is harder to reach',
      edit: ['how: sum, quarters: 4, target: 5 }', 'how: sum, quarters: 4, target: 6 }'],
      path: 'health.signals[trainings].target',
      text: 'target (health, signals, trainings): from 5 to 6',
      takesAway: true,
    },
    {
      label: 'a target that is easier to reach',
      edit: ['how: sum, quarters: 4, target: 5 }', 'how: sum, quarters: 4, target: 4 }'],
      path: 'health.signals[trainings].target',
      takesAway: false,
    },
    {
      label: 'an answer that must come sooner',
      edit: ['floor: 120, target: 24', 'floor: 120, target: 12'],
      path: 'health.signals[response-time].target',
      takesAway: true,
    },
    {
      label: 'an answer that may come later',
      edit: ['floor: 120, target: 24', 'floor: 144, target: 24'],
      path: 'health.signals[response-time].floor',
      takesAway: false,
    },
    {
      label: 'a signal by fewer quarters',
      edit: ['how: sum, quarters: 4, target: 5 }', 'how: sum, quarters: 2, target: 5 }'],
      path: 'health.signals[trainings].quarters',
      takesAway: true,
    },
    {
      label: 'a signal by other facts too',
      edit: ['facts: [training.completed]', 'facts: [training.completed, certification.passed]'],
      path: 'health.signals[trainings].facts',
      text: 'facts (health, signals, trainings): "certification.passed" is new',
      takesAway: true,
    },
    {
      label: 'a signal that goes',
      edit: [
        '    - { id: trainings, name: Trainings, category: enablement,\n        facts: [training.completed], how: sum, quarters: 4, target: 5 }\n',
        '',
      ],
      path: 'health.signals[trainings]',
      text: 'signals (health): "Trainings" is no longer there',
      takesAway: false,
    },
    {
      label: 'a second rater',
      edit: ['secondRater: false', 'secondRater: true'],
      path: 'health.secondRater',
      text: 'second rater (health): from no to yes',
      takesAway: false,
    },
    {
      label: 'a territory closed',
      edit: [
        '\nterritories: []',
        '\nterritories:\n  - { id: x, kind: exclusive, text: Closed., partners: { types: [var] }, customers: { countries: [DE] } }',
      ],
      path: 'territories[x]',
      takesAway: true,
    },
    {
      label: 'another country blocked',
      edit: ['[CU, IR,', '[BY, CU, IR,'],
      path: 'onboarding.blockedCountries',
      takesAway: true,
    },
    { label: 'a holiday', edit: ['\nholidays: []', '\nholidays: [2026-12-25]'], path: 'holidays', takesAway: false },
  ] as { label: string; edit: Edit; path: string; text?: string; takesAway: boolean }[])(
    '$label: takes away is $takesAway',
    ({ edit, path, text, takesAway }) => {
      const changes = changesAfter(edit);
      expect(changes).toEqual([{ path, text: text ?? expect.any(String), takesAway }]);
    },
  );
});

describe('when points of health go from one category to another', () => {
  it('then nothing is taken away: what partners are judged by stays, and what it takes', () => {
    const edit = [
      'relationship: 20\n    technicalReadiness: 18',
      'relationship: 18\n    technicalReadiness: 20',
    ] as const;
    expect(changesAfter(edit)).toEqual([
      { path: 'health.weights.relationship', text: 'relationship (health, weights): from 20 to 18', takesAway: false },
      {
        path: 'health.weights.technicalReadiness',
        text: 'technical readiness (health, weights): from 18 to 20',
        takesAway: false,
      },
    ]);
  });
});

describe('when the default signals are no longer written out', () => {
  it('then nothing changes', () => {
    const { signals: _, secondRater: __, ...health } = before.health;
    expect(changesBetweenPrograms(before, { ...before, health })).toEqual([]);
  });
});

describe('when an exclusive territory goes', () => {
  it('then those it was kept for lose by it', () => {
    const [closed] = parseProgram(
      exampleSource.replace(
        '\nterritories: []',
        '\nterritories:\n  - { id: x, kind: exclusive, text: Closed., partners: { types: [var] }, customers: { countries: [DE] } }',
      ),
    ).territories;
    if (!closed) throw new Error('The example has no place for a territory any more.');
    expect(changesBetweenPrograms({ ...before, territories: [closed] }, before)).toMatchObject([
      { path: 'territories[x]', takesAway: true },
    ]);
  });
});

describe('when nothing that holds changes', () => {
  it('then comments and the order of fields are no change', () => {
    expect(changesAfter(['# What is sold.', '# What we sell.'], ['weekend: [6, 7]', 'weekend: [7, 6]'])).toEqual([]);
  });
});

describe('when the currency changes', () => {
  it('then every amount counts as taken away', () => {
    const euros = parseProgram(exampleSource.replaceAll(' USD', ' EUR'));
    const changes = changesBetweenPrograms(before, euros);
    expect(changes.length).toBeGreaterThan(5);
    expect(changes.every((change) => change.takesAway)).toBe(true);
  });
});

/** Every place of the schema where a value or a list stands, as change-ranks.ts writes it. */
const placesOf = (schema: unknown, pattern = ''): { values: string[]; lists: string[] } => {
  if (schema instanceof z.ZodOptional) return placesOf(schema.unwrap(), pattern);
  if (schema instanceof z.ZodArray) {
    const inside = placesOf(schema.element, `${pattern}.*`);
    const values = inside.values.filter((place) => place !== `${pattern}.*` && !place.endsWith('.id'));
    return { values, lists: [pattern, ...inside.lists] };
  }
  if (!(schema instanceof z.ZodObject)) return { values: [pattern], lists: [] };
  const parts = Object.entries(schema.shape).map(([key, child]) =>
    placesOf(child, [pattern, blocksOfAlikes.includes(pattern) ? '*' : key].filter(Boolean).join('.')),
  );
  return { values: parts.flatMap((part) => part.values), lists: parts.flatMap((part) => part.lists) };
};

describe('when a field is added to the program file', () => {
  const places = placesOf(Program);

  it('then it must be said whether partners lose by a change of it', () => {
    expect([...new Set(places.values)].sort()).toEqual(Object.keys(ranks).sort());
    expect([...new Set(places.lists)].sort()).toEqual(Object.keys(lists).sort());
  });
});
