/** The figures of a scorecard, in the order in which they stand on it (PRODUCT §6). */
export const metricIds = [
  'dealsSourced',
  'pipelineSourced',
  'pipelineInfluenced',
  'revenueClosed',
  'revenueInfluenced',
  'winRate',
  'averageDealSize',
  'activeEngagements',
  'trainings',
  'certifications',
  'partnerNps',
  'satisfaction',
] as const;
export type MetricId = (typeof metricIds)[number];
