import { millis } from '#shared/core/time.ts';
import { all, begins, is } from '#shared/platform/condition.ts';
import { query } from '#shared/platform/table.ts';
import { Program } from './program.ts';

/** stand-in */
export interface PublishedProgram {
  readonly version: number;
  readonly effectiveFrom: string;
  readonly program: Program;
}

let cache: { readonly readAt: string; readonly versions: readonly PublishedProgram[] } | undefined;
const freshMs = 60_000;
export const listPrograms = async (): Promise<readonly PublishedProgram[]> => {
  const items = await query({ key: all(is('pk', '=', 'program'), begins('sk', 'version#')), limit: 1000 });
  return items.map((item) => ({
    version: Number(item.version),
    effectiveFrom: String(item.effectiveFrom),
    program: Program.parse(item.program),
  }));
};
export const programAt = async (now: string): Promise<PublishedProgram> => {
  if (!cache || millis(now) - millis(cache.readAt) > freshMs || now < cache.readAt)
    cache = { readAt: now, versions: await listPrograms() };
  const found = cache.versions.filter((it) => it.effectiveFrom <= now).at(-1);
  if (!found) throw new Error('no program');
  return found;
};
