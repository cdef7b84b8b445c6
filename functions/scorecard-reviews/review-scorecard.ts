import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/scorecards/scorecard-contract.ts';
import { remark } from '#shared/scorecards/scorecard-review.ts';
import { changeReview } from './change-review.ts';

/** PUT /v1/partners/{partnerId}/scorecards/{quarter}/review */
export const reviewScorecard = operation(contracts.reviewScorecard, ({ body, ...request }) =>
  changeReview(request, {
    operation: 'review-scorecard',
    type: 'scorecard.reviewed',
    needsVersion: true,
    decide: (before) => remark(before, body, { ...request.params, now: request.now }),
  }),
);
