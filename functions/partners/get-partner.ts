import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { getPartnerWithPlan } from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import { seesPayee } from './change-own-partner.ts';

/** GET /v1/partners/{partnerId}, with its success plan once it is active. */
export const getPartner = operation(contracts.getPartner, async ({ caller, params, now }) => {
  mustReach('get-partner', caller, params.partnerId);
  const { partner, plan, payee } = await getPartnerWithPlan(params.partnerId);
  const about = { now, byStaff: byStaff(caller), plan, payee: seesPayee(caller) ? payee : undefined };
  const body = viewPartner(partner, about);
  return { status: 200, body, version: partner.version };
});
