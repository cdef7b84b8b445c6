import { answerChange, type ChangeRequest } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import type { Terms } from '#shared/mdf/request-life.ts';
import { changeRequest, type FundedRequest, getRequest } from '#shared/mdf/request-store.ts';
import { commitChange, type NextState } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

interface FundChangeRequest extends ChangeRequest {
  readonly params: { readonly requestId: string };
}

/** What a change is called, and what it makes of the fund request. */
interface RequestDecision {
  readonly operation: Operation;
  readonly type: string;
  readonly decide: (request: FundRequest, terms: Terms) => FundRequest;
  /** What else must hold, in the same transaction. */
  readonly onlyIf?: (after: FundRequest) => NextState<FundRequest>['writes'];
}

/** The fund request, if the caller may see it. Throws `not_found`, for another partner's too. */
export const getVisibleRequest = async (
  operation: Operation,
  caller: Caller,
  requestId: string,
): Promise<FundedRequest> => {
  const found = await getRequest(requestId);
  mustReach(operation, caller, found.request.partnerId);
  return found;
};

/** A command on an existing fund request that the caller may see. */
export const changeOwnRequest = (asked: FundChangeRequest, decision: RequestDecision): Promise<Answer> =>
  answerChange(asked, async () => {
    const { intent, now, caller, params } = asked;
    const { request, balances } = await getVisibleRequest(decision.operation, caller, params.requestId);
    return {
      before: request,
      view: (it) => viewRequest({ request: it, balances }, now),
      save: async () => {
        const after = decision.decide(request, await programAt(now));
        const next = changeRequest(request, after, { type: decision.type, intent });
        const writes = [...next.writes, ...(decision.onlyIf?.(after) ?? [])];
        return commitChange(request, { ...next, writes });
      },
    };
  });
