import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { listDealsOfPartner } from '#shared/deals/deal-store.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { listClaimsOfPartner } from '#shared/mdf/claim-list-store.ts';
import { listRequestsOfPartner } from '#shared/mdf/request-list-store.ts';
import { getPartnerWithPlan } from '#shared/partners/partner-store.ts';
import { listStatements } from '#shared/payouts/statement-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { isAnsweredLately } from '#shared/tasks/task.ts';
import * as contracts from '#shared/tasks/task-contract.ts';
import { tasksOf } from '#shared/tasks/tasks-of.ts';

/** Of each kind; the list itself is no longer. */
const page = { after: undefined, limit: 100 };

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
    const records = { partner, payee, statements, deals, claims, answered: earnings, program, now };
    const data = tasksOf({ ...records, requests: requests.map(({ request }) => request) });
    return { status: 200, body: { data, nextCursor: null } };
  },
);
