import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { reportUsage as report } from '#shared/deals/deal-usage.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/usage: by the rules that the deal was registered under. */
export const reportUsage = operation(contracts.reportUsage, (request) =>
  changeOwnDeal(request, {
    operation: 'report-usage',
    type: 'deal.usage_reported',
    status: 201,
    decide: async (deal) =>
      report(deal, request.body, { now: request.now, program: await getProgramRules(deal.programVersion) }),
  }),
);
