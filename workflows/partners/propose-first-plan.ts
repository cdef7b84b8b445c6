import { type StoredEvent, systemIntent } from '#shared/core/history.ts';
import { quarterOf } from '#shared/core/quarters.ts';
import { dayOf } from '#shared/core/time.ts';
import { programAt } from '#shared/program/program-store.ts';
import { planIdOf, proposePlan } from '#shared/success-plans/mutual-plan.ts';
import { agreeOn, templatesOf } from '#shared/success-plans/plan-terms.ts';
import { findPlan, savePlan } from '#shared/success-plans/success-plan-store.ts';

/** A new partner finds its first plan, made from the template that the program has for it; one that somebody made before stays. */
export const proposeFirstPlan = async ({ subject: partnerId, at }: StoredEvent): Promise<void> => {
  const { program, version } = await programAt(at);
  const template = templatesOf(program).find(({ onActivation }) => onActivation);
  if (!template) return;
  const activeOn = dayOf(at, program.timeZone);
  const quarter = quarterOf(activeOn, program.fiscalYearStart);
  if (await findPlan(partnerId, quarter)) return;
  const objectives = agreeOn(template, {}, program.currency);
  const about = { partnerId, quarter, template: template.id, programVersion: version, objectives, activeOn };
  const plan = proposePlan(undefined, { ...about, startsOn: activeOn }, { now: at, calendar: program });
  const intent = systemIntent('first-plan', planIdOf(partnerId, quarter), at);
  await savePlan(undefined, plan, { type: 'success_plan.proposed', intent });
};
