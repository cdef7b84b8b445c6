import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import type { Answer } from '#functions/http/door.ts';
import { type Operation, reaches } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import type { Terms } from '#shared/deals/deal-registration.ts';
import { changeDeal, type DealChange, getDeal, saveDeal } from '#shared/deals/deal-store.ts';
import { checkIntent, entityAt } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** The part of a request that every change of an existing deal needs. */
interface ChangeRequest {
  readonly caller: Caller;
  readonly now: string;
  readonly params: { readonly dealId: string };
  readonly seen: { readonly version: number | undefined; readonly required: boolean };
  readonly intent: Intent;
}

/** What a change is called, and what it makes of the deal. */
export interface DealDecision {
  readonly operation: Operation;
  readonly type: string;
  readonly status?: number;
  readonly decide: (deal: Deal, terms: Terms) => Deal | Promise<Deal>;
  /** What else must hold, in the same transaction. */
  readonly onlyIf?: (after: Deal, terms: Terms) => DealChange['writes'];
}

/** The deal, if the caller may see it. Throws `not_found`, for another partner's deal too. */
export const getVisibleDeal = async (operation: Operation, caller: Caller, dealId: string): Promise<Deal> => {
  const deal = await getDeal(dealId);
  if (!reaches(operation, caller, deal.partnerId)) throw notFound();
  return deal;
};

const change = async (request: ChangeRequest, decision: DealDecision): Promise<Answer> => {
  const { intent, now } = request;
  const status = decision.status ?? 200;
  const deal = await getVisibleDeal(decision.operation, request.caller, request.params.dealId);
  const done = checkIntent(deal, intent, request.seen);
  if (done !== undefined) {
    return { status, body: viewDeal(await entityAt(deal, done), request), version: done, replayed: true };
  }
  const terms = await programAt(now);
  const after = await decision.decide(deal, terms);
  const next = changeDeal(deal, after, { type: decision.type, intent, terms });
  const writes = [...next.writes, ...(decision.onlyIf?.(after, terms) ?? [])];
  const { entity, replayed } = await saveDeal(deal, { ...next, writes });
  return { status, body: viewDeal(entity, request), version: entity.version, replayed };
};

/** Load, decide, save, return: the one sentence of every command on an existing deal. */
export const changeOwnDeal = (request: ChangeRequest, decision: DealDecision): Promise<Answer> =>
  againUnlessSeen(request.seen, () => change(request, decision));
