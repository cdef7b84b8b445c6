import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { summarizePlan } from '#shared/success-plans/plan-view.ts';
import * as contracts from '#shared/success-plans/success-plan-contract.ts';
import { listPlans } from '#shared/success-plans/success-plan-store.ts';

/** GET /v1/success-plans. How far each is stands with the plan: it is reckoned from its partner's facts. */
export const listSuccessPlans = operation(contracts.listSuccessPlans, async ({ caller, query }) => {
  const { nextCursor, ...page } = pageAsked('list-success-plans', caller, query);
  const { plans, after } = await listPlans(query, page);
  return { status: 200, body: { data: plans.map(summarizePlan), nextCursor: nextCursor(after) } };
});
