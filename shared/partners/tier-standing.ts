import * as z from 'zod';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';

/** A quarter's figures fell short of the tier: it is lost at `endsAt` unless they are met again, or somebody decides otherwise. */
export const TierNotice = z.strictObject({
  /** The tier below. */
  to: z.string(),
  quarter: Quarter,
  since: Instant,
  endsAt: Instant,
  /** When it is told: those that are past have been. */
  noticesAt: z.array(Instant),
  /** How many have gone out. */
  given: z.int().positive(),
});
export type TierNotice = z.infer<typeof TierNotice>;

/** What a quarter's figures said while an appeal was open: what follows from it waits for the answer. */
export const TierHeld = z.strictObject({ to: z.string(), quarter: Quarter });
export type TierHeld = z.infer<typeof TierHeld>;

/** Until then the tier is what a person said, whatever the figures say. */
export const TierOverride = z.strictObject({ until: Instant, by: z.string(), at: Instant });

/** The last time the tier went down, and by whom. */
export const TierLowered = z.strictObject({ from: z.string(), to: z.string(), at: Instant, by: z.string() });

export const TierAppeal = z.strictObject({
  status: z.enum(['open', 'upheld', 'rejected']),
  /** What it was made about, whatever becomes of that before the answer: a notice, or that the tier went down. */
  about: z.enum(['notice', 'loss']),
  /** When that was. */
  since: Instant,
  /** The tier that should stay, or come back. */
  from: z.string(),
  loweredBy: z.string().optional(),
  by: z.string(),
  at: Instant,
  answeredBy: z.string().optional(),
  answeredAt: Instant.optional(),
});
export type TierAppeal = z.infer<typeof TierAppeal>;

/** What was said in the appeal and in its answer. */
export const TierAppealWords = z.strictObject({ reason: z.string(), answer: z.string().optional() });
