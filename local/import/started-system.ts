import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ImportError } from '#local/import/import-error.ts';

export interface StartedSystem {
  readonly url: string;
  /** Settles when the system has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts `npm start` with these options as a child, in memory and without sample partners; resolves when it serves requests. */
export async function startSystem(options: readonly string[]): Promise<StartedSystem> {
  const all = ['local/start.ts', '--ephemeral', '--empty', ...options];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'] });
  // Whatever ends us ends the child too: its database engine must be told, not orphaned.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void child.kill('SIGTERM'));
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const url = await readyUrl(child, all);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, ended, stop };
}

function readyUrl(child: ChildProcess, options: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, url] = /^ready (http\S+)/.exec(line) ?? [];
      if (url) resolve(url);
    });
  }
  child.once('exit', (code) => {
    reject(
      new ImportError(
        `node ${options.join(' ')} ended (${code}) before it was ready.`,
        'Its own words stand above. Is the port taken? Give another with --port.',
      ),
    );
  });
  return promise;
}
