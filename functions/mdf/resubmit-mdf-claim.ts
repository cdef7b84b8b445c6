import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import { reaches } from '#shared/core/access.ts';
import { notFound } from '#shared/core/errors.ts';
import { readForResubmission } from '#shared/mdf/claim-input-store.ts';
import { checkContent, resubmitClaim } from '#shared/mdf/claim-life.ts';
import { saveResubmission } from '#shared/mdf/claim-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import { getRequest } from '#shared/mdf/request-store.ts';
import { checkIntent, entityAt } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { ownPartner } from './own-partner.ts';

const resubmit = async (asked: Request<typeof contracts.resubmitMdfClaim>): Promise<Answer> => {
  const { caller, intent, now, body: content, params } = asked;
  const { claim, documentsOf } = await readForResubmission(params.claimId, content, ownPartner(caller));
  if (!claim || !reaches('resubmit-mdf-claim', caller, claim.partnerId)) throw notFound();
  const done = checkIntent(claim, intent, asked.seen);
  if (done !== undefined) {
    return { status: 200, body: viewClaim(await entityAt(claim, done), now), version: done, replayed: true };
  }
  const { program } = await programAt(now);
  const input = { content, documents: await documentsOf(claim.partnerId) };
  const after = resubmitClaim(claim, input, { now, by: caller.id });
  const { request } = await getRequest(claim.requestId);
  checkContent(input, request, { now, timeZone: program.timeZone });
  const { entity, replayed } = await saveResubmission(claim, after, intent);
  return { status: 200, body: viewClaim(entity, now), version: entity.version, replayed };
};

/** POST /v1/mdf/claims/{claimId}/resubmission */
export const resubmitMdfClaim = operation(contracts.resubmitMdfClaim, (asked) =>
  againUnlessSeen(asked.seen, () => resubmit(asked)),
);
