import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner } from '#shared/partners/partner-store.ts';
import { commitChange, nextOfNamed, type Saved } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { MutualPlan, personalPlanFields, planIdOf } from './mutual-plan.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the success plan of a partner and quarter, or of several | table | pk = id of both, sk = `plan` |
 * | success plans of a quarter, by status | byStatus | `success-plans#<shard>`, `<quarter>#<status>#<id>` |
 */
const planKey = (id: string): Key => ({ pk: id, sk: 'plan' });

const toItem = (plan: MutualPlan): Item => ({
  ...planKey(plan.id),
  kind: 'mutual-plan',
  ...plan,
  statusKey: `success-plans#${shardOf(plan.id)}`,
  statusSort: `${plan.quarter}#${plan.status}#${plan.id}`,
  summary: { partnerId: plan.partnerId },
});

/** The plans of a partner in these quarters, those that are there. */
export const findPlans = async (partnerId: string, quarters: readonly Quarter[]): Promise<readonly MutualPlan[]> =>
  (await read(quarters.map((quarter) => planKey(planIdOf(partnerId, quarter))))).flatMap((item) =>
    item ? [MutualPlan.parse(item)] : [],
  );

export const findPlan = async (partnerId: string, quarter: Quarter): Promise<MutualPlan | undefined> =>
  (await findPlans(partnerId, [quarter]))[0];

/** Throws `not_found`. */
export const getPlan = async (partnerId: string, quarter: Quarter): Promise<MutualPlan> => {
  const plan = await findPlan(partnerId, quarter);
  if (!plan) throw notFound();
  return plan;
};

interface PlanPage {
  readonly plans: readonly MutualPlan[];
  readonly after: string | undefined;
}

export const listPlans = async (
  { quarter, status }: { readonly quarter: Quarter; readonly status?: MutualPlan['status'] | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<PlanPage> => {
  const prefix = `${quarter}#${status ? `${status}#` : ''}`;
  const { items, after } = await listByStatus({ noun: 'success-plans', prefix, ...page });
  return { plans: items.map((item) => MutualPlan.parse(item)), after };
};

interface Saving {
  readonly type: string;
  readonly intent: Intent;
  readonly partner?: { readonly before: Partner; readonly after: Partner } | undefined;
}

/**
 * Writes a plan, and with it what its acceptance changes about the partner, in one transaction. Throws `version.stale` when somebody
 * else was faster.
 */
export const savePlan = (
  before: MutualPlan | undefined,
  after: MutualPlan,
  { partner, ...about }: Saving,
): Promise<Saved<MutualPlan>> => {
  const { partnerId } = after;
  const next = nextOfNamed(before, after, { ...about, personalFields: personalPlanFields, partnerId, toItem });
  if (!partner) return commitChange(before, next);
  const own = changePartner(partner.before, partner.after, { type: 'partner.target_agreed', intent: about.intent });
  return commitChange(before, { ...next, writes: [...next.writes, ...own.writes] }, [own.event]);
};
