import { handler } from '#functions/success-plans/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { type MutualPlan, proposePlan } from '#shared/success-plans/mutual-plan.ts';
import { type Adjustments, agreeOn, templateOf } from '#shared/success-plans/plan-terms.ts';
import { savePlan } from '#shared/success-plans/success-plan-store.ts';
import { now } from '#test/partners/a-partner.ts';
import { aProgram } from '#test/support/a-program.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';

interface Wanted {
  readonly template?: string;
  readonly adjustments?: Adjustments;
  readonly startsOn?: string;
}

/** A plan as the rules make it, with what a test wants different. */
export const aPlan = (
  partnerId: string,
  quarter: string,
  { template = 'launch', adjustments = {}, startsOn }: Wanted = {},
): MutualPlan => {
  const program = aProgram();
  const objectives = agreeOn(templateOf(program, template), adjustments, program.currency);
  const about = {
    partnerId,
    quarter,
    template,
    programVersion: 1,
    objectives,
    startsOn,
    activeOn: undefined,
  };
  return proposePlan(undefined, about, { now, calendar: program });
};

/** A plan that waits for its partner. */
export const aProposedPlan = async (partnerId: string, quarter: string): Promise<void> => {
  const plan = aPlan(partnerId, quarter);
  await savePlan(undefined, plan, { type: 'success_plan.proposed', intent: systemIntent('plan', plan.id, now) });
};

/** At the door, by a manager where nobody else is named. */
export const askForPlan = (operation: Call['operation'], more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, { operation, at: now, caller: manager, ...more });
