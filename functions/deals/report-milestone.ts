import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { reachMilestone } from '#shared/deals/deal-milestones.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/milestones: by the rules that the deal was registered under. */
export const reportMilestone = operation(contracts.reportMilestone, (request) =>
  changeOwnDeal(request, {
    operation: 'report-milestone',
    type: 'deal.milestone_reached',
    status: 201,
    decide: async (deal) =>
      reachMilestone(deal, request.body, { now: request.now, program: await getProgramRules(deal.programVersion) }),
  }),
);
