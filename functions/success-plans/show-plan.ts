import { quarterOf } from '#shared/core/quarters.ts';
import type { Instant } from '#shared/core/time.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import type { MutualPlan } from '#shared/success-plans/mutual-plan.ts';
import { progressOf } from '#shared/success-plans/plan-progress.ts';
import { viewPlan } from '#shared/success-plans/plan-view.ts';
import type { SuccessPlanView } from '#shared/success-plans/success-plan-contract.ts';

/** A plan as it is shown, with how far it is by the facts of now. */
export const showPlan = async (plan: MutualPlan, now: Instant): Promise<SuccessPlanView> => {
  const { program } = await programAt(now);
  const to = quarterOf(plan.endsOn, program.fiscalYearStart);
  const facts = await listFacts(plan.partnerId, { from: plan.quarter, to });
  return viewPlan(plan, progressOf(plan, facts, { now, calendar: program }));
};
