import type { Prng } from './prng.ts';

/**
 * Who goes on next. Everything that runs in a history stops at each of its requests (and wherever it would wait), and one of all that
 * have stopped is chosen by the seed: so what runs at the same time is interleaved in every way, and again in the same way.
 */
export interface Scheduler {
  /** Stops until chosen. */
  readonly park: () => Promise<void>;
  readonly spawn: (work: () => Promise<void>) => void;
  /** Waits for something outside, such as a real engine, while nobody else goes on. */
  readonly hold: <T>(outside: Promise<T>) => Promise<T>;
  /** Lets one after another go on until nothing is left. `begin` says what could begin now, and is asked before each choice. */
  readonly run: (begin: (stopped: number) => readonly (() => void)[]) => Promise<void>;
}

/** A history takes about 500 turns, the longest of 100,000 some thousands. */
const mostTurns = 20_000;

const microtasksDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createScheduler = (prng: Prng): Scheduler => {
  const parked: (() => void)[] = [];
  const failures: unknown[] = [];
  let held = 0;
  let unfinished = 0;
  const settled = async (): Promise<void> => {
    do await microtasksDone();
    while (held > 0);
  };
  return {
    park: () => new Promise((resolve) => parked.push(resolve)),
    spawn: (work) => {
      unfinished += 1;
      void work()
        .catch((error: unknown) => failures.push(error))
        .finally(() => {
          unfinished -= 1;
        });
    },
    hold: async (outside) => {
      held += 1;
      try {
        return await outside;
      } finally {
        held -= 1;
      }
    },
    run: async (begin) => {
      for (let turns = 0; ; ) {
        await settled();
        if (turns === mostTurns) throw new Error(`I12: it has not come to rest in ${mostTurns} turns`);
        if (failures.length > 0) throw failures[0];
        const starts = begin(parked.length);
        const choice = prng.int(parked.length + starts.length);
        const next = choice < parked.length ? parked.splice(choice, 1)[0] : starts[choice - parked.length];
        // Nobody to choose, and not at the end: something outside, such as a module being loaded, takes its time.
        if (next) turns += 1;
        if (next) next();
        else if (unfinished === 0) return;
      }
    },
  };
};
