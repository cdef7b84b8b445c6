import * as z from 'zod';
import { type Kept, keepJson } from '#local/kept/json-file.ts';

const ClockState = z.object({
  mode: z.enum(['running', 'frozen']),
  /** System time in milliseconds … */
  at: z.number(),
  /** … at this machine time in milliseconds. */
  since: z.number(),
  /** What the schedules say up to this system time has been fired. */
  firedUntil: z.number(),
});

export type ClockMode = z.infer<typeof ClockState>['mode'];

export interface SystemClock {
  /** The system's time in milliseconds: what rules, handlers and schedules take for now. */
  readonly now: () => number;
  readonly mode: () => ClockMode;
  readonly setMode: (mode: ClockMode) => void;
  /** Puts the clock to an instant, at which it stands still until released. Never backwards. */
  readonly pin: (at: number) => void;
  /** Lets time run again, if it was running before. */
  readonly release: () => void;
  readonly firedUntil: () => number;
  readonly setFiredUntil: (at: number) => void;
}

export interface SystemClockOptions {
  readonly file: string | undefined;
  /** Where time starts when nothing was kept, in milliseconds. */
  readonly start: number;
}

/** Time as the system sees it, kept over a stop and a crash: it may stand still, and it may be far from the machine's. */
export const createSystemClock = ({ file, start }: SystemClockOptions): SystemClock => {
  const kept: Kept<z.infer<typeof ClockState>> = keepJson(file, ClockState, () => ({
    mode: 'running',
    at: start,
    since: Date.now(),
    firedUntil: start,
  }));
  const state = kept.value;
  let pinned = false;
  const now = (): number => (pinned || state.mode === 'frozen' ? state.at : state.at + Date.now() - state.since);
  const put = (at: number): void => {
    Object.assign(state, { at, since: Date.now() });
    kept.save();
  };
  // Nobody fires what would have happened while the laptop was off; only a jump that a crash cut short goes on.
  if (state.mode === 'running') state.firedUntil = now();
  return {
    now,
    mode: () => state.mode,
    setMode: (mode) => {
      const at = now();
      state.mode = mode;
      put(at);
    },
    pin: (at) => {
      const target = Math.max(at, now());
      pinned = true;
      put(target);
    },
    release: () => {
      pinned = false;
      put(state.at);
    },
    firedUntil: () => state.firedUntil,
    setFiredUntil: (at) => {
      state.firedUntil = at;
    },
  };
};
