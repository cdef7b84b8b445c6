import type { Language } from '#shared/core/languages.ts';
import type { Money } from '#shared/core/money.ts';
import type { CriterionResult, TierCriterion } from '#shared/partners/tier-of-quarter.ts';
import { type MetricUnit, metricUnits } from './metric-units.ts';
import { metrics } from './metrics.ts';
import { movementOf, type ScorecardFigure } from './scorecard.ts';
import type { FigureView, ScorecardView } from './scorecard-contract.ts';
import { scorecardWords } from './scorecard-words.ts';

const hundredths: ReadonlySet<MetricUnit> = new Set(['percent', 'grade']);

/** In the units that people read: amounts with their currency, percent, grades. */
const shown = (value: number, unit: MetricUnit, currency: string): number | Money => {
  if (unit === 'money') return { amountMinor: value, currency };
  return hundredths.has(unit) ? value / 100 : value;
};

export const viewFigure = (
  figure: ScorecardFigure,
  { currency, language }: { readonly currency: string; readonly language: Language },
): FigureView => {
  const { metric, target, rag, history } = figure;
  const { group, formula } = metrics[metric];
  const unit = metricUnits[metric];
  const words = scorecardWords[language];
  const { actual, previous, trend } = movementOf(figure);
  const inUnits = (value: number) => shown(value, unit, currency);
  return {
    metric,
    name: words.metrics[metric],
    group,
    unit,
    formula,
    ...(actual === undefined ? {} : { actual: inUnits(actual) }),
    ...(target === undefined ? {} : { target: inUnits(target) }),
    ...(previous === undefined ? {} : { previous: inUnits(previous) }),
    ...(trend ? { trend } : {}),
    rag,
    // There is a target, and nothing to hold against it.
    ragText: rag === 'none' && target !== undefined ? words.notKnown : words.rags[rag],
    history: history.map((value) => (value === null ? null : inUnits(value))),
  };
};

const unitOf = (criterion: TierCriterion): MetricUnit | 'tenths' => {
  if (criterion === 'annualRevenue' || criterion === 'influencedRevenue') return 'money';
  if (criterion === 'healthScore') return 'tenths';
  return criterion === 'satisfaction' ? 'grade' : 'count';
};

export const viewCriterion = (
  { tier, criterion, actual, needed, outcome }: CriterionResult,
  currency: string,
): ScorecardView['tierCriteria'][number] => {
  const unit = unitOf(criterion);
  const inUnits = (value: number) => (unit === 'tenths' ? value / 10 : shown(value, unit, currency));
  return {
    tier,
    criterion,
    ...(actual === undefined ? {} : { actual: inUnits(actual) }),
    needed: inUnits(needed),
    outcome,
  };
};
