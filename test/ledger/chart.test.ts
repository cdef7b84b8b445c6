import { describe, expect, it } from 'vitest';
import { record } from '#shared/core/history.ts';
import {
  accountOf,
  budgetAccount,
  budgetsAllocated,
  chart,
  expenseAccount,
  incentiveAccount,
  incentivesAllocated,
  journalOf,
  move,
  partnerAccount,
} from '#shared/ledger/chart.ts';

const at = '2026-03-01T12:00:00.000Z';

describe('the chart of accounts', () => {
  it.each([
    ['what is owed and on hold', partnerAccount('ptr_1', 'on-hold'), 'partner:<partner>:on-hold'],
    ['what is payable', partnerAccount('ptr_1', 'payable'), 'partner:<partner>:payable'],
    ['an expense', expenseAccount('commission'), 'program:expense:<kind>'],
    ['a budget', budgetAccount('ptr_1', '2026-Q1', 'in-review'), 'mdf:<partner>:<quarter>:in-review'],
    ['what budgets were given', budgetsAllocated, 'program:mdf-allocated'],
    ['a rule’s budget', incentiveAccount('deal-spiff', 'available'), 'incentive:<rule>:available'],
    ['what rules were given', incentivesAllocated, 'program:incentives-allocated'],
  ])('when the account of %s is made, then the chart knows it', (_, account, name) => {
    expect(accountOf(account)?.name).toBe(name);
  });

  it.each(['partner:ptr_1', 'partner:ptr_1:payable:more', 'mdf:ptr_1:2026-Q1:stolen', 'cash'])(
    'when an account %s is in no row, then the chart does not know it',
    (account) => expect(accountOf(account)).toBeUndefined(),
  );

  it('when a row has a floor, then it says where the balance is guarded', () => {
    expect(chart.filter(({ floor }) => floor).map(({ name }) => name)).toEqual([
      'mdf:<partner>:<quarter>:available',
      'mdf:<partner>:<quarter>:reserved',
      'mdf:<partner>:<quarter>:in-review',
      'incentive:<rule>:available',
    ]);
  });
});

describe('a journal', () => {
  const lines = move(500, expenseAccount('commission'), partnerAccount('ptr_1', 'on-hold'));

  it('when it is made for the same thing again, then it has the same id', () => {
    const moved = { at, currency: 'USD', lines };
    expect(journalOf(['ern_1', 'accrued'], moved)).toEqual(journalOf(['ern_1', 'accrued'], moved));
    expect(journalOf(['ern_1', 'accrued'], moved).id).not.toBe(journalOf(['ern_1', 'reversed'], moved).id);
  });

  it('when nothing is moved, then there are no lines', () => {
    expect(move(0, 'bank', 'payout:clearing')).toEqual([]);
  });

  it('when its lines do not sum to zero, then no event is made of it', () => {
    const [first] = lines;
    if (!first) throw new Error('A move has two lines.');
    const entity = { id: 'ern_1', status: 'on_hold', version: 0, head: '', createdAt: at, updatedAt: at };
    const intent = { writeId: 'w', bodyHash: 'b', by: 'usr_1', at };
    const journals = [journalOf(['ern_1'], { at, currency: 'USD', lines: [first, first] })];
    expect(() => record(undefined, entity, { type: 'earning.accrued', intent, personalFields: [], journals })).toThrow(
      /sum to 1000 USD instead of 0/,
    );
  });
});
