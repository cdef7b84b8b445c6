import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';
import type { TierJudgement } from '#shared/partners/tier-of-quarter.ts';

/** From the lowest; lists show them in this order. */
export const HealthBand = z.enum(['developing', 'stable', 'strong']);
export type HealthBand = z.infer<typeof HealthBand>;

/** What a partner's quarter came to, in short; the text of each revision of it is kept apart. */
export const Health = z.object({
  ...Tracked.shape,
  status: z.enum(['scored', 'corrected']),
  partnerId: z.string(),
  quarter: Quarter,
  /** Of what is published, none is ever overwritten: a correction is the next one. */
  revision: z.int().positive(),
  /** The run that wrote this. */
  runId: z.string(),
  programVersion: z.int().positive(),
  /** In tenths, from 0 to 1000. */
  points: z.int().min(0).max(1000),
  band: HealthBand,
  /** Weight of what is known, in tenths of a percent. */
  coverage: z.int().min(0).max(1000),
  /** Of the text of its revision. */
  digest: z.string(),
  scoredAt: Instant,
});
export type Health = z.infer<typeof Health>;

export const healthIdOf = (partnerId: string, quarter: Quarter): string => derivedId('hlt', partnerId, quarter);

/** What a run found of one partner: `text` is kept as it is, so that it can be shown to the byte. */
export interface Finding {
  readonly partnerId: string;
  readonly points: number;
  readonly band: HealthBand;
  readonly coverage: number;
  readonly text: string;
  readonly digest: string;
  /** What the same figures say of its tier. */
  readonly tier: TierJudgement;
}

/** What a revision says, and why it was made when it is not the first. */
export const Revision = z.object({
  revision: z.int().positive(),
  runId: z.string(),
  programVersion: z.int().positive(),
  digest: z.string(),
  scoredAt: Instant,
  reason: z.string().optional(),
  text: z.string(),
});
export type Revision = z.infer<typeof Revision>;

/** The run that finds it. */
interface Scoring {
  readonly id: string;
  readonly quarter: Quarter;
  readonly programVersion: number;
  readonly corrects: boolean;
  readonly reason?: string | undefined;
}

/** A finding of this run is replaced by a later look of the same run; one that was published never is. */
const revisionAfter = (before: Health | undefined, { id, corrects }: Scoring): number => {
  if (!before) return 1;
  return corrects && before.runId !== id ? before.revision + 1 : before.revision;
};

/** What a run makes of what stood. */
export const scoreHealth = (
  before: Health | undefined,
  finding: Finding,
  about: { readonly run: Scoring; readonly now: Instant },
): Health => {
  const { run, now } = about;
  const { partnerId, points, band, coverage, digest } = finding;
  const revision = revisionAfter(before, run);
  return {
    id: healthIdOf(partnerId, run.quarter),
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    ...before,
    status: revision > 1 ? 'corrected' : 'scored',
    partnerId,
    quarter: run.quarter,
    revision,
    runId: run.id,
    programVersion: run.programVersion,
    points,
    band,
    coverage,
    digest,
    scoredAt: now,
  };
};
