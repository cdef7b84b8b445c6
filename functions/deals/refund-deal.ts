import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { refundDeal as refund } from '#shared/deals/deal-payments.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/refunds: by the rules that the deal was registered under. */
export const refundDeal = operation(contracts.refundDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'refund-deal',
    type: 'deal.refunded',
    status: 201,
    decide: async (deal) =>
      refund(deal, request.body, { now: request.now, program: await getProgramRules(deal.programVersion) }),
  }),
);
