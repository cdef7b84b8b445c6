import { operation } from '#functions/http/door.ts';
import { resubmitApplication as resubmit } from '#shared/partners/partner-application.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { viewApplication } from '#shared/partners/partner-view.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { authorOf } from './apply-partner.ts';
import { mustHoldToken } from './status-token.ts';

/** POST /v1/partners/{partnerId}/resubmission, for whoever holds the status token. */
export const resubmitApplication = operation(contracts.resubmitApplication, async (request) => {
  const { params, query, now } = request;
  const { statusToken, ...application } = request.body;
  mustHoldToken(params.partnerId, statusToken ?? query.statusToken);
  const by = authorOf(request.caller);
  const intent = { ...request.intent, by };
  const partner = await getPartner(params.partnerId);
  const { program } = await programAt(now);
  const done = checkIntent(partner, intent, request.seen);
  if (done !== undefined) {
    const then = viewApplication(await entityAt(partner, done), { program, now });
    return { status: 200, body: then, version: done, replayed: true };
  }
  const again = resubmit(partner, application, { program, now, by });
  const change = changePartner(partner, again, { type: 'partner.resubmitted', intent });
  const { entity, replayed } = await commitChange(partner, change);
  return { status: 200, body: viewApplication(entity, { program, now }), version: entity.version, replayed };
});
