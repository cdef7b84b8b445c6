/** Work on one execution goes one piece after the other; different executions do not wait for each other. */
export interface Lanes {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Counts work that belongs to no lane, such as a Lambda that is running. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is running and nothing is waiting to run. */
  idle(): Promise<void>;
  /** Resolves when the lanes have come to an end; tracked work may go on. */
  drained(): Promise<void>;
}

export function createLanes(): Lanes {
  const lastOf = new Map<string, Promise<unknown>>();
  const tracked = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    tracked.add(work);
    const done = () => tracked.delete(work);
    work.then(done, done);
    return work;
  };
  const run = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = lastOf.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    lastOf.set(key, mine);
    const done = () => lastOf.get(key) === mine && lastOf.delete(key);
    mine.then(done, done);
    return track(mine);
  };
  const until = async (parts: () => Iterable<Promise<unknown>>) => {
    for (let left = [...parts()]; left.length > 0; left = [...parts()]) await Promise.allSettled(left);
  };
  return { run, track, idle: () => until(() => tracked), drained: () => until(() => lastOf.values()) };
}
