import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';
import type { ScorecardRule } from '#shared/program/scorecard-rules.ts';
import { type MetricUnit, metricUnits } from '#shared/scorecards/metric-units.ts';

type Path = readonly (string | number)[];

const fault = (path: Path, message: string): ProgramFault => ({ path, message });

const most: Readonly<Record<Exclude<MetricUnit, 'money'>, number>> = {
  count: 1_000_000,
  percent: 100,
  points: 100,
  grade: 5,
};
const wholeOnly: readonly MetricUnit[] = ['count', 'points'];

const targetFault = ({ metric, target }: ScorecardRule, path: Path): ProgramFault[] => {
  const unit = metricUnits[metric];
  if (target === 'partner')
    return metric === 'revenueClosed' ? [] : [fault(path, 'can be "partner" for "revenueClosed" only')];
  if (unit === 'money')
    return typeof target === 'object' ? [] : [fault(path, 'must be an amount, for example "50,000.00 USD"')];
  if (typeof target === 'object') return [fault(path, `must be a number: ${metric} is no amount`)];
  if (target > most[unit]) return [fault(path, `must be at most ${most[unit]}`)];
  return wholeOnly.includes(unit) && !Number.isInteger(target) ? [fault(path, 'must be a whole number')] : [];
};

const unknown = (ids: readonly string[] | undefined, known: readonly { readonly id: string }[], path: Path) =>
  (ids ?? []).flatMap((id, index) =>
    known.some((it) => it.id === id)
      ? []
      : [fault([...path, index], `names the unknown "${id}": it must be one of ${known.map((it) => `"${it.id}"`)}`)],
  );

/** What a program says about scorecards, warnings and the loss of tiers must fit together, and what it says elsewhere. */
export const scorecards = ({ health, partnerTypes, tierReviews }: Program): ProgramFault[] => [
  ...(health.scorecard ?? []).flatMap((rule, index) => {
    const path = ['health', 'scorecard', index];
    return [
      ...targetFault(rule, [...path, 'target']),
      ...(rule.amberFromPercent > rule.greenFromPercent
        ? [fault([...path, 'amberFromPercent'], 'must not be more than "greenFromPercent"')]
        : []),
      ...unknown(rule.partnerTypes, partnerTypes, [...path, 'partnerTypes']),
    ];
  }),
  ...unknown(health.warnings?.notAskedForDeals, partnerTypes, ['health', 'warnings', 'notAskedForDeals']),
  ...(tierReviews?.noticeDays ?? []).flatMap((days, index, all) => {
    const path = ['tierReviews', 'noticeDays', index];
    if (index === 0 && days !== 0) return [fault(path, 'must be 0: the first notice goes out at once')];
    if (days >= (tierReviews?.graceDays ?? 0)) return [fault(path, 'must be less than "graceDays"')];
    return days <= (all[index - 1] ?? -1) ? [fault(path, 'must be more than the one before')] : [];
  }),
];
