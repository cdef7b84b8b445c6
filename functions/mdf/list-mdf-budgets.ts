import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { listBudgets } from '#shared/mdf/budget-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewBudgets } from './view-budgets.ts';

/** GET /v1/mdf/budgets */
export const listMdfBudgets = operation(contracts.listMdfBudgets, async ({ caller, query, now }) => {
  const partnerId = listedPartner('list-mdf-budgets', caller, query.partnerId);
  const { nextCursor, ...part } = pageAsked('list-mdf-budgets', caller, query);
  const page = await listBudgets({ partnerId, quarter: query.quarter, ...part });
  const data = await viewBudgets(page.budgets, now);
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
