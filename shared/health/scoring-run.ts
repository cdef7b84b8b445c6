import * as z from 'zod';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { firstDayOf, nextQuarter, Quarter, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { dayOf, Instant, instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';

export const scoringRunStatuses = ['running', 'completed'] as const;
export const ScoringRunStatus = z.enum(scoringRunStatuses);
export type ScoringRunStatus = z.infer<typeof ScoringRunStatus>;

export const scoringRunLifecycle: Lifecycle<ScoringRunStatus> = { running: ['completed'], completed: [] };

const count = z.int().nonnegative();

/** What a run did with partners: `changed` were written, `unchanged` were not, `parked` could not be scored. */
export const Tally = z.strictObject({ partners: count, changed: count, unchanged: count, parked: count });
export type Tally = z.infer<typeof Tally>;

export const noTally: Tally = { partners: 0, changed: 0, unchanged: 0, parked: 0 };

export const addTallies = (a: Tally, b: Tally): Tally => ({
  partners: a.partners + b.partners,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  parked: a.parked + b.parked,
});

/** One computation of a quarter's scores, of all partners. */
export const ScoringRun = z.object({
  ...Tracked.shape,
  status: ScoringRunStatus,
  quarter: Quarter,
  startedBy: z.string(),
  /** Why what was published is computed again. */
  reason: z.string().optional(),
  /** The quarter was published before: what changes becomes a new revision of it. */
  corrects: z.boolean(),
  /** Of the version in force when the quarter ended, or now while it goes on: all its partners are judged by one. */
  programVersion: z.int().positive(),
  /** Parts of the facts that are read side by side; fixed by its first execution. */
  segments: z.int().positive().optional(),
  /** From completion on. */
  tally: Tally.optional(),
  needsAttention: z.string().optional(),
  /** Counts the executions of its workflow, whose names cannot be used again. */
  attempt: z.int().positive(),
  completedAt: Instant.optional(),
});
export type ScoringRun = z.infer<typeof ScoringRun>;

/** Why a quarter was computed again may speak of persons. */
export const personalScoringRunFields: readonly string[] = ['reason'];

type Calendar = Pick<Program, 'fiscalYearStart' | 'timeZone'>;

/** The first moment after a quarter, in the program's time zone. */
export const endOfQuarter = (quarter: Quarter, { fiscalYearStart, timeZone }: Calendar): Instant =>
  startOfDay(firstDayOf(nextQuarter(quarter), fiscalYearStart), timeZone);

/** Rules of this moment judge a quarter: a version that begins with the next one does not. */
export const lastMomentOf = (quarter: Quarter, calendar: Calendar): Instant =>
  instant(millis(endOfQuarter(quarter, calendar)) - 1);

/** Throws `health.quarter_not_begun`: nothing of it can be known. */
export const mustHaveBegun = (quarter: Quarter, now: Instant, { fiscalYearStart, timeZone }: Calendar): void => {
  const current = quarterOf(dayOf(now, timeZone), fiscalYearStart);
  if (quarter <= current) return;
  throw new DomainError('rule', 'health.quarter_not_begun', `${quarter} has not begun; ${current} goes on.`, {
    facts: { quarter },
  });
};

export const startScoring = (about: {
  readonly id: string;
  readonly quarter: Quarter;
  readonly by: string;
  readonly now: Instant;
  readonly reason?: string | undefined;
  readonly corrects: boolean;
  readonly programVersion: number;
}): ScoringRun => ({
  id: about.id,
  status: 'running',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
  quarter: about.quarter,
  startedBy: about.by,
  ...(about.reason === undefined ? {} : { reason: about.reason }),
  corrects: about.corrects,
  programVersion: about.programVersion,
  attempt: 1,
});

export const planScoring = (run: ScoringRun, segments: number): ScoringRun => ({ ...run, segments });

export const completeScoring = (
  { needsAttention: _attention, ...run }: ScoringRun,
  tally: Tally,
  now: Instant,
): ScoringRun => ({
  ...run,
  status: moveTo(scoringRunLifecycle, run.status, 'completed'),
  tally,
  completedAt: now,
});

export const restartScoring = (run: ScoringRun): ScoringRun => ({ ...run, attempt: run.attempt + 1 });

export const markScoring = (run: ScoringRun, needsAttention: string): ScoringRun => ({ ...run, needsAttention });
