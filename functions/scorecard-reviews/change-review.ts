import { answerChange } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { getShown, type Shown } from '#shared/health/shown-store.ts';
import { stale } from '#shared/platform/history-store.ts';
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
  const { params, caller, intent, seen } = request;
  const { partnerId, quarter } = params;
  mustReach(decision.operation, caller, partnerId);
  const [shown, before] = await Promise.all([
    getShown(partnerId, quarter, byStaff(caller)),
    findReview(partnerId, quarter),
  ]);
  const about = { type: decision.type, intent };
  if (!before) {
    // Version 0 is what is not there.
    if (seen.version) throw stale(0);
    const { entity, replayed } = await saveReview(undefined, decision.decide(undefined, shown), about);
    return { status: 200, body: viewReview(entity), version: entity.version, replayed };
  }
  return answerChange(request, async () => {
    const present = (await findReview(partnerId, quarter)) ?? before;
    return {
      before: present,
      needsVersion: decision.needsVersion,
      save: () => saveReview(present, decision.decide(present, shown), about),
      view: viewReview,
    };
  });
};
