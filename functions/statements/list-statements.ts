import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { DomainError } from '#shared/core/errors.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import * as contracts from '#shared/payouts/statement-contract.ts';
import { listStatements as listAll } from '#shared/payouts/statement-store.ts';
import { summaryOf } from '#shared/payouts/statement-view.ts';

const missing = (): DomainError =>
  new DomainError('invalid', 'request.invalid', 'Staff must say for which partner.', {
    errors: [{ pointer: '#/query/partnerId', code: 'missing', detail: 'must be the id of the partner' }],
  });

/** GET /v1/statements: a partner has one a month, so all of them are one page. */
export const listStatements = operation(contracts.listStatements, async ({ caller, query }) => {
  const partnerId = listedPartner('list-statements', caller, query.partnerId);
  if (partnerId === undefined) throw missing();
  const [statements] = await Promise.all([listAll(partnerId), getPartner(partnerId)]);
  return { status: 200, body: { data: statements.map(summaryOf).reverse(), nextCursor: null } };
});
