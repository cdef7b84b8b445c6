import { type Instant, millis } from '#shared/core/time.ts';
import type { Assessment } from '#shared/health/assessment.ts';
import type { Health } from '#shared/health/health.ts';
import { markOf } from '#shared/health/stored-mark.ts';
import type { Fact } from './fact.ts';
import type { Step } from './step.ts';

const inSeconds = (at: Instant): number => Math.floor(millis(at) / 1000);

/** Of the quarter that was scored, whenever that was; a later score of it takes its place. */
export const factsOfHealth = ({ after, event }: Step<Health>): readonly Fact[] => [
  {
    partnerId: after.partnerId,
    kind: 'health.score',
    quarter: after.quarter,
    id: '',
    value: after.points,
    at: inSeconds(event.at),
    about: markOf(after.digest, after.runId),
    rank: event.seq,
  },
];

/** One of each signal and rater, of the quarter that was judged; what the same rater judges later takes its place. */
export const factsOfAssessment = ({ after, event }: Step<Assessment>): readonly Fact[] =>
  after.ratings.flatMap(({ scores }, place) =>
    Object.entries(scores).map(([signal, value]): Fact => {
      const { partnerId, quarter } = after;
      const id = `${signal}.${place + 1}`;
      return { partnerId, kind: 'health.assessed', quarter, id, value, at: inSeconds(event.at), rank: event.seq };
    }),
  );
