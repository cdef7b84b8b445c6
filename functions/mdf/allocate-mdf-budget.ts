import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Money } from '#shared/core/money.ts';
import { allocate, budgetIdOf, givenBefore, newBudget } from '#shared/mdf/allocate-budget.ts';
import type { AllocationKind } from '#shared/mdf/budget.ts';
import { findBudget, getBudget, saveAllocation } from '#shared/mdf/budget-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { entityAt, keyReused } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { viewBudgets } from './view-budgets.ts';

interface Giving {
  readonly partnerId: string;
  readonly quarter: string;
  readonly kind: AllocationKind;
  readonly amount: Money;
}

const give = async ({ partnerId, quarter, kind, amount }: Giving, intent: Intent): Promise<Answer> => {
  const now = intent.at;
  const { program } = await programAt(now);
  const budgetId = budgetIdOf(partnerId, quarter);
  const found = await findBudget(budgetId);
  const given = found && givenBefore(found.budget, intent);
  if (given === 'other_body') throw keyReused();
  if (found && given) {
    const budget = await entityAt(found.budget, given.version);
    const [body] = await viewBudgets([{ ...found, budget }], now);
    return { status: 201, body, version: given.version, replayed: true };
  }
  const budget = found?.budget ?? newBudget({ partnerId, quarter, now }, program);
  const { after, journal } = allocate(budget, { kind, amount, intent });
  const { entity, replayed } = await saveAllocation(found?.budget, after, { intent, journal });
  const { balances } = await getBudget(budgetId);
  const [body] = await viewBudgets([{ budget: entity, balances }], now);
  return { status: 201, body, version: entity.version, replayed };
};

/** POST /v1/mdf/budgets: finance gives; twice with one key gives once, for as long as the budget lives. */
export const allocateMdfBudget = operation(contracts.allocateMdfBudget, ({ body, intent }) =>
  againUnlessSeen({ version: undefined }, () => give(body, intent)),
);
