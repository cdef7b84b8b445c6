import * as z from 'zod';
import { hashOf } from '#shared/core/canonical.ts';
import { Day } from '#shared/core/time.ts';
import type { ChainAudit, Head } from './chains.ts';
import type { Fault } from './fault.ts';

/**
 * What is published of a day where nobody can change it: where the history of every thing ended that changed on it. A chain alone shows
 * edits, gaps and other orders; that its end was cut off, or that it was made anew from its beginning, shows only against a root.
 */
export const Root = z.strictObject({
  day: Day,
  /** Hash of `heads`, short enough to be told by telephone. */
  root: z.string(),
  /** In the order of their subjects: id, number of the last event, its hash. */
  heads: z.array(z.tuple([z.string(), z.int().positive(), z.string()])),
});
export type Root = z.infer<typeof Root>;

export const rootOf = (day: Day, heads: readonly Head[]): Root => {
  const listed = heads
    .map(({ subject, seq, hash }): Root['heads'][number] => [subject, seq, hash])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { day, root: hashOf(listed), heads: listed };
};

/** I8: every history still leads through what was published of it. */
export const rootBroken = (root: Root, chains: ChainAudit): readonly Fault[] => {
  const item = `root of ${root.day}`;
  const own = hashOf(root.heads);
  const edited: readonly Fault[] =
    own === root.root ? [] : [{ breaks: 'I8', item, wrong: `says ${root.root}, its heads hash to ${own}` }];
  const gone = root.heads.flatMap(([subject, seq, hash]): Fault[] => {
    const is = chains.hashAt(subject, seq);
    if (is === hash) return [];
    const wrong = is === undefined ? `is missing, and ${item} has it` : `is another than in the ${item}`;
    return [{ breaks: 'I8', item: `event ${seq} of ${subject}`, wrong, right: `one that hashes to ${hash}` }];
  });
  return [...edited, ...gone];
};
