import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { nextQuarter, previousQuarter, quarterOf } from '#shared/core/quarters.ts';
import { dayOf } from '#shared/core/time.ts';
import { listDealsOfPartner } from '#shared/deals/deal-store.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { findHealth, getRevision } from '#shared/health/health-store.ts';
import { judgedIn } from '#shared/health/health-view.ts';
import { listClaimsOfPartner } from '#shared/mdf/claim-list-store.ts';
import { listRequestsOfPartner } from '#shared/mdf/request-list-store.ts';
import { getPartnerWithPlan } from '#shared/partners/partner-store.ts';
import { listStatements } from '#shared/payouts/statement-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';
import { taskOf, type WarningTask } from '#shared/scorecards/warning-words.ts';
import { findPlans } from '#shared/success-plans/success-plan-store.ts';
import { isAnsweredLately } from '#shared/tasks/task.ts';
import * as contracts from '#shared/tasks/task-contract.ts';
import { tasksOf } from '#shared/tasks/tasks-of.ts';

/** Of each kind; the list itself is no longer. */
const page = { after: undefined, limit: 100 };

/** What the last quarter that is over warns of; nothing while it is not scored. */
const warningsOf = async (partnerId: string, program: Program, now: string): Promise<readonly WarningTask[]> => {
  const quarter = previousQuarter(quarterOf(dayOf(now, program.timeZone), program.fiscalYearStart));
  const [health] = await findHealth(partnerId, [quarter]);
  if (!health) return [];
  const revision = await getRevision(health.id, health.revision);
  return judgedIn(revision).warnings.map((warning) => taskOf(warning, quarter, program));
};

/** GET /v1/partners/{partnerId}/tasks: reckoned from the records each time, so it is never behind them. */
export const listPartnerTasks = operation(
  contracts.listPartnerTasks,
  async ({ caller, params: { partnerId }, now }) => {
    mustReach('list-partner-tasks', caller, partnerId);
    const { partner, payee } = await getPartnerWithPlan(partnerId);
    const status = 'returned';
    const [{ program }, statements, { deals }, { requests }, { claims }, { earnings }] = await Promise.all([
      programAt(now),
      listStatements(partnerId),
      listDealsOfPartner({ partnerId, status, ...page }),
      listRequestsOfPartner(partnerId, { status }, page),
      listClaimsOfPartner(partnerId, (claim) => claim.status === status, page),
      listEarningsOfPartner({ partnerId, keep: (earning) => isAnsweredLately(earning, now), ...page }),
    ]);
    const quarter = quarterOf(dayOf(now, program.timeZone), program.fiscalYearStart);
    const [plans, warnings] = await Promise.all([
      findPlans(partnerId, [previousQuarter(quarter), quarter, nextQuarter(quarter)]),
      byStaff(caller) ? warningsOf(partnerId, program, now) : [],
    ]);
    const records = { partner, payee, statements, deals, claims, answered: earnings, warnings, plans, program, now };
    const data = tasksOf({ ...records, requests: requests.map(({ request }) => request) });
    return { status: 200, body: { data, nextCursor: null } };
  },
);
