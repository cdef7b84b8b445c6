import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Day, Instant } from '#shared/core/time.ts';

/** Something that somebody does after the review, and until when. */
export const ActionItem = z.strictObject({
  title: written(200),
  owner: z.enum(['partner', 'partner_manager']),
  dueOn: Day,
  done: z.boolean(),
});
export type ActionItem = z.infer<typeof ActionItem>;

/** The quarterly business review: when, how long, and where or by which link. */
export const Meeting = z.strictObject({
  startsAt: Instant,
  durationMinutes: z.int().min(15).max(480),
  place: written(300).optional(),
});
export type Meeting = z.infer<typeof Meeting>;

export const reviewStatuses = ['open', 'acknowledged'] as const;

/** Whatever is said anew is acknowledged anew. */
export const reviewLifecycle: Lifecycle<(typeof reviewStatuses)[number]> = {
  open: ['acknowledged'],
  acknowledged: ['open'],
};

/** What people say about a scorecard: the manager in words, actions and a date, the partner that it has seen it. */
export const ScorecardReview = z.object({
  ...Tracked.shape,
  status: z.enum(reviewStatuses),
  partnerId: z.string(),
  quarter: Quarter,
  comment: z.string().optional(),
  actions: z.array(ActionItem),
  meeting: Meeting.optional(),
  /** Which revision of the figures was seen, by whom. */
  acknowledged: z.strictObject({ by: z.string(), at: z.string(), revision: z.int().positive() }).optional(),
  /** What the partner says to it. */
  answer: z.string().optional(),
});
export type ScorecardReview = z.infer<typeof ScorecardReview>;

/** Words about people's work stay in the record. */
export const personalReviewFields: readonly string[] = ['comment', 'actions', 'meeting', 'answer'];

export const scorecardReviewIdOf = (partnerId: string, quarter: Quarter): string =>
  derivedId('scd', partnerId, quarter);

interface About {
  readonly partnerId: string;
  readonly quarter: Quarter;
  readonly now: Instant;
}

const newReview = ({ partnerId, quarter, now }: About): ScorecardReview => ({
  id: scorecardReviewIdOf(partnerId, quarter),
  status: 'open',
  version: 0,
  head: '',
  createdAt: now,
  updatedAt: now,
  partnerId,
  quarter,
  actions: [],
});

/** What a manager says; what was said before is replaced as a whole. */
export interface Remarks {
  readonly comment?: string | undefined;
  readonly actions: readonly ActionItem[];
  readonly meeting?: Meeting | undefined;
}

/** The partner has to look again at what is said anew. */
export const remark = (
  before: ScorecardReview | undefined,
  { comment, actions, meeting }: Remarks,
  about: About,
): ScorecardReview => {
  const { acknowledged: _a, answer: _w, comment: _c, meeting: _m, ...kept } = before ?? newReview(about);
  return {
    ...kept,
    status: kept.status === 'open' ? 'open' : moveTo(reviewLifecycle, kept.status, 'open'),
    actions: [...actions],
    ...(comment === undefined ? {} : { comment }),
    ...(meeting === undefined ? {} : { meeting }),
  };
};

/** The partner has seen the figures and what was said about them. Throws `scorecard.already_acknowledged`. */
export const acknowledge = (
  before: ScorecardReview | undefined,
  { by, revision, answer }: { readonly by: string; readonly revision: number; readonly answer?: string | undefined },
  about: About,
): ScorecardReview => {
  const review = before ?? newReview(about);
  if (review.acknowledged && review.acknowledged.revision >= revision)
    throw new DomainError('conflict', 'scorecard.already_acknowledged', 'This was acknowledged before.', {
      facts: { ...review.acknowledged },
    });
  const status = review.status === 'open' ? moveTo(reviewLifecycle, review.status, 'acknowledged') : review.status;
  const acknowledged = { by, at: about.now, revision };
  return { ...review, status, acknowledged, ...(answer === undefined ? {} : { answer }) };
};
