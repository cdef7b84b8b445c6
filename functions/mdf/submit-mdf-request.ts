import { type Answer, operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { derivedId } from '#shared/core/ids.ts';
import { nothingReserved } from '#shared/mdf/fund-request.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import { checkPlan, submitRequest } from '#shared/mdf/request-life.ts';
import { insertRequest } from '#shared/mdf/request-store.ts';
import { firstTryOr } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** POST /v1/mdf/requests. The id is made from caller and key, so a repeat meets its own first try. */
export const submitMdfRequest = operation(contracts.submitMdfRequest, async (request): Promise<Answer> => {
  const { partnerId: onBehalfOf, ...plan } = request.body;
  const { caller, intent, now } = request;
  const partnerId = partnerFor(caller, onBehalfOf);
  const terms = await programAt(now);
  const id = derivedId('mdr', intent.writeId);
  const submitted = submitRequest(plan, { id, partnerId, now, by: intent.by }, terms);
  const save = async () => {
    try {
      checkPlan(plan, terms, now);
    } catch (refusal) {
      return firstTryOr(refusal, submitted, intent);
    }
    return insertRequest(submitted, intent);
  };
  const { entity, replayed } = await save();
  const body = viewRequest({ request: entity, balances: nothingReserved }, now);
  return { status: 201, body, version: entity.version, replayed };
});
