import { type Answer, operation } from '#functions/http/door.ts';
import { byStaff, type Caller } from '#shared/core/caller.ts';
import { derivedId } from '#shared/core/ids.ts';
import { applyPartner as apply } from '#shared/partners/partner-application.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { insertPartner } from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import { programAt } from '#shared/program/program-store.ts';
import { statusTokenOf } from './status-token.ts';

/** Where a stranger's request came from is personal, even hashed, and the history is never erased. */
export const authorOf = (caller: Caller): string => (caller.kind === 'anonymous' ? 'applicant' : caller.id);

/** POST /v1/partners. The id is made from caller and key, so a repeat meets its own first try, and gets the same token. */
export const applyPartner = operation(contracts.applyPartner, async (request): Promise<Answer> => {
  const { body, caller, now } = request;
  const terms = await programAt(now);
  const id = derivedId('ptr', request.intent.writeId);
  const by = authorOf(caller);
  const { entity, replayed } = await insertPartner({
    id,
    apply: (terminatedBefore) => apply(body, { id, now, by, terminatedBefore }, terms),
    intent: { ...request.intent, by },
    byStaff: byStaff(caller),
  });
  const view = viewPartner(entity, { now, byStaff: byStaff(caller) });
  return { status: 201, body: { ...view, statusToken: statusTokenOf(id) }, version: entity.version, replayed };
});
