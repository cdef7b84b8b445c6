import { operation } from '#functions/http/door.ts';
import type { Deal } from '#shared/deals/deal.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { type Discount, discountsOf, givesDiscounts } from '#shared/earnings/discount.ts';
import { participantOf } from '#shared/earnings/participant.ts';
import { getPartnerAsOf } from '#shared/partners/partner-store.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { getVisibleDeal } from './change-own-deal.ts';

/** By the rules it was registered under, for the partner as it is now, or was when the deal was won. */
const discountsFor = async (deal: Deal, now: string): Promise<readonly Discount[]> => {
  const program = await getProgramRules(deal.programVersion);
  if (!givesDiscounts(program)) return [];
  const partner = await getPartnerAsOf(deal.partnerId, deal.wonAt ?? now);
  const part = deal.attributions.find(({ partnerId }) => partnerId === deal.partnerId);
  if (!part) return [];
  const { dealType, productLine, value } = deal;
  const sale = { dealType, productLine, value, closedOn: deal.closedOn ?? now.slice(0, 10), registeredBefore: true };
  return discountsOf(program, sale, participantOf(part, partner));
};

/** GET /v1/deals/{dealId} */
export const getDeal = operation(contracts.getDeal, async (request) => {
  const deal = await getVisibleDeal('get-deal', request.caller, request.params.dealId);
  const discounts = await discountsFor(deal, request.now);
  const body = { ...viewDeal(deal, request), ...(discounts.length > 0 ? { discounts } : {}) };
  return { status: 200, body, version: deal.version };
});
