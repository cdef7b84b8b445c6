import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import * as contracts from '#shared/success-plans/success-plan-contract.ts';
import { getPlan } from '#shared/success-plans/success-plan-store.ts';
import { showPlan } from './show-plan.ts';

/** GET /v1/partners/{partnerId}/success-plans/{quarter} */
export const getSuccessPlan = operation(contracts.getSuccessPlan, async ({ caller, params, now }) => {
  mustReach('get-success-plan', caller, params.partnerId);
  const plan = await getPlan(params.partnerId, params.quarter);
  return { status: 200, body: await showPlan(plan, now), version: plan.version };
});
