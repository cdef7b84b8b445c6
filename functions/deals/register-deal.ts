import type * as z from 'zod';
import { type Answer, operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { DomainError } from '#shared/core/errors.ts';
import { derivedId } from '#shared/core/ids.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { checkRegistration, registerDeal as register, type Terms } from '#shared/deals/deal-registration.ts';
import { insertDeal } from '#shared/deals/deal-store.ts';
import { limitsFor } from '#shared/deals/limits-for.ts';
import { firstTryOr } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

type Body = z.infer<typeof contracts.registerDeal.body>;

const check = ({ contest, ...registration }: Body, terms: Terms, now: string): void => {
  if (contest) {
    throw new DomainError('rule', 'deal.contest_not_open', 'Contests cannot be opened yet; ask your partner manager.', {
      errors: [{ pointer: '#/contest', code: 'deal.contest_not_open', detail: 'must be left out' }],
    });
  }
  checkRegistration(registration, terms, now);
};

/** POST /v1/deals. The id is made from caller and key, so a repeat meets its own first try. */
export const registerDeal = operation(contracts.registerDeal, async (request): Promise<Answer> => {
  const { partnerId: onBehalfOf, contest: _contest, mdfRequestId, ...registration } = request.body;
  const { caller, intent, now } = request;
  const partnerId = partnerFor(caller, onBehalfOf);
  const terms = await programAt(now);
  const registered = register(
    registration,
    { id: derivedId('deal', intent.writeId), partnerId, now, by: intent.by },
    terms,
  );
  const deal = mdfRequestId ? { ...registered, mdfRequestId } : registered;
  const { program } = terms;
  const passage = {
    partnerId,
    program,
    territories: limitsFor(program.territories, deal.customer),
    byStaff: onBehalfOf !== undefined,
    customerDomain: deal.customer.domain,
  };
  const save = async () => {
    try {
      check(request.body, terms, now);
    } catch (refusal) {
      return firstTryOr(refusal, deal, intent);
    }
    return insertDeal({ deal, intent, terms, passage });
  };
  const { entity, replayed } = await save();
  return { status: 201, body: viewDeal(entity, request), version: entity.version, replayed };
});
