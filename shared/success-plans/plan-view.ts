import type { Money } from '#shared/core/money.ts';
import { type Ratio, roundHalfEven, times } from '#shared/health/ratio.ts';
import type { MutualPlan } from './mutual-plan.ts';
import type { ObjectiveProgress, PlanProgress } from './plan-progress.ts';
import type { PlanSummary, SuccessPlanView } from './success-plan-contract.ts';

type Summary = ReturnType<typeof PlanSummary.parse>;

export const summarizePlan = (plan: MutualPlan): Summary => {
  const { head: _h, doneKeys: _k, objectives: _o, words: _w, reached: _r, comments: _c, ...shown } = plan;
  return shown;
};

const isNegative = ({ n }: Ratio): boolean => n < 0n;
const absolute = (ratio: Ratio): Ratio => (isNegative(ratio) ? { n: -ratio.n, d: ratio.d } : ratio);

/** Rounded half-even to so many decimals. */
const shown = (ratio: Ratio, decimals: number): number => {
  const scale = 10 ** decimals;
  const rounded = roundHalfEven(times(absolute(ratio), BigInt(scale))) / scale;
  return isNegative(ratio) ? -rounded : rounded;
};

const inUnit = (value: Ratio, target: number | Money): number | Money =>
  typeof target === 'object' ? { amountMinor: shown(value, 0), currency: target.currency } : shown(value, 2);

const hundred = 100n;

const viewObjective = (
  { objective, state, value, part }: ObjectiveProgress,
  { words, reached }: MutualPlan,
): SuccessPlanView['objectives'][number] => {
  const told = objective.facts ? undefined : reached[objective.id];
  const { title, owners } = words[objective.id] ?? { title: objective.id, owners: { partner: '', partnerManager: '' } };
  return {
    ...objective,
    title,
    owners,
    state,
    ...(value ? { value: inUnit(value, objective.target) } : {}),
    ...(part ? { reachedPercent: shown(times(part, hundred), 1) } : {}),
    ...(told ? { told: { by: told.by, at: told.at } } : {}),
  };
};

export const viewPlan = (plan: MutualPlan, { objectives, part, known }: PlanProgress): SuccessPlanView => ({
  ...summarizePlan(plan),
  objectives: objectives.map((each) => viewObjective(each, plan)),
  progress: { percent: shown(times(part, hundred), 1), known },
  comments: plan.comments,
});
