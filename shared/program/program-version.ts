import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import { Instant } from '#shared/core/time.ts';

/** One published version; its rules and its source stand beside it. */
export const ProgramVersion = z.strictObject({
  ...Tracked.shape,
  status: z.literal('published'),
  effectiveFrom: Instant,
  changes: z.array(z.strictObject({ path: z.string(), text: z.string(), takesAway: z.boolean() })),
  /** SHA-256 of the file, so that the history proves which rules were published. */
  sourceHash: z.string(),
  /** The request that published it. */
  writeId: z.string(),
  bodyHash: z.string(),
});
export type ProgramVersion = z.infer<typeof ProgramVersion>;

/** All versions are states of one thing, so their history is one chain. */
export const programId = 'program';

/** The version in force at an instant: the last one published whose date has come. A later publication overtakes an earlier one. */
export const versionAt = (versions: readonly ProgramVersion[], at: Instant): ProgramVersion | undefined =>
  versions
    .filter((version) => version.effectiveFrom <= at)
    .reduce<ProgramVersion | undefined>((last, it) => (last && last.version > it.version ? last : it), undefined);
