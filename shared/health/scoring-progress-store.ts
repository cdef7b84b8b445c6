import * as z from 'zod';
import { Instant } from '#shared/core/time.ts';
import { absent, is } from '#shared/platform/condition.ts';
import { stale } from '#shared/platform/history-store.ts';
import { type Key, read, transact, type Write } from '#shared/platform/table.ts';
import { noTally, Tally } from './scoring-run.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how far a run has come in each segment | table | pk = run id, sk = `segment#<number, 4 digits>` |
 *
 * What a segment counted and where it goes on are one item, so that a worker that takes over counts nobody twice.
 */
const progressKey = (runId: string, segment: number): Key => ({
  pk: runId,
  sk: `segment#${String(segment).padStart(4, '0')}`,
});

/** A partner that could not be scored, and why. */
export const ParkedPartner = z.strictObject({ partnerId: z.string(), reason: z.string() });
export type ParkedPartner = z.infer<typeof ParkedPartner>;

const Progress = z.object({
  segment: z.int().nonnegative(),
  /** Counts the checkpoints. */
  step: z.int().nonnegative(),
  isDone: z.boolean(),
  at: Instant,
  tally: Tally,
  /** The place behind the last partner that was looked at. */
  after: z.string().optional(),
  /** The first of them, with their reasons; `tally` has all. */
  parked: z.array(ParkedPartner),
  /** Figures of the partners so far, packed. */
  sums: z.string().optional(),
});
export type Progress = z.infer<typeof Progress>;

const begun = (segment: number, at: Instant): Progress => ({
  segment,
  step: 0,
  isDone: false,
  at,
  tally: noTally,
  parked: [],
});

/** Where all segments of a run stand, in their order; one that nobody has begun stands at its start. */
export const readProgress = async ({
  id,
  segments = 0,
  createdAt,
}: {
  readonly id: string;
  readonly segments?: number | undefined;
  readonly createdAt: Instant;
}): Promise<readonly Progress[]> => {
  const items = await read(Array.from({ length: segments }, (_, segment) => progressKey(id, segment)));
  return items.map((item, segment) => (item ? Progress.parse(item) : begun(segment, createdAt)));
};

/** The same of one segment. */
export const readProgressOf = async (runId: string, segment: number, at: Instant): Promise<Progress> => {
  const [item] = await read([progressKey(runId, segment)]);
  return item ? Progress.parse(item) : begun(segment, at);
};

/** Keeps how far a worker has come, and answers it; undefined when another one was there before it. */
export const keepProgress = async (runId: string, progress: Progress): Promise<Progress | undefined> => {
  const { step, segment } = progress;
  const kept: Progress = { ...progress, step: step + 1 };
  const own: Write = {
    write: 'replace',
    item: { ...progressKey(runId, segment), kind: 'scoring-progress', ...kept },
    when: step === 0 ? absent('pk') : is('step', '=', step),
    refuse: () => stale(undefined),
  };
  return (await transact([own])) ? undefined : kept;
};

/**
 * Goes with every finding of a segment: whoever was overtaken there, perhaps long ago, writes nothing any more. A run is completed only
 * when all its segments are done, so nothing of it is written after that either.
 */
export const stillThere = (runId: string, { segment, step }: Progress): Write => ({
  write: 'check',
  key: progressKey(runId, segment),
  when: is('step', '=', step),
  refuse: () => stale(undefined),
});
