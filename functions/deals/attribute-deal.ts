import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { attributeDeal as attribute } from '#shared/deals/deal-life.ts';
import { mayHelpToSell } from '#shared/partners/partner-gate-store.ts';
import { changeOwnDeal } from './change-own-deal.ts';

/** POST /v1/deals/{dealId}/attributions */
export const attributeDeal = operation(contracts.attributeDeal, (request) =>
  changeOwnDeal(request, {
    operation: 'attribute-deal',
    type: 'deal.attributed',
    status: 201,
    onlyIf: ({ customer }) => [mayHelpToSell(request.body.partnerId, customer.domain)],
    decide: (deal) => attribute(deal, { ...request.body, sharePercent: request.body.sharePercent ?? 0 }, request.now),
  }),
);
