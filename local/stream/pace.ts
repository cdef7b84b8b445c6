/** A pause that can be cut short: by something that happened, or by the end. */
export interface Pace {
  /** Resolves after so many milliseconds, or at once when woken. False when stopped. */
  readonly pause: (milliseconds: number, wakeable?: boolean) => Promise<boolean>;
  readonly wake: () => void;
  readonly stop: () => void;
  readonly stopped: () => boolean;
}

export const createPace = (): Pace => {
  let stopped = false;
  let awake: (() => void) | undefined;
  let wakeable = true;
  let wokenEarly = false;
  return {
    pause: (milliseconds, canWake = true) => {
      if (stopped) return Promise.resolve(false);
      if (canWake && wokenEarly) {
        wokenEarly = false;
        return Promise.resolve(true);
      }
      wakeable = canWake;
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          awake = undefined;
          resolve(!stopped);
        };
        const timer = setTimeout(finish, milliseconds);
        awake = finish;
      });
    },
    wake: () => {
      if (awake && wakeable) awake();
      else wokenEarly = true;
    },
    stop: () => {
      stopped = true;
      awake?.();
    },
    stopped: () => stopped,
  };
};
