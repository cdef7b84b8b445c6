import { createFiring, type FiringOptions } from './firing.ts';

export interface TimeTravelOptions extends FiringOptions {
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

const longestWaitMs = 1000;
const shortestWaitMs = 20;
/** As many steps without time moving on mean that something fires for ever. */
const mostStepsAtOneInstant = 1000;

/** Makes time pass: by itself, or in a jump in which everything happens that would have happened. */
export const createTimeTravel = (options: TimeTravelOptions): TimeTravel => {
  const { clock, quiet, drained } = options;
  const firing = createFiring(options);
  let queue: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const serially = (work: () => Promise<void>): Promise<void> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  const step = async (at: number): Promise<void> => {
    clock.pin(at);
    const now = clock.now();
    await firing.fireDeadlines(now, quiet);
    await firing.fireSchedules('jumping', now);
    await quiet();
    await firing.sweepDues(now, quiet);
  };
  const advance = async (to: number): Promise<void> => {
    clock.pin(clock.now());
    try {
      await quiet();
      let stepsHere = 0;
      for (let at = firing.next('jumping'); at <= to && !stopped; at = firing.next('jumping')) {
        stepsHere = at <= clock.now() ? stepsHere + 1 : 0;
        if (stepsHere > mostStepsAtOneInstant) {
          throw new Error(`Time does not get past ${new Date(clock.now()).toISOString()}.`);
        }
        await step(at);
      }
      if (stopped) return;
      clock.pin(to);
      clock.setFiredUntil(to);
      await quiet();
    } finally {
      clock.release();
    }
  };
  const tick = async (): Promise<void> => {
    if (clock.mode() === 'frozen') return;
    const now = clock.now();
    await firing.fireDeadlines(now, drained);
    await firing.fireSchedules('running', now);
    await firing.sweepDues(now, drained);
  };
  const run = async (): Promise<void> => {
    await serially(tick).catch((error: unknown) => console.error(`The clock: ${error}`));
    if (stopped) return;
    const waitMs = firing.next('running') - clock.now();
    timer = setTimeout(run, Math.min(longestWaitMs, Math.max(shortestWaitMs, waitMs)));
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
