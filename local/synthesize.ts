import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Everything a template or a bundle is made from. */
const inputs = [
  '{infra,functions,workflows,shared}/**/*.{ts,json,yaml,md,html,css}',
  'examples/*.yaml',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
];
/** How many synthesized apps are kept: an older one may still be served by another process. */
const kept = 3;

const run = promisify(execFile);

const hashInputs = (root: string): string => {
  const hash = createHash('sha256');
  for (const file of globSync([...inputs], { cwd: root }).toSorted()) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
};

/** One process at a time: they share the folder that the bundles are made in. A lock older than two minutes is left over. */
const withLock = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 120_000) rmSync(lock, { recursive: true, force: true });
      await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
};

const removeOld = (folder: string): void => {
  const apps = globSync('*/manifest.json', { cwd: folder }).map((file) => join(folder, file, '..'));
  const newestFirst = apps.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of newestFirst.slice(kept)) rmSync(old, { recursive: true, force: true });
};

/**
 * Synthesizes the app that is deployed, unless nothing it is made from has changed, and answers the folder of its templates and
 * bundles. Throws with the compiler's or the CDK's own words when that fails.
 */
export const synthesize = async (root: string): Promise<string> => {
  const folder = join(root, '.local', 'cdk');
  const target = join(folder, hashInputs(root));
  if (existsSync(join(target, 'manifest.json'))) return target;
  mkdirSync(folder, { recursive: true });
  await withLock(join(folder, 'lock'), async () => {
    if (existsSync(join(target, 'manifest.json'))) return;
    const fresh = `${target}.new`;
    rmSync(fresh, { recursive: true, force: true });
    try {
      await run(process.execPath, ['infra/app.ts'], { cwd: root, env: { ...process.env, CDK_OUTDIR: fresh } });
    } catch (error) {
      const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
      throw new Error(`The app could not be synthesized:\n${words.trim()}`);
    }
    renameSync(fresh, target);
    removeOld(folder);
  });
  return target;
};
