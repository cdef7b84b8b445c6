import { type Answer, operation } from '#functions/http/door.ts';
import { DomainError } from '#shared/core/errors.ts';
import { derivedId } from '#shared/core/ids.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import { registerDeal as register } from '#shared/deals/deal-registration.ts';
import { insertDeal } from '#shared/deals/deal-store.ts';
import { limitsFor } from '#shared/deals/limits-for.ts';
import { programAt } from '#shared/program/program-store.ts';
import { partnerFor } from './partner-for.ts';

/** POST /v1/deals. The id is made from caller and key, so a repeat meets its own first try. */
export const registerDeal = operation(contracts.registerDeal, async (request): Promise<Answer> => {
  const { partnerId: onBehalfOf, contest, ...registration } = request.body;
  const { intent, now } = request;
  if (contest) {
    throw new DomainError('rule', 'deal.contest_not_open', 'Contests cannot be opened yet; ask your partner manager.', {
      errors: [{ pointer: '#/contest', code: 'deal.contest_not_open', detail: 'must be left out' }],
    });
  }
  const partnerId = partnerFor(request.caller, onBehalfOf);
  const terms = await programAt(now);
  const deal = register(registration, { id: derivedId('deal', intent.writeId), partnerId, now, by: intent.by }, terms);
  const { program } = terms;
  const passage = {
    partnerId,
    program,
    territories: limitsFor(program.territories, deal.customer),
    byStaff: onBehalfOf !== undefined,
  };
  const { entity, replayed } = await insertDeal({ deal, intent, terms, passage });
  return { status: 201, body: viewDeal(entity, now), version: entity.version, replayed };
});
