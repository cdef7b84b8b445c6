import { type Answer, operation } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import { reaches } from '#shared/core/access.ts';
import { partnerOf } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { derivedId } from '#shared/core/ids.ts';
import { readForClaim } from '#shared/mdf/claim-input-store.ts';
import { checkContent, submitClaim } from '#shared/mdf/claim-life.ts';
import { findFirstClaim, insertClaim } from '#shared/mdf/claim-store.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewClaim } from '#shared/mdf/mdf-view.ts';
import { programAt } from '#shared/program/program-store.ts';

const submit = async (asked: Request<typeof contracts.submitMdfClaim>) => {
  const { caller, intent, now, body: content } = asked;
  const { funded, documentsOf } = await readForClaim(asked.params.requestId, content, partnerOf(caller));
  if (!funded || !reaches('submit-mdf-claim', caller, funded.request.partnerId)) throw notFound();
  const { request, claims } = funded;
  const id = derivedId('clm', intent.writeId);
  // A repeat is answered as its first try was, even when the window has closed in between.
  const first = claims[id] === undefined ? undefined : await findFirstClaim(id, intent, content);
  if (first) return first;
  const { program } = await programAt(now);
  const documents = await documentsOf(request.partnerId);
  const claim = submitClaim({ content, documents }, request, { id, now, by: intent.by });
  checkContent({ content, documents }, request, { now, timeZone: program.timeZone });
  return insertClaim(claim, intent);
};

/** POST /v1/mdf/requests/{requestId}/claims. The id is made from caller and key, so a repeat meets its own first try. */
export const submitMdfClaim = operation(contracts.submitMdfClaim, async (asked): Promise<Answer> => {
  const { entity, replayed } = await submit(asked);
  return { status: 201, body: viewClaim(entity, asked.now), version: entity.version, replayed };
});
