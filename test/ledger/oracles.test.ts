import { describe, expect, test } from 'vitest';
import type { Journal } from '#shared/core/journal.ts';
import {
  budgetAccount,
  budgetsAllocated,
  expenseAccount,
  journalOf,
  move,
  partnerAccount,
} from '#shared/ledger/chart.ts';
import { moneyLost, type OwedEarning } from '#shared/ledger/conservation.ts';
import { type Fault, tellFault } from '#shared/ledger/fault.ts';
import type { FoldedJournal } from '#shared/ledger/folding.ts';
import {
  type BookedIntent,
  balancesOff,
  bookedTwice,
  floorsBroken,
  floorsCrossed,
  type KeptBalance,
  refusedWrongly,
  unbalanced,
} from '#shared/ledger/oracles.ts';
import { earned } from './a-ledger.ts';

const at = '2026-07-01T12:00:00.000Z';
const later = '2026-07-31T12:00:00.000Z';
const told = (faults: readonly Fault[]): readonly string[] => faults.map(tellFault);

const available = budgetAccount('ptr_1', '2026-Q3', 'available');
const reserved = budgetAccount('ptr_1', '2026-Q3', 'reserved');
const post = (about: string, amountMinor: number, debit: string, credit: string): Journal =>
  journalOf([about], { at, currency: 'USD', lines: move(amountMinor, debit, credit) });
const of = (subject: string, journals: readonly Journal[]): readonly FoldedJournal[] =>
  journals.map((journal) => ({ ...journal, subject, seq: 1, type: 'thing.happened' }));

/** A budget of 1,000.00, of which two requests have 300.00 and 200.00. */
const given = post('given', 100_000, available, budgetsAllocated);
const first = post('first', 30_000, reserved, available);
const second = post('second', 20_000, reserved, available);
const budget = [given, first, second];
const kept = (changes: Partial<Record<string, number>> = {}): readonly KeptBalance[] => [
  { item: 'bud_1 available', accounts: [available], currency: 'USD', amountMinor: changes.available ?? 50_000 },
  { item: 'mdr_1 reservedLeft', accounts: [reserved], currency: 'USD', amountMinor: changes.first ?? 30_000 },
  { item: 'mdr_2 reservedLeft', accounts: [reserved], currency: 'USD', amountMinor: 20_000 },
];

describe('I1', () => {
  const flipped = {
    ...first,
    lines: first.lines.map((line, index) => ({ ...line, amountMinor: line.amountMinor + index })),
  };

  test('when all is well, then nothing is said', () => {
    expect([...unbalanced(budget), ...balancesOff(budget, kept())]).toEqual([]);
  });

  test.each<readonly [string, readonly Fault[], RegExp]>([
    ['an amount', unbalanced([given, flipped]), /^I1: jrn_\w+: the lines of jrn_\w+ sum to 1 USD instead of 0/],
    ['a line', unbalanced([{ ...given, lines: given.lines.slice(1) }]), /sum to -100000 USD/],
    ['an account', unbalanced([{ ...given, lines: [...move(1, 'cash', available)] }]), /nobody knows the account cash/],
    [
      'a balance that is kept',
      balancesOff(budget, kept({ available: 50_001 })),
      /^I1: bud_1 available: 50001 is kept for USD mdf:.*:available; right would be 50000$/,
    ],
    [
      'one of several that are kept',
      balancesOff(budget, kept({ first: 29_999 })),
      /^I1: mdr_1 reservedLeft, mdr_2 reservedLeft: 49999 is kept .*; right would be 50000$/,
    ],
    [
      'a balance that nobody keeps',
      balancesOff(budget, kept().slice(1)),
      /available: amounts to 50000, and nothing keeps it/,
    ],
  ])('when %s is wrong, then it is named', (_, faults, words) => {
    expect(faults).toHaveLength(1);
    expect(told(faults)[0]).toMatch(words);
  });

  test('when one balance stands for several accounts, then it is their sum', () => {
    const both: KeptBalance = { item: 'bud_1', accounts: [available, reserved], currency: 'USD', amountMinor: 100_000 };
    expect(balancesOff(budget, [both])).toEqual([]);
    expect(balancesOff(budget, [{ ...both, amountMinor: 99_999 }])).toHaveLength(1);
  });
});

describe('I2', () => {
  const third = post('third', 60_000, reserved, available);
  const back = post('back', 30_000, available, reserved);

  test('when a budget stays within what was given, then nothing is said', () => {
    expect([...floorsCrossed([...budget, back, third]), ...floorsBroken([...budget, back, third])]).toEqual([]);
  });

  test('when a budget was overspent on the way, then the journal that did it is named', () => {
    expect(told(floorsCrossed([...budget, third, back]))).toEqual([
      `I2: ${third.id} on USD ${available}: stands at -10000; right would be 0 or above`,
    ]);
    expect(floorsBroken([...budget, third, back])).toEqual([]);
    expect(told(floorsBroken([...budget, third]))).toEqual([
      `I2: USD ${available}: stands at -10000; right would be 0 or above`,
    ]);
  });

  test('when accounts without a floor go below zero, then that is fine', () => {
    const clawback = post('clawback', 5_000, partnerAccount('ptr_1', 'payable'), expenseAccount('commission'));
    expect(floorsCrossed([clawback])).toEqual([]);
  });

  test.each([
    ['did not fit', 50_001, 3, 3, 0],
    ['would have fitted', 50_000, 3, 3, 1],
    ['did not fit before something was given back', 60_000, 3, 4, 0],
    ['would have fitted all the time', 50_000, 2, 4, 1],
  ])('when what was refused %s, then that is judged', (_, amountMinor, writtenBefore, writtenAfter, faults) => {
    const refusal = { item: 'mdr_3', account: available, currency: 'USD', amountMinor, writtenBefore, writtenAfter };
    expect(refusedWrongly([...budget, back], [refusal])).toHaveLength(faults);
  });
});

const earning = (id: string, partnerId: string, amountMinor: number) =>
  of(id, earned(id, { partnerId, amountMinor, at, holdUntil: later }));

describe('I3', () => {
  const journals = [...earning('ern_1', 'ptr_1', 10_000), ...earning('ern_2', 'ptr_2', 20_000)];
  const owed = (state: OwedEarning['state']): readonly OwedEarning[] => [
    { id: 'ern_1', partnerId: 'ptr_1', currency: 'USD', amountMinor: 10_000, state },
    { id: 'ern_2', partnerId: 'ptr_2', currency: 'USD', amountMinor: 20_000, state },
  ];
  const paid = post('paid', 10_000, partnerAccount('ptr_1', 'payable'), 'payout:clearing');

  test('when money is held, payable or paid, then nothing is said', () => {
    expect(moneyLost(journals, owed('held'), at)).toEqual([]);
    expect(moneyLost(journals, owed('payable'), later)).toEqual([]);
    const [one, two] = owed('payable');
    const now = [{ ...(one as OwedEarning), state: 'paid' as const }, two as OwedEarning];
    expect(moneyLost([...journals, { ...paid, at: later }], now, later)).toEqual([]);
  });

  test.each<readonly [string, readonly Fault[], readonly string[]]>([
    [
      'an earning has another amount than was booked',
      moneyLost(
        journals,
        owed('held').map((each) => ({ ...each, amountMinor: 20_000 })),
        at,
      ),
      [
        'I3: USD ptr_1: the journals say 10000 earned; right would be 20000, as its earnings say',
        'I3: USD ptr_1: the journals say 10000 held; right would be 20000, as its earnings say',
      ],
    ],
    [
      'a payment is not known to the earnings',
      moneyLost([...journals, { ...paid, at: later }], owed('payable'), later),
      [
        'I3: USD ptr_1: the journals say 0 payable; right would be 10000, as its earnings say',
        'I3: USD ptr_1: the journals say 10000 paid; right would be 0, as its earnings say',
      ],
    ],
    [
      'money goes from one partner to another',
      moneyLost([post('odd', 1, partnerAccount('ptr_1', 'payable'), partnerAccount('ptr_2', 'payable'))], [], at),
      [
        `I3: ${post('odd', 1, 'bank', 'bank').id}: moves money of ptr_1 and ptr_2; right would be a journal for each partner`,
      ],
    ],
  ])('when %s, then it is named', (_, faults, words) => {
    expect(told(faults)).toEqual(words);
  });

  test('when money goes where it may not, then nothing of it is lost from sight', () => {
    const odd = post('odd', 1, partnerAccount('ptr_1', 'payable'), available);
    expect(told(moneyLost([odd], [], at)).join()).toMatch(/takes money of USD ptr_1 to mdf:/);
  });
});

describe('I4', () => {
  const journals = [...earning('ern_1', 'ptr_1', 10_000), ...earning('ern_2', 'ptr_2', -20_000)];
  const intent = (id: string, amountMinor: number, state: BookedIntent['state'] = 'booked'): BookedIntent => ({
    id,
    account: 'program:expense:<kind>',
    currency: 'USD',
    amountMinor,
    state,
  });
  const both = [intent('ern_1', 10_000), intent('ern_2', -20_000)];
  const mirror = of('ern_1', [
    post('mirror', -10_000, expenseAccount('commission'), partnerAccount('ptr_1', 'on-hold')),
  ]);
  const again = of('ern_1', [post('again', 10_000, expenseAccount('commission'), partnerAccount('ptr_1', 'on-hold'))]);

  test('when each intent is booked once, then nothing is said', () => {
    expect(bookedTwice(journals, both)).toEqual([]);
    expect(
      bookedTwice([...journals, ...mirror], [intent('ern_1', 10_000, 'undone'), intent('ern_2', -20_000)]),
    ).toEqual([]);
    expect(bookedTwice(journals, [...both, intent('ern_3', 5, 'not booked'), intent('ern_4', 5, 'undone')])).toEqual(
      [],
    );
  });

  test.each<readonly [string, readonly Fault[], string]>([
    [
      'is booked twice, under two names',
      bookedTwice([...journals, ...again], both),
      'I4: ern_1: is booked 2 times on program:expense:<kind>, 20000 in all; right would be once, 10000',
    ],
    [
      'is booked twice and once taken back, so that the total is right',
      bookedTwice([...journals, ...again, ...mirror], both),
      'I4: ern_1: is booked 2 times on program:expense:<kind>, 10000 in all; right would be once, 10000',
    ],
    [
      'is not booked',
      bookedTwice(journals.slice(2), both),
      'I4: ern_1: is booked 0 times on program:expense:<kind>, 0 in all; right would be once, 10000',
    ],
    [
      'is booked before it is owed',
      bookedTwice(journals, [intent('ern_1', 10_000, 'not booked'), intent('ern_2', -20_000)]),
      'I4: ern_1: is booked 1 times on program:expense:<kind>, 10000 in all; right would be not at all',
    ],
    [
      'is reversed and was not taken back',
      bookedTwice(journals, [intent('ern_1', 10_000, 'undone'), intent('ern_2', -20_000)]),
      'I4: ern_1: is booked 1 times on program:expense:<kind>, 10000 in all; right would be once and back, 0 in all',
    ],
    [
      'is booked and not there',
      bookedTwice(journals, both.slice(1)),
      `I4: ${journals[0]?.id}: moves program:expense:<kind> for ern_1, which is not there`,
    ],
  ])('when an intent %s, then it is named', (_, faults, words) => {
    expect(told(faults)).toEqual([words]);
  });

  test('when one journal is in two events, then both are named', () => {
    const twice = [
      ...journals,
      ...earning('ern_1', 'ptr_1', 10_000)
        .slice(1)
        .map((each) => ({ ...each, seq: 2 })),
    ];
    expect(told(bookedTwice(twice, both))).toEqual([
      `I4: ${journals[1]?.id}: is in event 1 of ern_1 and event 2 of ern_1`,
    ]);
  });
});
