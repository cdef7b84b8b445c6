import type { FundedBudget } from '#shared/mdf/budget-store.ts';
import type { BudgetView } from '#shared/mdf/mdf-contract.ts';
import { viewBudget } from '#shared/mdf/mdf-view.ts';
import { listFundedRequests } from '#shared/mdf/request-list-store.ts';

/** Budgets with their balances. Requests are read only for those from which something was ever taken, once for each partner. */
export const viewBudgets = async (budgets: readonly FundedBudget[], now: string): Promise<readonly BudgetView[]> => {
  const used = budgets.filter(({ balances }) => balances.committed > 0).map(({ budget }) => budget);
  const byPartner = Map.groupBy(used, ({ partnerId }) => partnerId);
  const pages = [...byPartner].map(([partnerId, its]) =>
    listFundedRequests(
      partnerId,
      its.map(({ quarter }) => quarter),
    ),
  );
  const requests = (await Promise.all(pages)).flat();
  return budgets.map(({ budget, balances }) => {
    const its = requests.filter(
      ({ request }) => request.partnerId === budget.partnerId && request.quarter === budget.quarter,
    );
    return viewBudget(budget, balances, { requests: its.map((each) => each.balances), now });
  });
};
