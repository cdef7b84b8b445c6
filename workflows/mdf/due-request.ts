import { systemIntent } from '#shared/core/history.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { getBudget } from '#shared/mdf/budget-store.ts';
import { releaseAt } from '#shared/mdf/fund-request.ts';
import { lookAgain, saveEnd } from '#shared/mdf/request-end-store.ts';
import { endedBy } from '#shared/mdf/request-life.ts';
import { getRequest } from '#shared/mdf/request-store.ts';

/**
 * Ends a request that nobody answered for, that was claimed whole, or whose claim window is over; what was not claimed is given back.
 * Claims under review come first: the request waits for them.
 */
export const dueRequest = async (requestId: string, now: string): Promise<void> => {
  const funded = await getRequest(requestId);
  const { request, balances } = funded;
  const to = endedBy(request, balances, now);
  if (to) {
    const { budget } = await getBudget(budgetIdOf(request.partnerId, request.quarter));
    await saveEnd(funded, { to, budget, intent: systemIntent('end', `${requestId}@${request.version}`, now) });
    return;
  }
  if (request.status !== 'approved') return;
  const next = releaseAt(request, balances);
  await lookAgain(funded, next !== undefined && next > now ? next : undefined);
};
