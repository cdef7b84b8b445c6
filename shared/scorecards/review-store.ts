import type { Intent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { commitChange, nextOfNamed, type Saved } from '#shared/platform/history-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { personalReviewFields, ScorecardReview, scorecardReviewIdOf } from './scorecard-review.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | what is said about a partner's scorecard of a quarter | table | pk = id of both, sk = `scorecard-review` |
 * | reviews, by quarter | byStatus | `scorecard-reviews#<shard>`, `<quarter>#<status>#<id>` |
 */
const reviewKey = (id: string): Key => ({ pk: id, sk: 'scorecard-review' });

const toItem = (review: ScorecardReview): Item => ({
  ...reviewKey(review.id),
  kind: 'scorecard-review',
  ...review,
  statusKey: `scorecard-reviews#${shardOf(review.id)}`,
  statusSort: `${review.quarter}#${review.status}#${review.id}`,
  summary: { partnerId: review.partnerId },
});

export const findReview = async (partnerId: string, quarter: Quarter): Promise<ScorecardReview | undefined> => {
  const [item] = await read([reviewKey(scorecardReviewIdOf(partnerId, quarter))]);
  return item && ScorecardReview.parse(item);
};

/** Throws `version.stale` when somebody else said something at the same moment. */
export const saveReview = (
  before: ScorecardReview | undefined,
  after: ScorecardReview,
  about: { readonly type: string; readonly intent: Intent },
): Promise<Saved<ScorecardReview>> => {
  const { partnerId } = after;
  const happening = { ...about, personalFields: personalReviewFields, partnerId };
  return commitChange(before, nextOfNamed(before, after, { ...happening, toItem }));
};
