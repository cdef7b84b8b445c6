import type { ScheduleDescription } from '#local/template/system.ts';
import type { DueIndex } from './due-index.ts';
import { nextOccurrence } from './occurrence.ts';
import type { SystemClock } from './system-clock.ts';

/** The part of the Step Functions engine that the clock drives. */
export interface Deadlines {
  readonly nextDeadline: () => number | undefined;
  readonly fireDue: (now: number) => Promise<void>;
}

export interface TimeTravelOptions {
  readonly clock: SystemClock;
  readonly dues: DueIndex;
  readonly deadlines: Deadlines;
  readonly schedules: readonly ScheduleDescription[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Resolves when streams are read to their ends, no task runs and no invocation either. */
  readonly quiet: () => Promise<void>;
  /** Resolves when streams are read to their ends: enough while time runs by itself and requests keep coming. */
  readonly drained: () => Promise<void>;
}

export interface TimeTravel {
  /** Moves time to an instant (milliseconds), letting everything on the way happen at its own instant, in order. */
  readonly advance: (to: number) => Promise<void>;
  /** Lets time pass by itself, firing what comes due. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

/** Rounds in which nothing moved before what is due is given up. */
const patience = 3;
const longestWait = 1000;

const earliest = (...instants: readonly (number | undefined)[]): number =>
  Math.min(...instants.map((instant) => instant ?? Number.POSITIVE_INFINITY));

/** EventBridge Scheduler writes whole seconds. */
const scheduledTime = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

const isSweep = ({ input }: ScheduleDescription): boolean => input.includes('"schedule":"sweep"');

const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(`${what} failed: ${error instanceof Error ? error.message : error}`);
  }
};

/** Makes time pass: by itself, or in a jump in which everything happens that would have happened. */
export const createTimeTravel = (options: TimeTravelOptions): TimeTravel => {
  const { clock, dues, deadlines, schedules, invoke } = options;
  const sweep = schedules.find(isSweep);
  let queue: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const nextOf = (schedule: ScheduleDescription): number | undefined =>
    nextOccurrence(schedule.expression, clock.firedUntil());
  const nextSchedule = (fired: readonly ScheduleDescription[]): number => earliest(...fired.map(nextOf));

  const fireSchedules = async (fired: readonly ScheduleDescription[], now: number): Promise<void> => {
    for (let at = nextSchedule(fired); at <= now; at = nextSchedule(fired)) {
      for (const schedule of fired.filter((each) => nextOf(each) === at)) {
        const input = schedule.input.replaceAll('<aws.scheduler.scheduled-time>', scheduledTime(at));
        await attempt(`The schedule ${schedule.name}`, () => invoke(schedule.functionArn, JSON.parse(input)));
      }
      clock.setFiredUntil(at);
    }
    clock.setFiredUntil(Math.max(clock.firedUntil(), now));
  };
  const sweepDues = async (now: number, settle: () => Promise<void>): Promise<void> => {
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
  };
  const fireDeadlines = async (now: number, settle: () => Promise<void>): Promise<void> => {
    if (earliest(deadlines.nextDeadline()) > now) return;
    await deadlines.fireDue(now);
    await settle();
  };
  const serially = (work: () => Promise<void>): Promise<void> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  // In a jump every due item is swept at its own instant, so the sweep's own rate would only find nothing, thousands of times.
  const jumped = schedules.filter((schedule) => !isSweep(schedule));
  const advance = async (to: number): Promise<void> => {
    clock.pin(clock.now());
    try {
      await options.quiet();
      let at = earliest(dues.next(), nextSchedule(jumped), deadlines.nextDeadline());
      for (let rounds = 0; at <= to && !stopped; rounds = at <= clock.now() ? rounds + 1 : 0) {
        if (rounds > 1000) throw new Error(`Time does not get past ${new Date(clock.now()).toISOString()}.`);
        clock.pin(at);
        const now = clock.now();
        await fireDeadlines(now, options.quiet);
        await fireSchedules(jumped, now);
        await options.quiet();
        await sweepDues(now, options.quiet);
        at = earliest(dues.next(), nextSchedule(jumped), deadlines.nextDeadline());
      }
      clock.pin(to);
      clock.setFiredUntil(to);
      await options.quiet();
    } finally {
      clock.release();
    }
  };
  const tick = async (): Promise<void> => {
    if (clock.mode() === 'frozen') return;
    const now = clock.now();
    await fireDeadlines(now, options.drained);
    await fireSchedules(schedules, now);
    await sweepDues(now, options.drained);
  };
  const run = async (): Promise<void> => {
    await serially(tick).catch((error: unknown) => console.error(`The clock: ${error}`));
    if (stopped) return;
    const next = earliest(dues.next(), nextSchedule(schedules), deadlines.nextDeadline());
    timer = setTimeout(run, Math.min(longestWait, Math.max(20, next - clock.now())));
  };
  return {
    advance: (to) => serially(() => advance(to)),
    start: () => {
      void run();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await queue;
    },
  };
};
