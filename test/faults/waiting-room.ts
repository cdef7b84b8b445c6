import type { ModelEngine } from './model-engine.ts';

/** The last status of each thing that people wait for, by its key in the table. */
export type Statuses = ReadonlyMap<string, string>;

/**
 * Where people wait who have nothing to do before something has happened: asking again and again would take a history most of its time.
 * When nothing else is left that could go on, all of them are told that it will not happen.
 */
export interface WaitingRoom {
  /** Resolves with whether it has happened. */
  readonly until: (happened: (statuses: Statuses) => boolean) => Promise<boolean>;
  /** Who can be told now. */
  readonly starts: (isIdle: boolean) => readonly (() => void)[];
}

interface Waiting {
  readonly happened: (statuses: Statuses) => boolean;
  readonly tell: (it: boolean) => void;
}

export const createWaitingRoom = ({ commits }: Pick<ModelEngine, 'commits'>): WaitingRoom => {
  const statuses = new Map<string, string>();
  const waiting: Waiting[] = [];
  let seen = 0;
  const look = (): void => {
    for (; seen < commits.length; seen += 1) {
      for (const { after } of commits[seen]?.written ?? []) {
        if (after.status?.S !== undefined) statuses.set(`${after.pk?.S} ${after.sk?.S}`, after.status.S);
      }
    }
  };
  const tell = (one: Waiting, it: boolean) => () => {
    waiting.splice(waiting.indexOf(one), 1);
    one.tell(it);
  };
  return {
    until: (happened) => new Promise((resolve) => waiting.push({ happened, tell: resolve })),
    starts: (isIdle) => {
      if (waiting.length === 0) return [];
      look();
      const ready = waiting.filter(({ happened }) => happened(statuses)).map((each) => tell(each, true));
      return ready.length === 0 && isIdle ? waiting.map((each) => tell(each, false)) : ready;
    },
  };
};
