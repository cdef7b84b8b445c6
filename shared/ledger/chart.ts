import { fingerprint } from '#shared/core/ids.ts';
import type { Journal, Line } from '#shared/core/journal.ts';
import type { Quarter } from '#shared/core/quarters.ts';

/**
 * The chart of accounts: what each account means, on which side it usually stands, and whether it has a floor.
 *
 * An account with a floor keeps its balance on the thing it belongs to, where the write that lowers it finds it in its condition.
 * Every other balance is folded from the journals by the stream, so that an account everybody posts to is nobody's hot item.
 */
export interface Account {
  /** How the account is named; `<…>` stands for an id. */
  readonly name: string;
  readonly means: string;
  readonly normalSide: 'debit' | 'credit';
  /** Never below zero on its normal side, and where the guarded balance is kept; absent: no floor, folded. */
  readonly floor?: string;
}

export const chart: readonly Account[] = [
  {
    name: 'partner:<partner>:on-hold',
    means: 'Owed to the partner, and not payable before its hold has ended',
    normalSide: 'credit',
  },
  {
    name: 'partner:<partner>:payable',
    means: 'Owed to the partner and payable; below zero when more was clawed back than is owed',
    normalSide: 'credit',
  },
  {
    name: 'program:expense:<kind>',
    means: 'What the program cost, by kind of earning; clawbacks lower it',
    normalSide: 'debit',
  },
  {
    name: 'program:revenue-share',
    means: 'What partners owe us of their customers’ usage, set against what is payable to them; corrections lower it',
    normalSide: 'credit',
  },
  {
    name: 'mdf:<partner>:<quarter>:available',
    means: 'Budget that the partner may still ask for',
    normalSide: 'debit',
    floor: 'available of the budget',
  },
  {
    name: 'mdf:<partner>:<quarter>:reserved',
    means: 'Budget promised to approved fund requests and not claimed yet',
    normalSide: 'debit',
    floor: 'reservedLeft of each fund request',
  },
  {
    name: 'mdf:<partner>:<quarter>:in-review',
    means: 'Budget that submitted claims ask for',
    normalSide: 'debit',
    floor: 'inReview of each fund request',
  },
  {
    name: 'mdf:<partner>:<quarter>:reimbursed',
    means: 'Budget spent on approved claims',
    normalSide: 'debit',
  },
  {
    name: 'mdf:<partner>:<quarter>:expired',
    means: 'Budget that was not used in time',
    normalSide: 'debit',
  },
  { name: 'program:mdf-allocated', means: 'What the program gave into budgets', normalSide: 'credit' },
  {
    name: 'incentive:<rule>:available',
    means: 'Budget of a rule that has one, such as a SPIFF',
    normalSide: 'debit',
    floor: 'available of the rule’s budget',
  },
  { name: 'incentive:<rule>:spent', means: 'What the rule has paid of its budget', normalSide: 'debit' },
  { name: 'program:incentives-allocated', means: 'What the program gave into budgets of rules', normalSide: 'credit' },
  { name: 'payout:clearing', means: 'Sent to be paid, and not confirmed by the bank', normalSide: 'credit' },
  { name: 'bank', means: 'Money that left', normalSide: 'credit' },
];

export const payoutClearing = 'payout:clearing';
export const bank = 'bank';

export const partnerAccount = (partnerId: string, state: 'on-hold' | 'payable'): string =>
  `partner:${partnerId}:${state}`;

export const expenseAccount = (kind: string): string => `program:expense:${kind}`;

/** Where a share of usage goes that a partner owes us. */
export const revenueShareAccount = 'program:revenue-share';

export type BudgetState = 'available' | 'reserved' | 'in-review' | 'reimbursed' | 'expired';
export const budgetAccount = (partnerId: string, quarter: Quarter, state: BudgetState): string =>
  `mdf:${partnerId}:${quarter}:${state}`;
export const budgetsAllocated = 'program:mdf-allocated';

export const incentiveAccount = (ruleId: string, state: 'available' | 'spent'): string =>
  `incentive:${ruleId}:${state}`;
export const incentivesAllocated = 'program:incentives-allocated';

/** The row of the chart that an account belongs to; undefined when the chart does not know it. */
export const accountOf = (accountId: string): Account | undefined => {
  const parts = accountId.split(':');
  return chart.find(({ name }) => {
    const pattern = name.split(':');
    return (
      pattern.length === parts.length && pattern.every((part, index) => part.startsWith('<') || part === parts[index])
    );
  });
};

/** Whether an account is about this partner's money, rather than about the program's or another's. */
export const isOfPartner = (accountId: string, partnerId: string): boolean =>
  accountId.startsWith(`partner:${partnerId}:`) || accountId.startsWith(`mdf:${partnerId}:`);

/** The rule whose budget an account is about. */
export const ruleOf = (accountId: string): string | undefined => /^incentive:([^:]+):/.exec(accountId)?.[1];

/**
 * What the account is totalled under, so that a trial balance has few rows however many partners there are: the row of the chart,
 * or the account itself where the row has but a few (an expense of some kind). Throws for an account that the chart does not know.
 */
export const controlOf = (accountId: string): string => {
  const row = accountOf(accountId);
  if (!row) throw new Error(`The chart of accounts does not know ${accountId}.`);
  return row.name.endsWith('<kind>') ? accountId : row.name;
};

/** Whether everybody posts to it: its balance is kept as totals of a day, not as entries of its own. */
export const isControl = (accountId: string): boolean => controlOf(accountId) === accountId;

/**
 * A journal of lines that sum to zero; `move` makes them. Its id is made from what it is about, fixed before the first try. Throws
 * for an account that the chart does not know.
 */
export const journalOf = (
  about: readonly [string, ...string[]],
  moved: { readonly at: string; readonly currency: string; readonly lines: readonly Line[] },
): Journal => {
  for (const { account } of moved.lines) controlOf(account);
  return {
    id: `jrn_${fingerprint('jrn', ...about)}`,
    at: moved.at,
    currency: moved.currency,
    lines: [...moved.lines],
  };
};

/** Debits one account and credits another with an amount above zero; below zero, the other way round. */
export const move = (amountMinor: number, debit: string, credit: string): readonly Line[] =>
  amountMinor === 0
    ? []
    : [
        { account: debit, amountMinor },
        { account: credit, amountMinor: -amountMinor },
      ];
