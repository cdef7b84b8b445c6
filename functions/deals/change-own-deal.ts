import { answerChange, type ChangeRequest } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { viewDeal } from '#shared/deals/deal-contract.ts';
import type { Terms } from '#shared/deals/deal-registration.ts';
import { changeDeal, getDeal } from '#shared/deals/deal-store.ts';
import { commitChange, type NextState } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

interface DealRequest extends ChangeRequest {
  readonly params: { readonly dealId: string };
}

/** What a change is called, and what it makes of the deal. */
export interface DealDecision {
  readonly operation: Operation;
  readonly type: string;
  readonly status?: number;
  readonly decide: (deal: Deal, terms: Terms) => Deal | Promise<Deal>;
  /** What else must hold, in the same transaction. */
  readonly onlyIf?: (after: Deal, terms: Terms) => NextState<Deal>['writes'];
}

/** The deal, if the caller may see it. Throws `not_found`, for another partner's deal too. */
export const getVisibleDeal = async (operation: Operation, caller: Caller, dealId: string): Promise<Deal> => {
  const deal = await getDeal(dealId);
  mustReach(operation, caller, deal.partnerId);
  return deal;
};

/** A command on an existing deal that the caller may see. */
export const changeOwnDeal = (request: DealRequest, decision: DealDecision): Promise<Answer> =>
  answerChange(request, async () => {
    const { intent, now, caller, params } = request;
    const deal = await getVisibleDeal(decision.operation, caller, params.dealId);
    return {
      before: deal,
      status: decision.status,
      view: (it) => viewDeal(it, request),
      save: async () => {
        const terms = await programAt(now);
        const after = await decision.decide(deal, terms);
        const next = changeDeal(deal, after, { type: decision.type, intent, terms });
        const writes = [...next.writes, ...(decision.onlyIf?.(after, terms) ?? [])];
        return commitChange(deal, { ...next, writes });
      },
    };
  });
