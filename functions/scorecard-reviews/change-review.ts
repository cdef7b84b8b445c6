import { answerPut } from '#functions/http/answer-put.ts';
import type { Answer } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { getShown, type Shown } from '#shared/health/shown-store.ts';
import { findReview, saveReview } from '#shared/scorecards/review-store.ts';
import { viewReview } from '#shared/scorecards/scorecard-contract.ts';
import type { ScorecardReview } from '#shared/scorecards/scorecard-review.ts';

interface ReviewRequest extends Pick<Request<Contract>, 'caller' | 'now' | 'seen' | 'intent'> {
  readonly params: { readonly partnerId: string; readonly quarter: string };
}

interface ReviewDecision {
  readonly operation: Operation;
  readonly type: string;
  /** Whoever replaces what was said must have seen it. */
  readonly needsVersion: boolean;
  readonly decide: (before: ScorecardReview | undefined, shown: Shown) => ScorecardReview;
}

/** Something is said about the scorecard of a quarter that the caller is shown. */
export const changeReview = async (request: ReviewRequest, decision: ReviewDecision): Promise<Answer> => {
  const { params, caller, intent } = request;
  const { partnerId, quarter } = params;
  mustReach(decision.operation, caller, partnerId);
  const shown = await getShown(partnerId, quarter, byStaff(caller));
  const about = { type: decision.type, intent };
  return answerPut(request, {
    find: () => findReview(partnerId, quarter),
    needsVersion: decision.needsVersion,
    save: async (before) => saveReview(before, decision.decide(before, shown), about),
    view: viewReview,
  });
};
