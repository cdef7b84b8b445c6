import { systemIntent } from '#shared/core/history.ts';
import { saveReview } from '#shared/scorecards/review-store.ts';
import { remark } from '#shared/scorecards/scorecard-review.ts';
import { reviewDay } from '#test/health/a-scoring-run.ts';

/** What a manager said about a scorecard, and when to talk about it. */
export const aReviewedScorecard = async (partnerId: string, quarter: string): Promise<void> => {
  const meeting = { startsAt: '2026-07-14T14:00:00.000Z', durationMinutes: 60 };
  const review = remark(
    undefined,
    { comment: 'Well done.', actions: [], meeting },
    { partnerId, quarter, now: reviewDay },
  );
  await saveReview(undefined, review, {
    type: 'scorecard.reviewed',
    intent: systemIntent('review', review.id, reviewDay),
  });
};
