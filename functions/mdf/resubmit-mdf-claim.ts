import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { reaches } from '#shared/core/access.ts';
import { partnerOf } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { readForResubmission } from '#shared/mdf/claim-input-store.ts';
import { checkContent, resubmitClaim } from '#shared/mdf/claim-life.ts';
import { saveResubmission } from '#shared/mdf/claim-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import { getRequest } from '#shared/mdf/request-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** POST /v1/mdf/claims/{claimId}/resubmission */
export const resubmitMdfClaim = operation(contracts.resubmitMdfClaim, (asked) =>
  answerChange(asked, async () => {
    const { caller, intent, now, body: content, params } = asked;
    const { claim, documentsOf } = await readForResubmission(params.claimId, content, partnerOf(caller));
    if (!claim || !reaches('resubmit-mdf-claim', caller, claim.partnerId)) throw notFound();
    return {
      before: claim,
      view: (it) => viewClaim(it, now),
      save: async () => {
        const { program } = await programAt(now);
        const input = { content, documents: await documentsOf(claim.partnerId) };
        const after = resubmitClaim(claim, input, { now, by: caller.id });
        const { request } = await getRequest(claim.requestId);
        checkContent(input, request, { now, timeZone: program.timeZone });
        return saveResubmission(claim, after, intent);
      },
    };
  }),
);
