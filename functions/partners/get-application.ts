import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { viewApplication } from '#shared/partners/partner-view.ts';
import { programAt } from '#shared/program/program-store.ts';
import { mustHoldToken } from './status-token.ts';

/** GET /v1/partners/{partnerId}/application */
export const getApplication = operation(contracts.getApplication, async ({ params, query, now }) => {
  mustHoldToken(params.partnerId, query.statusToken);
  const partner = await getPartner(params.partnerId);
  const { program } = await programAt(now);
  return { status: 200, body: viewApplication(partner, { program, now }), version: partner.version };
});
