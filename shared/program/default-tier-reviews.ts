import type { TierReviews } from '#shared/program/tiers.ts';

/** How a tier is lost where the program file does not say it. */
export const defaultTierReviews: TierReviews = { noticeDays: [0, 30, 60], graceDays: 90 };
