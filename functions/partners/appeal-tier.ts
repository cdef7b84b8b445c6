import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { appealTier as appeal } from '#shared/partners/tier-appeal.ts';
import { changeOwnPartner } from './change-own-partner.ts';

/** POST /v1/partners/{partnerId}/tier-appeals */
export const appealTier = operation(contracts.appealTier, (request) =>
  changeOwnPartner(request, {
    operation: 'appeal-tier',
    type: 'partner.tier_appealed',
    decide: (partner) => appeal(partner, { reason: request.body.reason, by: request.caller.id, now: request.now }),
  }),
);
