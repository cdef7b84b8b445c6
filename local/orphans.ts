import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';

const ChildRecord = z.strictObject({
  pid: z.int(),
  owner: z.int(),
  /** Words that stand in the child's command line, so that a reused process id is never taken for it. */
  mark: z.string(),
  /** The folder the child has open, `null` for one that keeps nothing. */
  folder: z.string().nullable(),
});
export type ChildRecord = z.infer<typeof ChildRecord>;

const run = promisify(execFile);

/** Linux tells it in /proc even where `ps` is not installed, as on a bare Debian. */
const describeProcess = async (pid: number): Promise<{ parent: number; command: string } | undefined> => {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (afterName[0] === 'Z') return undefined;
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      return { parent: Number(afterName[1]), command };
    }
    const { stdout } = await run('ps', ['-o', 'ppid=,command=', '-p', String(pid)]);
    const [, parent, command] = /^\s*(\d+)\s+(.*)$/s.exec(stdout) ?? [];
    return parent === undefined || command === undefined ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined;
  }
};

/** A note that a crash cut off tells nothing. */
const readNote = async (file: string): Promise<ChildRecord | undefined> => {
  try {
    return ChildRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
};

const stopGently = async (pid: number): Promise<void> => {
  // SIGTERM lets the engine write down what it acknowledged; SIGKILL could lose it, so we wait however long it takes.
  process.kill(pid, 'SIGTERM');
  while ((await describeProcess(pid)) !== undefined) await sleep(20);
};

/** Notes a child process, so that a later start can stop it if this process dies without doing so. Returns how to forget it. */
export const noteChild = async (runFolder: string, record: ChildRecord): Promise<() => Promise<void>> => {
  await mkdir(runFolder, { recursive: true });
  const file = join(runFolder, `${record.pid}.json`);
  await writeFile(file, JSON.stringify(record));
  return () => rm(file, { force: true });
};

/**
 * Stops children whose owner is gone. Throws when a living owner has the same folder open, because two engines on one
 * folder destroy it.
 */
export const stopOrphans = async (runFolder: string, folder: string | null): Promise<void> => {
  await mkdir(runFolder, { recursive: true });
  for (const name of await readdir(runFolder)) {
    const file = join(runFolder, name);
    const noted = await readNote(file);
    const found = noted && (await describeProcess(noted.pid));
    if (noted && found?.command.includes(noted.mark)) {
      // A child of a dead process is handed to another parent, so this holds even when the owner's id was given out again.
      if (found.parent === noted.owner) {
        if (folder === null || noted.folder !== folder) continue;
        throw new Error(`Tandem already runs here (process ${noted.owner}): stop it first, or start with --ephemeral.`);
      }
      await stopGently(noted.pid);
    }
    await rm(file, { force: true });
  }
};
