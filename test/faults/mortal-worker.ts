import { type ChildProcess, fork } from 'node:child_process';
import type { Job, Outcome } from './worker-process.ts';

/**
 * Workers that die and freeze, as Lambda's do: a job whose process was killed is done again by a fresh one; a job whose process is
 * frozen is done by another one first, and then the frozen one thaws and goes on with what it believes.
 */
export interface MortalWorker {
  /** Does the job until a process has lived through it; each try is the job as `next` gives it. */
  readonly run: (next: () => Job) => Promise<Outcome>;
  /** Whether a process works that may die: not while one that was frozen goes on. */
  readonly isAtWork: () => boolean;
  /** Kills the process that works now. */
  readonly kill: () => void;
  /** Freezes it; resolves when it has thawed. */
  readonly freeze: () => Promise<void>;
  readonly end: () => void;
}

interface Frozen {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly thawed: () => void;
}

const script = new URL('worker-process.ts', import.meta.url);

const endOf = (child: ChildProcess): Promise<Outcome | 'died'> =>
  new Promise((resolve) => {
    const end = (outcome: Outcome | 'died'): void => {
      child.removeAllListeners('message').removeAllListeners('exit');
      resolve(outcome);
    };
    // worker-process.ts sends nothing else.
    child.once('message', (outcome) => end(outcome as Outcome));
    child.once('exit', () => end('died'));
  });

/** It goes on beside whatever others did meanwhile, to its own end. */
const thaw = async ({ child, ended, thawed }: Frozen): Promise<void> => {
  child.kill('SIGCONT');
  thawed();
  await ended;
  child.kill();
};

export const createMortalWorker = (env: NodeJS.ProcessEnv): MortalWorker => {
  let current: { readonly child: ChildProcess; ended: Promise<unknown>; freezes: () => void } | undefined;
  const frozen: Frozen[] = [];
  let atWork = false;
  const start = (): ChildProcess => fork(script, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const attempt = async (job: Job): Promise<Outcome | undefined> => {
    const child = current?.child ?? start();
    const ended = endOf(child);
    const freezing = Promise.withResolvers<'frozen'>();
    current = { child, ended, freezes: () => freezing.resolve('frozen') };
    atWork = true;
    child.send(job);
    const first = await Promise.race([ended, freezing.promise]);
    atWork = false;
    if (first !== 'died' && first !== 'frozen') return first;
    current = undefined;
    return undefined;
  };
  return {
    run: async (next) => {
      for (;;) {
        const outcome = await attempt(next());
        if (!outcome) continue;
        for (const each of frozen.splice(0)) await thaw(each);
        return outcome;
      }
    },
    isAtWork: () => atWork,
    kill: () => {
      atWork = false;
      current?.child.kill('SIGKILL');
    },
    freeze: () =>
      new Promise((resolve) => {
        if (!current) return resolve();
        const { child, ended, freezes } = current;
        atWork = false;
        child.kill('SIGSTOP');
        frozen.push({ child, ended, thawed: resolve });
        freezes();
      }),
    end: () => {
      for (const { child } of frozen) child.kill('SIGKILL');
      current?.child.kill('SIGKILL');
    },
  };
};
