import { operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { reachOf } from '#shared/core/access.ts';
import { listBudgets } from '#shared/mdf/budget-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';
import { viewBudgets } from './view-budgets.ts';

/** GET /v1/mdf/budgets */
export const listMdfBudgets = operation(contracts.listMdfBudgets, async ({ caller, query, now }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-mdf-budgets', filter };
  const isOwn = reachOf('list-mdf-budgets', caller) === 'own';
  const page = await listBudgets({
    partnerId: isOwn ? partnerFor(caller, query.partnerId) : query.partnerId,
    quarter: query.quarter,
    after: cursor ? readCursor(cursor, scope) : undefined,
    limit,
  });
  const data = await viewBudgets(page.budgets, now);
  return { status: 200, body: { data, nextCursor: page.after ? makeCursor(page.after, scope) : null } };
});
