import * as z from 'zod';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { Quarter } from '#shared/core/quarters.ts';
import type { Instant } from '#shared/core/time.ts';

/** That a quarter's scores are shown to partners. A quarter without it is a draft, which only staff sees. */
export const QuarterReview = z.object({
  ...Tracked.shape,
  status: z.literal('published'),
  quarter: Quarter,
  publishedBy: z.string(),
  /** The run whose scores were published. */
  runId: z.string(),
  /** What staff remembers of it. */
  note: z.string().optional(),
});
export type QuarterReview = z.infer<typeof QuarterReview>;

export const reviewIdOf = (quarter: Quarter): string => `qrv_${quarter}`;

/** Throws `health.quarter_not_ended`: what partners are told of a quarter is told when nothing can be added to it. */
export const publishQuarter = (about: {
  readonly quarter: Quarter;
  readonly runId: string;
  readonly by: string;
  readonly note?: string | undefined;
  readonly now: Instant;
  /** The first moment after the quarter. */
  readonly endsAt: Instant;
}): QuarterReview => {
  const { quarter, runId, by, note, now, endsAt } = about;
  if (now < endsAt)
    throw new DomainError(
      'rule',
      'health.quarter_not_ended',
      `${quarter} has not ended yet in the program's time zone.`,
      {
        facts: { quarter, endsAt },
      },
    );
  return {
    id: reviewIdOf(quarter),
    status: 'published',
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    quarter,
    publishedBy: by,
    runId,
    ...(note === undefined ? {} : { note }),
  };
};
