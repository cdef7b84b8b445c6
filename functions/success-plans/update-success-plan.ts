import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { tellProgress } from '#shared/success-plans/mutual-plan.ts';
import * as contracts from '#shared/success-plans/success-plan-contract.ts';
import { getPlan, savePlan } from '#shared/success-plans/success-plan-store.ts';
import { showPlan } from './show-plan.ts';

/** POST /v1/partners/{partnerId}/success-plans/{quarter}/updates, by either side. */
export const updateSuccessPlan = operation(contracts.updateSuccessPlan, (request) =>
  answerChange(request, async () => {
    const { caller, params, body, now, intent } = request;
    mustReach('update-success-plan', caller, params.partnerId);
    const before = await getPlan(params.partnerId, params.quarter);
    return {
      before,
      view: (plan) => showPlan(plan, now),
      save: () => {
        const after = tellProgress(before, body, { by: caller.id, now });
        return savePlan(before, after, { type: 'success_plan.updated', intent });
      },
    };
  }),
);
