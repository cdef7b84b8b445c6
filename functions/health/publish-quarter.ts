import { type Answer, operation } from '#functions/http/door.ts';
import { DomainError, isCode } from '#shared/core/errors.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewReview } from '#shared/health/health-contract.ts';
import { publishQuarter as publish } from '#shared/health/quarter-review.ts';
import { endOfQuarter } from '#shared/health/scoring-run.ts';
import { findLastScoring, findReviews, insertReview } from '#shared/health/scoring-run-store.ts';
import { keyReused, listEvents, type Saved } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

const notScored = (quarter: string): DomainError =>
  new DomainError('conflict', 'health.not_scored', `${quarter} was never scored to its end.`, { facts: { quarter } });

const alreadyPublished = (quarter: string): DomainError =>
  new DomainError('conflict', 'health.already_published', `${quarter} is published already.`, { facts: { quarter } });

const answer = <Review extends Parameters<typeof viewReview>[0]>({ entity, replayed }: Saved<Review>): Answer => ({
  status: 201,
  body: viewReview(entity),
  version: entity.version,
  replayed,
});

/** POST /v1/health/{quarter}/publication. Once for each quarter: corrections after it are runs with a reason. */
export const publishQuarter = operation(
  contracts.publishQuarter,
  async ({ params, body, intent, now }): Promise<Answer> => {
    const { quarter } = params;
    const [{ program }, [published]] = await Promise.all([programAt(now), findReviews([quarter])]);
    if (published) {
      // It has one event, that of its publication.
      const [event] = await listEvents(published.id, 1, 1);
      if (event?.writeId !== intent.writeId) throw alreadyPublished(quarter);
      if (event.bodyHash !== intent.bodyHash) throw keyReused();
      return answer({ entity: published, replayed: true });
    }
    const runId = await findLastScoring(quarter);
    if (runId === undefined) throw notScored(quarter);
    const review = publish({
      ...body,
      quarter,
      runId,
      by: intent.by,
      now,
      endsAt: endOfQuarter(quarter, program),
    });
    return answer(
      await insertReview(review, intent).catch((refusal: unknown) => {
        // Somebody else was faster.
        if (isCode(refusal, 'version.stale')) throw alreadyPublished(quarter);
        throw refusal;
      }),
    );
  },
);
