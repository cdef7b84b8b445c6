import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { payDeal as pay } from '#shared/deals/deal-payments.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/payments: by the rules that the deal was registered under. */
export const payDeal = operation(contracts.payDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'pay-deal',
    type: 'deal.paid',
    status: 201,
    decide: async (deal) =>
      pay(deal, request.body, { now: request.now, program: await getProgramRules(deal.programVersion) }),
  }),
);
