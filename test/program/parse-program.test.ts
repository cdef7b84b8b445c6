import { codes } from 'currency-codes';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { currencyList } from '#shared/program/currency-list.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { edited, exampleSource, lineOf } from './example-files.ts';

const faultsOf = (source: string): readonly string[] => {
  try {
    parseProgram(source);
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid' && error.code === 'request.invalid')
      return (error.details.errors ?? []).map((fault) => `${fault.pointer} ${fault.detail}`);
    throw error;
  }
  return [];
};

/** The place and the words of a fault; the place is where `at` begins in the edited file. */
const fault = (source: string, at: string, words: string) => {
  const line = lineOf(source, at);
  const column = source.split('\n')[line - 1]?.indexOf(at.split('\n')[0] ?? '') ?? -1;
  return `#/source line ${line}, column ${column + 1}: ${words}`;
};

it('when currencies are listed, then they are those of ISO 4217, but for that of no currency', () => {
  const none = 'X'.repeat(3);
  expect([...currencyList].sort()).toEqual(
    codes()
      .filter((code) => code !== none)
      .sort(),
  );
});

const amount = 'must be an amount with its currency, for example "5,000.00 USD"';

describe('when one thing in the file is wrong, then it is named with line, column, field and what would be right', () => {
  it.each([
    {
      label: 'an amount without a currency',
      edits: [['minimumValue: 5,000.00 USD', 'minimumValue: 5000']],
      at: 'minimumValue: 5000',
      words: `deals.minimumValue ${amount}`,
    },
    {
      label: 'an amount with more decimals than its currency has',
      edits: [['minimumValue: 5,000.00 USD', 'minimumValue: 5,000.001 USD']],
      at: 'minimumValue: 5',
      words: `deals.minimumValue ${amount}`,
    },
    {
      label: 'an amount with a comma in the wrong place',
      edits: [['minimumValue: 5,000.00 USD', 'minimumValue: 50,00 USD']],
      at: 'minimumValue: 5',
      words: `deals.minimumValue ${amount}`,
    },
    {
      label: 'an amount in another currency',
      edits: [['annualRevenue: 100,000.00 USD', 'annualRevenue: 100,000.00 EUR']],
      at: 'annualRevenue: 100,000.00 EUR',
      words: "tiers[1].criteria.annualRevenue is in EUR, but the program's currency is USD",
    },
    {
      label: 'a currency that is not there',
      edits: [['currency: USD #', 'currency: XXY #']],
      at: 'currency: XXY #',
      words: 'currency must be a currency of ISO 4217, which does not know "XXY"',
      others: true,
    },
    {
      label: 'a country that is not there',
      edits: [['[CU, IR,', '[CU, XY,']],
      at: 'XY, KP',
      words: 'onboarding.blockedCountries[1] must be a country of ISO 3166-1, which does not know "XY"',
    },
    {
      label: 'a time zone that is not there',
      edits: [['timeZone: UTC', 'timeZone: Mars/Olympus']],
      at: 'timeZone: Mars',
      words: 'timeZone must be a time zone by its IANA name, for example "Europe/Berlin"',
    },
    {
      label: 'a week without a business day',
      edits: [['\nweekend: [6, 7]', '\nweekend: [1, 2, 3, 4, 5, 6, 7]']],
      at: 'weekend: [1, 2',
      words: 'weekend must leave at least one business day a week',
    },
    {
      label: 'a holiday that is not in the calendar',
      edits: [['\nholidays: []', '\nholidays: [2026-02-29]']],
      at: '2026-02-29',
      words: 'holidays[0] must be a day of the calendar written YYYY-MM-DD, for example "2026-07-01"',
    },
    {
      label: 'a field that nobody knows',
      edits: [['  protectionDays: 90', '  protectionDays: 90\n  protectionWeeks: 3']],
      at: 'protectionWeeks: 3',
      words: 'deals.protectionWeeks is not a field of a program',
    },
    {
      label: 'a field that is missing, at the block it belongs into',
      edits: [['  protectionDays: 90\n', '']],
      at: 'deals:\n',
      words: 'deals.protectionDays is missing: it must be a whole number of days from 1 to 3650',
    },
    {
      label: 'a fraction of a day',
      edits: [['protectionDays: 90', 'protectionDays: 90.5']],
      at: 'protectionDays: 90.5',
      words: 'deals.protectionDays must be a whole number of days from 1 to 3650',
    },
    {
      label: 'a percentage above a hundred',
      edits: [['sharePercent: 50', 'sharePercent: 101']],
      at: 'sharePercent: 101',
      words: 'mdf.sharePercent must be a percentage from 0 to 100 with at most four decimals, for example 10 or 2.5',
    },
    {
      label: 'a word that is not among those allowed',
      edits: [['knownAccounts: review', 'knownAccounts: ignore']],
      at: 'knownAccounts: ignore',
      words: 'deals.knownAccounts must be one of "review", "refuse"',
    },
    {
      label: 'an id with a capital letter',
      edits: [['id: platinum', 'id: Platinum']],
      at: 'id: Platinum',
      words:
        'tiers[2].id must be a short name in small letters, digits and hyphens, for example "gold" or "digital-ads"',
    },
    {
      label: 'an id that is there twice',
      edits: [['{ id: analytics, name', '{ id: platform, name']],
      at: 'id: platform, name: Analytics',
      words: 'productLines[1].id repeats "platform", which is already there',
    },
    {
      label: 'a rule for a tier that is not there',
      edits: [['tiers: [gold, platinum]', 'tiers: [gold, diamond]']],
      at: 'diamond]',
      words:
        'incentives.rules[2].tiers[1] names the unknown tier "diamond": it must be one of "authorized", "gold", "platinum"',
    },
    {
      label: 'a rule that pays both a percentage and a flat amount',
      edits: [
        [
          '      flat: 500.00 USD\n      alternativeTo',
          '      flat: 500.00 USD\n      percent: 3\n      alternativeTo',
        ],
      ],
      at: 'id: small-customer-referral',
      words: 'incentives.rules[1] must have either "percent" or "flat"',
    },
    {
      label: 'weights of the evaluation that do not sum to 100',
      edits: [['name: Capability\n      weight: 25', 'name: Capability\n      weight: 24']],
      at: 'evaluation:',
      words: 'onboarding.evaluation must have weights that sum to 100, but they sum to 99',
    },
    {
      label: 'weights of health that do not sum to 100',
      edits: [['operations: 8', 'operations: 9']],
      at: 'weights: # points',
      words: 'health.weights must have weights that sum to 100, but they sum to 101',
    },
    {
      label: 'bands the wrong way round',
      edits: [['strong: 75, stable: 60', 'strong: 60, stable: 60']],
      at: 'stable: 60 }',
      words: 'health.bands.stable must be less than "strong", which is 60',
    },
    {
      label: 'a signal made of facts that are not there',
      edits: [['facts: [training.completed]', 'facts: [training.complete]']],
      at: 'training.complete]',
      words:
        'health.signals[16].facts[0] names the unknown kind of fact "training.complete": there are "training.completed"',
    },
    {
      label: 'a signal made of what is about no partner',
      edits: [['facts: [training.completed]', 'facts: [direct.lost]']],
      at: 'direct.lost]',
      words:
        'health.signals[16].facts[0] names the kind of fact "direct.lost", which is about the company and no single partner',
      others: true,
    },
    {
      label: 'a signal made of the score itself',
      edits: [['facts: [training.completed]', 'facts: [health.score]']],
      at: 'health.score]',
      words: 'health.signals[16].facts[0] names the kind of fact "health.score", which is itself made by scoring',
    },
    {
      label: 'a sum of hours and amounts',
      edits: [['facts: [deal.answered], how: mean', 'facts: [deal.answered, deal.lost], how: mean']],
      at: 'facts: [deal.answered, deal.lost]',
      words: 'health.signals[4].facts puts together what is not of one unit: hours and money',
      others: true,
    },
    {
      label: 'a plain number where money is measured',
      edits: [['facts: [training.completed]', 'facts: [deal.approved]']],
      at: 'target: 5 }',
      words: 'health.signals[16].target must be an amount with its currency, because the facts are money',
    },
    {
      label: 'an amount where things are counted',
      edits: [['how: sum, quarters: 4, target: 5', 'how: sum, quarters: 4, target: "5.00 USD"']],
      at: 'target: "5.00 USD"',
      words: 'health.signals[16].target must be a plain number, because what is measured is no money',
    },
    {
      label: 'an amount in another currency as a target',
      edits: [
        ['[training.completed], how: sum, quarters: 4, target: 5', '[deal.approved], how: sum, target: 5.00 EUR'],
      ],
      at: 'target: 5.00 EUR',
      words: "health.signals[16].target is in EUR, but the program's currency is USD",
    },
    {
      label: 'a target that is the floor',
      edits: [['floor: 120, target: 24', 'floor: 24, target: 24']],
      at: 'target: 24 }',
      words: 'health.signals[4].target must not be the same as "floor" (which is 0 if it is not said)',
    },
    {
      label: 'a ratio of nothing',
      edits: [['[training.completed], how: sum', '[training.completed], how: ratio']],
      at: '{ id: trainings',
      words: 'health.signals[16] is a ratio and must say what it is a part of in "of"',
    },
    {
      label: 'quarters of what holds now',
      edits: [['facts: [api.open], how: last', 'facts: [api.open], how: last, quarters: 2']],
      at: 'quarters: 2',
      words: 'health.signals[7].quarters cannot be said of what holds until something newer takes its place',
    },
    {
      label: 'a target for what people assess',
      edits: [
        ['assessed: true, question: "Does the partner do', 'assessed: true, target: 4, question: "Does the partner do'],
      ],
      at: 'target: 4, question',
      words: 'health.signals[0].target cannot be said of a signal that people assess',
    },
    {
      label: 'a signal that is neither measured nor assessed',
      edits: [['assessed: true, question: "Does the partner do', 'question: "Does the partner do']],
      at: '{ id: consistency',
      words: 'health.signals[0] must have either "facts" or "assessed: true"',
    },
    {
      label: 'a signal whose id is a number',
      edits: [['id: trainings', 'id: 2026-trainings']],
      at: 'id: 2026-trainings',
      words: 'health.signals[16].id must begin with a letter, and not be "constructor"',
    },
    {
      label: 'points for a category that nothing is known of',
      edits: [
        [
          'id: position, name: Position in the market, category: marketPosition',
          'id: position, name: Position in the market, category: marketing',
        ],
      ],
      at: 'marketPosition: 11',
      words: 'health.weights.marketPosition gives points to "Market position", of which there is no signal',
    },
    {
      label: 'tiers that do not rise',
      edits: [['annualRevenue: 500,000.00 USD', 'annualRevenue: 100,000.00 USD']],
      at: 'annualRevenue: 100,000.00 USD\n    benefits:\n      commissionPercent: 10\n      marginPercent: 30',
      words:
        'tiers[2].criteria.annualRevenue must be more than that of "gold": tiers go from the lowest to the highest',
    },
    {
      label: 'a scorecard target of a number where an amount belongs',
      edits: [['metric: pipelineSourced, target: "75,000.00 USD"', 'metric: pipelineSourced, target: 75000']],
      at: 'target: 75000, amber',
      words: 'health.scorecard[1].target must be an amount, for example "50,000.00 USD"',
    },
    {
      label: 'a scorecard target of an amount where a number belongs',
      edits: [['metric: winRate, target: 30', 'metric: winRate, target: 30.00 USD']],
      at: 'target: 30.00 USD, amber',
      words: 'health.scorecard[3].target must be a number: winRate is no amount',
    },
    {
      label: 'an own target for what is not agreed with partners',
      edits: [['metric: trainings, target: 2', 'metric: trainings, target: partner']],
      at: 'target: partner, amberFromPercent: 50',
      words: 'health.scorecard[5].target can be "partner" for "revenueClosed" only',
    },
    {
      label: 'a figure that is green before it is amber',
      edits: [
        [
          'target: 4, amberFromPercent: 80, greenFromPercent: 100',
          'target: 4, amberFromPercent: 80, greenFromPercent: 70',
        ],
      ],
      at: 'amberFromPercent: 80, greenFromPercent: 70',
      words: 'health.scorecard[8].amberFromPercent must not be more than "greenFromPercent"',
    },
    {
      label: 'a first notice that comes late',
      edits: [['noticeDays: [0, 30, 60]', 'noticeDays: [30, 60]']],
      at: '30, 60]',
      words: 'tierReviews.noticeDays[0] must be 0: the first notice goes out at once',
    },
    {
      label: 'a notice after the tier is gone',
      edits: [['noticeDays: [0, 30, 60]', 'noticeDays: [0, 90]']],
      at: '90]',
      words: 'tierReviews.noticeDays[1] must be less than "graceDays"',
    },
    {
      label: 'a warning before the protection begins',
      edits: [['warningDays: [30, 14', 'warningDays: [90, 14']],
      at: '90, 14',
      words: 'deals.warningDays[0] must be less than "protectionDays", which is 90',
    },
    {
      label: 'a reminder when it is already due',
      edits: [
        [
          'remindAfterBusinessDays: 1\n    dueAfterBusinessDays: 2',
          'remindAfterBusinessDays: 2\n    dueAfterBusinessDays: 2',
        ],
      ],
      at: 'remindAfterBusinessDays: 2\n    dueAfterBusinessDays: 2',
      words: 'approvals.deal_registration.remindAfterBusinessDays must be less than "dueAfterBusinessDays", which is 2',
    },
    {
      label: 'lateness that decides before the escalation',
      edits: [['afterBusinessDays: 3 }', 'afterBusinessDays: 1 }']],
      at: 'afterBusinessDays: 1 }',
      words:
        'deals.lateApproval.afterBusinessDays must not be less than "dueAfterBusinessDays" of deal registrations, which is 2',
    },
    {
      label: 'money approved by whoever administers users',
      edits: [['role: finance, decisions: 1, onlyAbove', 'role: admin, decisions: 1, onlyAbove']],
      at: 'role: admin, decisions',
      words:
        'approvals.mdf_request.steps[1].role must not be "admin": whoever administers users approves nothing about money',
    },
    {
      label: 'an account of ours with wrong check digits',
      edits: [['iban: DE89', 'iban: DE88']],
      at: 'iban: DE88',
      words: 'payouts.payer.iban has wrong check digits, or not the length of its country',
    },
    {
      label: 'a routing number of ours with a wrong check digit',
      edits: [['"011000015"', '"011000016"']],
      at: 'routingNumber: "011000016"',
      words: 'payouts.payer.us.routingNumber has a wrong check digit',
    },
    {
      label: 'two rules for the tax forms of one country',
      edits: [['countries: []', 'countries: [CA, US]']],
      at: 'countries: [CA, US]',
      words: 'payouts.taxForms[1].countries speaks of US, of which another rule speaks already',
    },
    {
      label: 'a plan whose weights do not sum to 100',
      edits: [['title: Onboarding complete, weight: 20', 'title: Onboarding complete, weight: 21']],
      at: 'objectives:\n      - { id: onboarding, title',
      words: 'successPlans[0].objectives must have weights that sum to 100, but they sum to 101',
    },
    {
      label: 'an objective of facts that are not there',
      edits: [
        ['facts: [onboarding.completed], how: last, target: 1,', 'facts: [onboarding.done], how: last, target: 1,'],
      ],
      at: 'onboarding.done',
      words:
        'successPlans[0].objectives[0].facts[0] names the unknown kind of fact "onboarding.done": there are "onboarding.completed"',
    },
    {
      label: 'an objective that is reached before it begins',
      edits: [['how: sum, target: 3,', 'how: sum, target: 0,']],
      at: 'target: 0,',
      words: 'successPlans[0].objectives[1].target must be more than 0',
    },
    {
      label: 'an objective by hand that says how facts are put together',
      edits: [['unit: meetings,', 'unit: meetings, how: sum,']],
      at: 'how: sum, target: 3,\n          owners: { partner: Head of sales',
      words: 'successPlans[2].objectives[4].how is for objectives that name "facts"',
    },
    {
      label: 'a sales target of what is no sale',
      edits: [['how: count, target: 5,', 'how: count, target: 5, salesTarget: true,']],
      at: 'salesTarget: true,\n          owners: { partner: Head of sales, partnerManager: Partner manager } }\n      - { id: campaigns',
      words:
        'successPlans[2].objectives[1].salesTarget can be said only of the sum of won deals that were sourced, and of whole quarters',
      others: true,
    },
    {
      label: 'an objective without its day beside others that have one',
      edits: [['target: 1, dueAfterDays: 14,', 'target: 1,']],
      at: 'objectives:\n      - { id: kick-off',
      words: 'successPlans[4].objectives must have "dueAfterDays" in all objectives, or in none',
      others: true,
    },
    {
      label: 'a first plan that somebody has to fill in',
      edits: [['how: sum, target: 2, dueAfterDays: 30,', 'how: sum, dueAfterDays: 30,']],
      at: '{ id: trainings, title: Two people',
      words: 'successPlans[4].objectives[1] must have "target" and "dueAfterDays": nobody fills in a first plan',
    },
    {
      label: 'a territory for nobody in particular',
      edits: [
        [
          '\nterritories: []',
          '\nterritories:\n  - { id: dach, kind: exclusive, text: DACH is closed., partners: {}, customers: { countries: [DE] } }',
        ],
      ],
      at: 'partners: {}',
      words: 'territories[0].partners must name types or ids of partners',
    },
  ] as { label: string; edits: [string, string][]; at: string; words: string; others?: true }[])(
    '$label',
    ({ edits, at, words, others }) => {
      const source = edited(...edits);
      const faults = faultsOf(source);
      expect(faults).toContain(fault(source, at, words));
      if (!others) expect(faults).toHaveLength(1);
    },
  );
});

describe('when tracks of the health score are wrong, then it is said what', () => {
  const track = (more: string) => `
  tracks:
    - id: alliances
      name: Alliances
      partnerTypes: [alliance]
      weights: { relationship: 40, technicalReadiness: 0, accountOverlap: 20, enablement: 0, marketing: 20, marketPosition: 20, operations: 0 }
${more}`;

  it.each([
    { label: 'nothing, where it is right', more: '', words: [] },
    {
      label: 'weights that do not sum to 100',
      more: track('')
        .replace('\n  tracks:', '')
        .replace('relationship: 40', 'relationship: 41')
        .replaceAll('alliance', 'isv'),
      words: ['health.tracks[1].weights must have weights that sum to 100, but they sum to 101'],
    },
    {
      label: 'a type that has a track already',
      more: track('').replace('\n  tracks:', '').replace('id: alliances', 'id: others'),
      words: ['health.tracks[1].partnerTypes[0] names "alliance", which "alliances" has already'],
    },
    {
      label: 'an unknown type',
      more: track('').replace('\n  tracks:', '').replace('id: alliances', 'id: others').replace('[alliance]', '[bank]'),
      words: [expect.stringContaining('health.tracks[1].partnerTypes[0] names the unknown partner type "bank"')],
    },
    {
      label: 'an unknown signal',
      more: '      without: [sales]\n',
      words: [expect.stringContaining('health.tracks[0].without[0] names the unknown signal "sales"')],
    },
    {
      label: 'nothing left of a category',
      more: '      without: [position]\n',
      words: ['health.tracks[0].weights.marketPosition gives points to "Market position", of which there is no signal'],
    },
  ])('$label', ({ more, words }) => {
    const [health, plans] = exampleSource.split('\n\n# What mutual success plans');
    const faults = faultsOf(`${health}${track(more)}\n\n# ${plans}`).map((text) =>
      text.replace(/^.*?column \d+: /, ''),
    );
    expect(faults).toEqual(words);
  });
});

describe('when several things are wrong', () => {
  it('then all are named, from the top of the file to its end', () => {
    const source = edited(
      ['fiscalYearStart: 1', 'fiscalYearStart: 13'],
      ['protectionDays: 90', 'protectionDays: none'],
      ['minimum: 50.00 USD', 'minimum: 50'],
    );
    const [first, second, third, ...more] = faultsOf(source);
    expect(first).toContain('fiscalYearStart');
    expect(second).toContain('deals.protectionDays');
    expect(third).toContain('payouts.minimum');
    expect(more).toEqual([]);
  });
});

describe('when the file is not YAML', () => {
  it.each([
    { label: 'a bracket left open', source: 'regions: [amer', words: 'line 1' },
    {
      label: 'a field that is there twice',
      source: 'name: A\nname: B',
      words: 'line 2, column 1: this is not YAML: Map keys',
    },
    { label: 'two documents', source: 'name: A\n---\nname: B', words: 'line 2' },
    { label: 'a tag of another language', source: 'name: !!js/function "x"', words: 'line 1' },
    { label: 'an alias that leads nowhere', source: 'name: *nowhere', words: 'line 1' },
    { label: 'nothing at all', source: '', words: 'line 1, column 1: the program must be a block of fields' },
    { label: 'a list', source: '- name: A', words: 'line 1, column 1: the program must be a block of fields' },
  ])('then $label is said with its line', ({ source, words }) => {
    expect(faultsOf(source)[0]).toContain(words);
  });

  it('then aliases that grow without end are refused, not followed', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}`;
    expect(faultsOf(bomb)[0]).toContain('not YAML');
  });
});

describe('when amounts are written', () => {
  it.each([
    { text: '5,000.00 USD', amountMinor: 500_000 },
    { text: '5000.00 USD', amountMinor: 500_000 },
    { text: '5000 USD', amountMinor: 500_000 },
    { text: '5000.5 USD', amountMinor: 500_050 },
    { text: '1,234,567.89 USD', amountMinor: 123_456_789 },
  ])('then $text is $amountMinor cents', ({ text, amountMinor }) => {
    const source = edited(['minimumValue: 5,000.00 USD', `minimumValue: ${text}`]);
    expect(parseProgram(source).deals.minimumValue).toEqual({ amountMinor, currency: 'USD' });
  });

  it('then a currency without decimals has none', () => {
    const yen = exampleSource.replaceAll(/([\d,]+)\.00 USD/g, '$1 JPY').replace('currency: USD', 'currency: JPY');
    expect(parseProgram(yen).deals.minimumValue).toEqual({ amountMinor: 5000, currency: 'JPY' });
  });
});
