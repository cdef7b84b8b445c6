import { formatMoney } from '#shared/core/money.ts';
import { defaultTierReviews } from '#shared/program/default-tier-reviews.ts';
import type { Tier, TierCriteria, TierReviews } from '#shared/program/tiers.ts';

const asked: readonly (readonly [criterion: keyof TierCriteria, words: string])[] = [
  ['annualRevenue', 'Sales of the last four quarters, from'],
  ['influencedRevenue', 'Sales it helped with, from'],
  ['deals', 'Deals won, from'],
  ['competencies', 'Competencies, from'],
  ['certifiedPeople', 'Certified people, from'],
  ['nps', 'How likely your people recommend us (NPS), from'],
  ['satisfaction', 'Satisfaction of 5, from'],
  ['healthScore', 'Health score, from'],
];

const shown = (value: TierCriteria[keyof TierCriteria]): string => {
  if (value === undefined) return '–';
  return typeof value === 'object' ? formatMoney(value) : String(value);
};

/** What tiers ask for; what no tier asks for is left out by whoever shows it. */
export const criteriaRows = (tiers: readonly Tier[]): readonly (readonly string[])[] =>
  asked.map(([criterion, words]) => [words, ...tiers.map(({ criteria }) => shown(criteria[criterion]))]);

export const reviewSentence = ({ graceDays }: TierReviews = defaultTierReviews): string =>
  `Tiers are looked at every quarter: whoever meets all that a tier asks for rises at once. Whoever falls short is told, keeps the tier for ${graceDays} days, and goes down by one only if the figures are still too low then.`;
