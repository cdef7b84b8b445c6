import type { ScorecardRule, WarningRules } from '#shared/program/scorecard-rules.ts';

const rule = (metric: ScorecardRule['metric'], target: ScorecardRule['target']): ScorecardRule => ({
  metric,
  target,
  amberFromPercent: 70,
  greenFromPercent: 100,
});

/** Targets and colours where the program file says nothing; figures that are not here are shown without a colour. */
export const defaultScorecard: readonly ScorecardRule[] = [
  rule('dealsSourced', 3),
  rule('revenueClosed', 'partner'),
  rule('winRate', 30),
  rule('activeEngagements', 2),
  rule('trainings', 2),
  rule('certifications', 1),
  rule('partnerNps', 30),
  rule('satisfaction', 4),
];

export const defaultWarnings: WarningRules = {
  noDealMonths: [3, 6],
  farBelowTargetPercent: 50,
  unusedFundsQuarters: 2,
  openDays: 60,
  notAskedForDeals: ['alliance', 'isv', 'oem'],
};
