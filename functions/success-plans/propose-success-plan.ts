import { answerPut } from '#functions/http/answer-put.ts';
import { operation } from '#functions/http/door.ts';
import { dayOf } from '#shared/core/time.ts';
import { mustBeActive } from '#shared/partners/partner-life.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { mustBePlannable, proposePlan } from '#shared/success-plans/mutual-plan.ts';
import { agreeOn, templateOf } from '#shared/success-plans/plan-terms.ts';
import * as contracts from '#shared/success-plans/success-plan-contract.ts';
import { findPlan, savePlan } from '#shared/success-plans/success-plan-store.ts';
import { showPlan } from './show-plan.ts';

/** PUT /v1/partners/{partnerId}/success-plans/{quarter}. Whoever replaces a plan must have seen it. */
export const proposeSuccessPlan = operation(contracts.proposeSuccessPlan, async (request) => {
  const { params, body, now, intent } = request;
  const { partnerId, quarter } = params;
  const [{ program: calendar, version }, partner] = await Promise.all([programAt(now), getPartner(partnerId)]);
  return answerPut(request, {
    find: () => findPlan(partnerId, quarter),
    view: (plan) => showPlan(plan, now),
    save: async (before) => {
      mustBeActive(partner);
      mustBePlannable(quarter, before, { now, calendar });
      const template = templateOf(calendar, body.template);
      const proposal = {
        ...params,
        template: template.id,
        programVersion: version,
        objectives: agreeOn(template, body.adjustments ?? {}, calendar.currency),
        startsOn: body.startsOn,
        activeOn: partner.activeAt && dayOf(partner.activeAt, calendar.timeZone),
      };
      const plan = proposePlan(before, proposal, { now, calendar });
      return savePlan(before, plan, { type: 'success_plan.proposed', intent });
    },
  });
});
