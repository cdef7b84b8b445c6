import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { resubmitApplication as resubmit } from '#shared/partners/partner-application.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { viewApplication } from '#shared/partners/partner-view.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { authorOf } from './apply-partner.ts';
import { mustHoldToken } from './status-token.ts';

/** POST /v1/partners/{partnerId}/resubmission, for whoever holds the status token. */
export const resubmitApplication = operation(contracts.resubmitApplication, (request) => {
  const { params, query, now } = request;
  const { statusToken, ...application } = request.body;
  mustHoldToken(params.partnerId, statusToken ?? query.statusToken);
  const by = authorOf(request.caller);
  const intent = { ...request.intent, by };
  return answerChange({ ...request, intent }, async () => {
    const partner = await getPartner(params.partnerId);
    const { program } = await programAt(now);
    return {
      before: partner,
      view: (it) => viewApplication(it, { program, now }),
      save: async () => {
        const again = resubmit(partner, application, { program, now, by });
        return commitChange(partner, changePartner(partner, again, { type: 'partner.resubmitted', intent }));
      },
    };
  });
});
