import { systemIntent } from '#shared/core/history.ts';
import { expireBudget } from '#shared/mdf/allocate-budget.ts';
import { isOver } from '#shared/mdf/budget.ts';
import { getBudget, saveExpiry } from '#shared/mdf/budget-store.ts';

/** The quarter is over: what is left of its budget expires. What was taken or given meanwhile is left to the next sweep. */
export const dueBudget = async (budgetId: string, now: string): Promise<void> => {
  const found = await getBudget(budgetId);
  const { budget, balances } = found;
  if (budget.status !== 'open' || !isOver(budget, now)) return;
  const { after, journals } = expireBudget(budget, balances, now);
  await saveExpiry(found, after, { intent: systemIntent('expire', budgetId, now), journals });
};
