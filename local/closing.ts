/** Ends what was started, last first, also when starting fails halfway: a child that nobody ends would stay behind. */
export interface Closing {
  /** Waits for what is being started and notes how it is ended. */
  readonly after: <T>(starting: Promise<T>, end: (started: T) => unknown) => Promise<T>;
  readonly add: (end: () => unknown) => void;
  readonly close: () => Promise<void>;
}

export const createClosing = (): Closing => {
  const ends: (() => unknown)[] = [];
  const pending = new Set<Promise<unknown>>();
  return {
    after: async (starting, end) => {
      const noted = starting.then((started) => {
        ends.push(() => end(started));
        return started;
      });
      pending.add(noted);
      try {
        return await noted;
      } finally {
        pending.delete(noted);
      }
    },
    add: (end) => {
      ends.push(end);
    },
    close: async () => {
      await Promise.allSettled(pending);
      for (let end = ends.pop(); end; end = ends.pop()) await end();
    },
  };
};
