import { type Intent, record, remember } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { commitChange, type NextState, replaceAsRead, type Saved, stale } from '#shared/platform/history-store.ts';
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

const next = (
  before: ScorecardReview | undefined,
  after: ScorecardReview,
  { type, intent }: { readonly type: string; readonly intent: Intent },
): NextState<ScorecardReview> => {
  const happening = { type, intent, personalFields: personalReviewFields, partnerId: after.partnerId };
  const { entity, event } = record(before, after, happening);
  // Its id is not made from the intent, so it has to remember the first one too.
  const kept = before ? entity : { ...entity, doneKeys: remember(undefined, intent, 1) };
  const item = toItem(kept);
  const own = before
    ? replaceAsRead(before, item)
    : { write: 'insert' as const, item, refuse: (image: Item | undefined) => stale(image && Number(image.version)) };
  return { entity: kept, event, writes: [own] };
};

/** Throws `version.stale` when somebody else said something at the same moment. */
export const saveReview = (
  before: ScorecardReview | undefined,
  after: ScorecardReview,
  about: { readonly type: string; readonly intent: Intent },
): Promise<Saved<ScorecardReview>> => commitChange(before, next(before, after, about));
