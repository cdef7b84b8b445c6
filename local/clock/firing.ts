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
}

/** What waits for its time, and how it is let happen. Instants are milliseconds of system time. */
export interface Firing {
  /** When the first of these schedules, dues and deadlines comes; Infinity when nothing will. */
  readonly next: (schedules: readonly ScheduleDescription[]) => number;
  readonly fireDeadlines: (now: number, settle: () => Promise<void>) => Promise<void>;
  readonly fireSchedules: (schedules: readonly ScheduleDescription[], now: number) => Promise<void>;
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
export const isCheck = ({ input }: ScheduleDescription): boolean => input.includes('"schedule":"check-');

export const isSweep = ({ input }: ScheduleDescription): boolean => input.includes('"schedule":"sweep"');

const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(`${what} failed: ${error instanceof Error ? error.message : error}`);
  }
};

export const createFiring = ({ clock, dues, deadlines, schedules, invoke }: FiringOptions): Firing => {
  const sweep = schedules.find(isSweep);
  const nextOf = (schedule: ScheduleDescription): number | undefined =>
    nextOccurrence(schedule.expression, clock.firedUntil());
  const nextSchedule = (fired: readonly ScheduleDescription[]): number => earliest(...fired.map(nextOf));

  return {
    next: (fired) => earliest(dues.next(), nextSchedule(fired), deadlines.nextDeadline()),
    fireDeadlines: async (now, settle) => {
      if (earliest(deadlines.nextDeadline()) > now) return;
      await deadlines.fireDue(now);
      await settle();
    },
    fireSchedules: async (fired, now) => {
      for (let at = nextSchedule(fired); at <= now; at = nextSchedule(fired)) {
        for (const schedule of fired.filter((each) => nextOf(each) === at)) {
          const input = schedule.input.replaceAll('<aws.scheduler.scheduled-time>', scheduledTime(at));
          await attempt(`The schedule ${schedule.name}`, () => invoke(schedule.functionArn, JSON.parse(input)));
        }
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
