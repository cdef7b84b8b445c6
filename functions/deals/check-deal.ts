import { operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { rateClasses } from '#functions/http/rate-classes.ts';
import { rateHeaders } from '#functions/http/rate-headers.ts';
import type { Caller } from '#shared/core/caller.ts';
import { registrableDomain } from '#shared/core/domains.ts';
import { DomainError } from '#shared/core/errors.ts';
import { refusalBy } from '#shared/deals/customer-lock.ts';
import { readCustomer } from '#shared/deals/customer-store.ts';
import * as contracts from '#shared/deals/deal-contract.ts';
import { log } from '#shared/platform/logger.ts';
import { takeTurn } from '#shared/platform/rate-limit.ts';
import { programAt } from '#shared/program/program-store.ts';

const outcomes: Readonly<Record<string, string>> = {
  'deal.already_registered': 'own',
  'deal.cooling_off': 'cooling_off',
  'deal.conflict': 'taken',
};

/** Enough for a person and a CRM's button; too slow to find out who is whose customer by asking for everybody. */
const checks = { operation: 'check-deal', ...rateClasses.checks } as const;

/** A partner's people and machines share its turns, else more keys would bring more answers. */
const askerOf = (caller: Caller): string =>
  caller.kind !== 'anonymous' && caller.partnerId !== undefined ? caller.partnerId : caller.id;

/** POST /v1/deals/check: a plain answer, never a name. */
export const checkDeal = operation(contracts.checkDeal, async ({ caller, body, now }) => {
  const turn = await takeTurn({ ...checks, callerId: askerOf(caller) }, now);
  const { program } = await programAt(now);
  if (!program.productLines.some((line) => line.id === body.productLine)) {
    throw new DomainError('rule', 'program.unknown_product_line', 'The program has no such product line.', {
      errors: [
        { pointer: '#/productLine', code: 'program.unknown_product_line', detail: 'must be one of the program' },
      ],
    });
  }
  const partnerId = partnerFor(caller, body.partnerId);
  const domain = registrableDomain(body.websiteUrl) ?? '';
  const { obstacles, known } = await readCustomer(domain, body.productLine);
  const refusal = refusalBy(obstacles, { partnerId, dealType: 'new', now });
  const whenKnown = program.deals.knownAccounts === 'refuse' ? 'taken' : 'review';
  const outcome = refusal ? outcomes[refusal.code] : known ? whenKnown : 'available';
  log.info('account checked', { caller: caller.id, partnerId, domain, productLine: body.productLine, outcome });
  const { freeAt } = refusal?.details.facts ?? {};
  return { status: 200, body: { outcome, ...(freeAt ? { freeAt } : {}) }, headers: rateHeaders(turn) };
});
