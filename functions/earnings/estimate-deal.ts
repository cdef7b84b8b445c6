import { operation } from '#functions/http/door.ts';
import { type Caller, isStaff } from '#shared/core/caller.ts';
import { DomainError, notFound } from '#shared/core/errors.ts';
import { dayOf } from '#shared/core/time.ts';
import { changeFaults, lineFaults, refuseBroken } from '#shared/deals/registration-faults.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { estimateDeal as estimate } from '#shared/earnings/estimate-deal.ts';
import { periodsOf } from '#shared/earnings/periods.ts';
import { listSales } from '#shared/earnings/sale-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { programAt } from '#shared/program/program-store.ts';

const missing = (): DomainError =>
  new DomainError('invalid', 'request.invalid', 'Staff must say for which partner.', {
    errors: [{ pointer: '#/partnerId', code: 'missing', detail: 'must be the id of the partner' }],
  });

const partnerFor = (caller: Caller, named: string | undefined): string => {
  if (caller.kind === 'anonymous') throw notFound();
  const own = isStaff(caller.role) ? undefined : caller.partnerId;
  if (own !== undefined && named !== undefined && named !== own) throw notFound();
  const partnerId = own ?? named;
  if (partnerId === undefined) throw missing();
  return partnerId;
};

/** POST /v1/deals/estimate: what a deal would earn, before anybody registers it. */
export const estimateDeal = operation(contracts.estimateDeal, async ({ caller, body, now }) => {
  const { program } = await programAt(now);
  const partnerId = partnerFor(caller, body.partnerId);
  refuseBroken([...lineFaults(body.productLine, program), ...changeFaults(body, program, now)]);
  const closedOn = body.expectedCloseDate ?? dayOf(now, program.timeZone);
  const [, year] = periodsOf(closedOn, program);
  const [partner, sales] = await Promise.all([
    getPartner(partnerId),
    listSales(partnerId, year?.from ?? closedOn, year?.until ?? closedOn),
  ]);
  const { productLine, dealType, value, role = 'sourced' } = body;
  return {
    status: 200,
    body: estimate({ productLine, dealType, value, closedOn, role }, { partner, program, sales }),
  };
});
