import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/scorecards/scorecard-contract.ts';
import { acknowledge } from '#shared/scorecards/scorecard-review.ts';
import { changeReview } from './change-review.ts';

/** POST /v1/partners/{partnerId}/scorecards/{quarter}/acknowledgement */
export const acknowledgeScorecard = operation(contracts.acknowledgeScorecard, (request) =>
  changeReview(request, {
    operation: 'acknowledge-scorecard',
    type: 'scorecard.acknowledged',
    needsVersion: false,
    decide: (before, { revision }) => {
      const { caller, params, now, body } = request;
      return acknowledge(before, { by: caller.id, revision: revision.revision, ...body }, { ...params, now });
    },
  }),
);
