import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { dayOf } from '#shared/core/time.ts';
import { agreeTarget, mustBeActive } from '#shared/partners/partner-life.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { acceptPlan, salesTargetIn } from '#shared/success-plans/mutual-plan.ts';
import * as contracts from '#shared/success-plans/success-plan-contract.ts';
import { getPlan, savePlan } from '#shared/success-plans/success-plan-store.ts';
import { showPlan } from './show-plan.ts';

/** POST /v1/partners/{partnerId}/success-plans/{quarter}/acceptance. The partner's own sales target follows in the same transaction. */
export const acceptSuccessPlan = operation(contracts.acceptSuccessPlan, (request) =>
  answerChange(request, async () => {
    const { caller, params, body, now, intent } = request;
    const { partnerId, quarter } = params;
    mustReach('accept-success-plan', caller, partnerId);
    const before = await getPlan(partnerId, quarter);
    return {
      before,
      view: (plan) => showPlan(plan, now),
      save: async () => {
        const [{ program }, partner] = await Promise.all([programAt(now), getPartner(partnerId)]);
        mustBeActive(partner);
        const plan = acceptPlan(before, {
          comment: body.comment,
          by: caller.id,
          now,
          today: dayOf(now, program.timeZone),
        });
        const target = salesTargetIn(plan);
        const agreed = target && agreeTarget(partner, quarter, target);
        const together = agreed && { before: partner, after: agreed };
        return savePlan(before, plan, { type: 'success_plan.accepted', intent, partner: together });
      },
    };
  }),
);
