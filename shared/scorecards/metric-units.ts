import type { MetricId } from './metric-ids.ts';

/**
 * What a figure is counted in: things, the program's currency in minor units, hundredths of a percent, points from -100 to 100,
 * hundredths of a grade from 1 to 5.
 */
export type MetricUnit = 'count' | 'money' | 'percent' | 'points' | 'grade';

/** Apart from how figures are told, which the program file's reader need not know. */
export const metricUnits: Readonly<Record<MetricId, MetricUnit>> = {
  dealsSourced: 'count',
  pipelineSourced: 'money',
  pipelineInfluenced: 'money',
  revenueClosed: 'money',
  revenueInfluenced: 'money',
  winRate: 'percent',
  averageDealSize: 'money',
  activeEngagements: 'count',
  trainings: 'count',
  certifications: 'count',
  partnerNps: 'points',
  satisfaction: 'grade',
};
