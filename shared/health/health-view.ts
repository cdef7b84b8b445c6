import * as z from 'zod';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';
import { ExplanationView } from './explanation-view.ts';
import { type Health, HealthBand, type Revision } from './health.ts';
import type { Judged } from './judge-partner.ts';

/** From 0 to 100, with one decimal. */
const Points = z.number().min(0).max(100);

const short = {
  partnerId: z.string(),
  quarter: Quarter,
  /** A draft is for staff only. */
  status: z.enum(['draft', 'published']),
  score: Points,
  band: HealthBand,
  /** Percent of the weight for which something is known. */
  coverage: Points,
  revision: z.int().positive(),
  scoredAt: Instant,
};

/** One line of a list. */
export const HealthSummary = z.object(short).meta({ id: 'HealthSummary' });
export type HealthSummary = z.infer<typeof HealthSummary>;

const Past = z.strictObject({ quarter: Quarter, score: Points, band: HealthBand, coverage: Points });

export const HealthView = z
  .object({
    ...short,
    ...ExplanationView.shape,
    programVersion: z.int().positive(),
    /** Identifies the text of this revision, to the byte. */
    digest: z.string(),
    /** Why it was computed again after it was published. */
    reason: z.string().optional(),
    /** This quarter and up to seven before it, oldest first; those that were not scored are left out. */
    history: z.array(Past),
    /** All revisions, oldest first; each can be read. */
    revisions: z.array(z.strictObject({ revision: z.int(), scoredAt: Instant, reason: z.string().optional() })),
  })
  .meta({ id: 'Health' });
export type HealthView = z.infer<typeof HealthView>;

const fromTenths = (tenths: number): number => tenths / 10;

export const summarize = (health: Health, isPublished: boolean): HealthSummary => ({
  partnerId: health.partnerId,
  quarter: health.quarter,
  status: isPublished ? 'published' : 'draft',
  score: fromTenths(health.points),
  band: health.band,
  coverage: fromTenths(health.coverage),
  revision: health.revision,
  scoredAt: health.scoredAt,
});

export const judgedIn = ({ text }: Revision): Judged => JSON.parse(text);

/** What one revision says, with what went before. `history` has the quarters before this one, oldest first. */
export const viewHealth = (about: {
  readonly health: Health;
  readonly isPublished: boolean;
  readonly revision: Revision;
  readonly revisions: readonly Revision[];
  readonly history: readonly Health[];
  readonly explanation: ExplanationView;
}): HealthView => {
  const { health, isPublished, revision, revisions, history, explanation } = about;
  const { points, band, coverage } = judgedIn(revision).score;
  const present = { quarter: health.quarter, score: fromTenths(points), band, coverage: fromTenths(coverage) };
  const past = history.map((each) => ({
    quarter: each.quarter,
    score: fromTenths(each.points),
    band: each.band,
    coverage: fromTenths(each.coverage),
  }));
  const { programVersion, digest, reason, scoredAt } = revision;
  return {
    ...summarize(health, isPublished),
    ...present,
    ...explanation,
    revision: revision.revision,
    scoredAt,
    programVersion,
    digest,
    ...(reason === undefined ? {} : { reason }),
    history: [...past, present],
    revisions: revisions.map((each) => ({
      revision: each.revision,
      scoredAt: each.scoredAt,
      ...(each.reason === undefined ? {} : { reason: each.reason }),
    })),
  };
};
