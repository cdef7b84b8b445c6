import type { ScheduleDescription } from '#local/template/system.ts';
import type { DueIndex } from './due-index.ts';
import { nextOccurrence } from './occurrence.ts';
import type { SystemClock } from './system-clock.ts';

/** The part of the Step Functions engine that the clock drives. */
export interface Deadlines {
  readonly nextDeadline: () => number | undefined;
  readonly fireDue: (now: number) => Promise<void>;
}

export interface FiringOptions {
  readonly clock: SystemClock;
  readonly dues: DueIndex;
  readonly deadlines: Deadlines;
  readonly schedules: readonly ScheduleDescription[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** How many invocations have failed so far, wholly or in part: what is lost here was lost by one of them, or by an earlier process. */
  readonly failures: () => number;
}

/** How time passes: by itself, or in a jump. */
export type Passing = 'running' | 'jumping';

/** What waits for its time, and how it is let happen. Instants are milliseconds of system time. */
export interface Firing {
  /** When the first of schedules, dues and deadlines comes; Infinity when nothing will. */
  readonly next: (passing: Passing) => number;
  readonly fireDeadlines: (now: number, settle: () => Promise<void>) => Promise<void>;
  readonly fireSchedules: (passing: Passing, now: number) => Promise<void>;
  /** Sweeps until nothing is due any more; what does not move after three rounds is left out, loudly. */
  readonly sweepDues: (now: number, settle: () => Promise<void>) => Promise<void>;
}

/** Rounds in which nothing moved before what is due is given up. */
const patience = 3;

const earliest = (...instants: readonly (number | undefined)[]): number =>
  Math.min(...instants.map((instant) => instant ?? Number.POSITIVE_INFINITY));

/** EventBridge Scheduler writes whole seconds. */
const scheduledTime = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** What only looks and changes nothing; functions/schedules.ts names it so. */
const isCheck = ({ input }: ScheduleDescription): boolean => input.includes('"schedule":"check-');

const isSweep = ({ input }: ScheduleDescription): boolean => input.includes('"schedule":"sweep"');

/** What only makes good what was lost. */
const isRepair = ({ input }: ScheduleDescription): boolean => /"schedule":"(recover|follow-parked)"/.test(input);

/** In a jump in which no invocation fails there is nothing to make good; once a week it is looked for all the same. */
const msBetweenRepairs = 7 * 24 * 3_600_000;

const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(`${what} failed: ${error instanceof Error ? error.message : error}`);
  }
};

export const createFiring = ({ clock, dues, deadlines, schedules, invoke, failures }: FiringOptions): Firing => {
  const sweep = schedules.find(isSweep);
  // In a jump every due item is swept at its own instant, so the sweep's own rate would only find nothing, thousands of times; and
  // what only looks would look at everything again for every night.
  const firedIn: Readonly<Record<Passing, readonly ScheduleDescription[]>> = {
    running: schedules,
    jumping: schedules.filter((schedule) => !isSweep(schedule) && !isCheck(schedule)),
  };
  const repairs = new Map<string, { readonly at: number; readonly failures: number }>();
  const nextOf = (schedule: ScheduleDescription, passing: Passing): number | undefined => {
    const last = passing === 'jumping' && isRepair(schedule) ? repairs.get(schedule.name) : undefined;
    const resting = last && last.failures === failures() ? last.at + msBetweenRepairs - 1 : 0;
    return nextOccurrence(schedule.expression, Math.max(resting, clock.firedUntil()));
  };
  const nextSchedule = (passing: Passing): number =>
    earliest(...firedIn[passing].map((schedule) => nextOf(schedule, passing)));
  const fire = async (schedule: ScheduleDescription, at: number): Promise<void> => {
    // Counted before: what fails meanwhile, or in the repair itself, is looked for next time.
    if (isRepair(schedule)) repairs.set(schedule.name, { at, failures: failures() });
    const input = schedule.input.replaceAll('<aws.scheduler.scheduled-time>', scheduledTime(at));
    await attempt(`The schedule ${schedule.name}`, () => invoke(schedule.functionArn, JSON.parse(input)));
  };

  return {
    next: (passing) => earliest(dues.next(), nextSchedule(passing), deadlines.nextDeadline()),
    fireDeadlines: async (now, settle) => {
      if (earliest(deadlines.nextDeadline()) > now) return;
      await deadlines.fireDue(now);
      await settle();
    },
    fireSchedules: async (passing, now) => {
      for (let at = nextSchedule(passing); at <= now; at = nextSchedule(passing)) {
        for (const schedule of firedIn[passing].filter((each) => nextOf(each, passing) === at))
          await fire(schedule, at);
        clock.setFiredUntil(at);
      }
      clock.setFiredUntil(Math.max(clock.firedUntil(), now));
    },
    sweepDues: async (now, settle) => {
      let rounds = 0;
      let before = '';
      for (let due = dues.dueBy(now); sweep && due.length > 0; due = dues.dueBy(now)) {
        const state = due.map(({ item, dueAt }) => `${item} ${dueAt}`).join();
        rounds = state === before ? rounds + 1 : 0;
        before = state;
        if (rounds === patience) {
          console.error(`Nothing moves what is due since ${due[0]?.dueAt}; left out from now on: ${state}`);
          dues.giveUp(due);
          return;
        }
        const time = new Date(now).toISOString();
        await attempt('The sweep', () => invoke(sweep.functionArn, { schedule: 'sweep', time }));
        await settle();
      }
    },
  };
};
