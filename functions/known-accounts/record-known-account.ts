import { type Answer, operation } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import { DomainError, isCode } from '#shared/core/errors.ts';
import { type Customer, readWholeCustomer, recordKnownAccount as record } from '#shared/deals/customer-store.ts';
import { isLive } from '#shared/deals/deal.ts';
import { dealFrom, dealKey } from '#shared/deals/deal-store.ts';
import {
  type AccountConflict,
  domainOf,
  type KnownAccount,
  recordAccount,
} from '#shared/known-accounts/known-account.ts';
import * as contracts from '#shared/known-accounts/known-account-contract.ts';
import { viewKnownAccount } from '#shared/known-accounts/known-account-contract.ts';
import { checkIntent, entityAt } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { programAt } from '#shared/program/program-store.ts';

/** Approved registrations that are protected at this instant; what is only submitted holds the customer, but binds nobody yet. */
const listProtected = async (customer: Customer | undefined, now: string): Promise<readonly AccountConflict[]> => {
  const live = Object.values(customer?.holds ?? {}).filter((hold) => hold.freeAt > now);
  if (live.length === 0) return [];
  const deals = await read(live.map((hold) => dealKey(hold.dealId)));
  return deals.flatMap((item): AccountConflict[] => {
    const deal = dealFrom(item);
    if (deal?.status !== 'approved' || deal.protectedUntil === undefined || !isLive(deal, now)) return [];
    const { id, partnerId, productLine, protectedUntil } = deal;
    return [{ dealId: id, partnerId, productLine, protectedUntil }];
  });
};

const answer = (account: KnownAccount, replayed: boolean): Answer => ({
  status: account.version === 1 ? 201 : 200,
  body: viewKnownAccount(account),
  version: account.version,
  replayed,
});

const tries = 4;

/** Works on the customer as it was read, or undefined on the guess that nobody has registered or recorded it yet. */
const recordOn = async (
  request: Request<typeof contracts.recordKnownAccount>,
  customer: Customer | undefined,
): Promise<Answer> => {
  const { body, intent, now, caller } = request;
  const known = customer?.known;
  const done = known && checkIntent(known, intent, request.seen);
  if (known && done !== undefined) return answer(await entityAt(known, done), true);
  const registrations = body.openOpportunity ? await listProtected(customer, now) : [];
  const { program } = await programAt(now);
  const saved = await record(customer, recordAccount(known, body, { by: caller.id, now, registrations }), {
    intent,
    productLines: program.productLines.map((line) => line.id),
  });
  return answer(saved.entity, saved.replayed);
};

/**
 * POST /v1/known-accounts. A new account, and its repeat, are one request to the table: it is read only when the guess that it is new
 * was wrong, or somebody registered or recorded it at the same time.
 */
export const recordKnownAccount = operation(contracts.recordKnownAccount, async (request): Promise<Answer> => {
  const named = request.seen.version !== undefined;
  for (let attempt = named ? 2 : 1; attempt <= tries; attempt += 1) {
    const customer = attempt === 1 ? undefined : await readWholeCustomer(domainOf(request.body));
    try {
      return await recordOn(request, customer);
    } catch (error) {
      if (!isCode(error, 'version.stale') || named) throw error;
    }
  }
  throw new DomainError('conflict', 'idempotency.in_flight', 'This account is being changed right now. Try again.');
});
