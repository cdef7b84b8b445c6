import { DomainError, type FieldError } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Journal } from '#shared/core/journal.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { addMoney, type Money } from '#shared/core/money.ts';
import { firstDayOf, nextQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { dayOf, type Instant } from '#shared/core/time.ts';
import { budgetAccount, budgetsAllocated, journalOf, move } from '#shared/ledger/chart.ts';
import type { Program } from '#shared/program/program.ts';
import {
  type Allocation,
  type AllocationKind,
  allocatedTo,
  type Budget,
  type BudgetBalances,
  budgetLifecycle,
} from './budget.ts';

/** One for each partner and quarter. */
export const budgetIdOf = (partnerId: string, quarter: Quarter): string => derivedId('bud', partnerId, quarter);

type Calendar = Pick<Program, 'fiscalYearStart' | 'timeZone'>;

/** The fiscal quarter at an instant, by the program's calendar. */
export const quarterAt = (now: Instant, { fiscalYearStart, timeZone }: Calendar): Quarter =>
  quarterOf(dayOf(now, timeZone), fiscalYearStart);

/** The first moment after a quarter. */
export const endOfQuarter = (quarter: Quarter, { fiscalYearStart, timeZone }: Calendar): Instant =>
  startOfDay(firstDayOf(nextQuarter(quarter), fiscalYearStart), timeZone);

/** A budget to which nothing has been given yet. */
export const newBudget = (
  about: { readonly partnerId: string; readonly quarter: Quarter; readonly now: Instant },
  program: Program,
): Budget => ({
  id: budgetIdOf(about.partnerId, about.quarter),
  status: 'open',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
  partnerId: about.partnerId,
  quarter: about.quarter,
  currency: program.currency,
  expiresAt: endOfQuarter(about.quarter, program),
  allocations: [],
});

/** What is given, and by which request. */
export interface Grant {
  readonly kind: AllocationKind;
  readonly amount: Money;
  readonly intent: Intent;
  /** The tier itself rose, so that it gives more than it gave before. */
  readonly raises?: true;
}

/** Long enough that no two requests share it, short enough that many stand in one small item. */
const shortHash = 16;
const givenBy = ({ writeId, bodyHash }: Intent) => ({
  writeId: writeId.slice(0, shortHash),
  bodyHash: bodyHash.slice(0, shortHash),
});

/** What an earlier try of this request gave, if one did. */
export const givenBefore = (budget: Budget, intent: Intent): Allocation | 'other_body' | undefined => {
  const mine = givenBy(intent);
  const given = budget.allocations.find(({ writeId }) => writeId === mine.writeId);
  return given && given.bodyHash !== mine.bodyHash ? 'other_body' : given;
};

const refuse = (message: string, fault: FieldError): DomainError =>
  new DomainError('rule', fault.code, message, { errors: [fault] });

const mustBeGivable = (budget: Budget, { kind, amount, intent, raises }: Grant): void => {
  if (amount.currency !== budget.currency) {
    const detail = `must be ${budget.currency}, the currency of this program`;
    const pointer = '#/amount/currency';
    throw refuse('Budgets are in the currency of the program.', { pointer, code: 'money.currency_mismatch', detail });
  }
  if (budget.expiresAt <= intent.at) {
    const message = `${budget.quarter} has ended, so nothing can be given for it any more.`;
    const detail = 'must be the present quarter or a later one';
    throw refuse(message, { pointer: '#/quarter', code: 'mdf.quarter_over', detail });
  }
  if (kind === 'tier' && !raises && budget.allocations.some((it) => it.kind === 'tier')) {
    const message = 'What the tier gives for this quarter has been given already.';
    throw new DomainError('conflict', 'mdf.tier_budget_given', message, { facts: { budgetId: budget.id } });
  }
};

/**
 * More for a budget, and the journal that says so. Throws `money.currency_mismatch`, `mdf.quarter_over`, `mdf.tier_budget_given`,
 * `money.out_of_range`.
 */
export const allocate = (budget: Budget, grant: Grant): { readonly after: Budget; readonly journal: Journal } => {
  mustBeGivable(budget, grant);
  const { intent, amount, kind } = grant;
  const { currency, partnerId, quarter } = budget;
  // Throws when the sum could not be kept exactly.
  addMoney({ amountMinor: allocatedTo(budget), currency }, amount);
  const allocation = {
    kind,
    amountMinor: amount.amountMinor,
    at: intent.at,
    version: budget.version + 1,
    ...givenBy(intent),
  };
  return {
    after: { ...budget, allocations: [...budget.allocations, allocation] },
    journal: journalOf(['mdf-allocate', budget.id, intent.writeId], {
      at: intent.at,
      currency,
      lines: move(amount.amountMinor, budgetAccount(partnerId, quarter, 'available'), budgetsAllocated),
    }),
  };
};

/** The quarter is over: what was left of the budget has expired. */
export const expireBudget = (
  budget: Budget,
  { available }: BudgetBalances,
  at: Instant,
): { readonly after: Budget; readonly journals: readonly Journal[] } => {
  const { partnerId, quarter, currency } = budget;
  const account = (state: 'available' | 'expired') => budgetAccount(partnerId, quarter, state);
  const lines = move(available, account('expired'), account('available'));
  return {
    after: { ...budget, status: moveTo(budgetLifecycle, budget.status, 'expired') },
    journals: lines.length > 0 ? [journalOf(['mdf-expire', budget.id], { at, currency, lines })] : [],
  };
};
