import { type FactsByQuarter, factsByQuarter } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts, Profile } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import type { ScorecardRule } from '#shared/program/scorecard-rules.ts';
import { defaultScorecard } from './default-scorecard.ts';
import { type Exact, reaches, rounded } from './exact.ts';
import { type MetricId, metricIds } from './metric-ids.ts';
import { type MetricUnit, metricUnits } from './metric-units.ts';
import { metrics } from './metrics.ts';
import { quartersShown, type Rag, type Scorecard, type ScorecardFigure } from './scorecard.ts';

/** The program's rule for a figure of this partner; the first that names its main type, or nobody. */
const ruleFor = (metric: MetricId, { types }: Profile, rules: readonly ScorecardRule[]): ScorecardRule | undefined =>
  rules.find(
    ({ metric: its, partnerTypes }) =>
      its === metric && (partnerTypes === undefined || partnerTypes.includes(types[0] ?? '')),
  );

const inHundredths: ReadonlySet<MetricUnit> = new Set(['percent', 'grade']);

/** In the unit of the metric. What was agreed with the partner stands in the newest fact about it. */
const targetOf = ({ target, metric }: ScorecardRule, facts: FactsByQuarter): number | undefined => {
  if (typeof target === 'object') return target.amountMinor;
  // Two decimals at most, so what a float adds is far below a half.
  if (typeof target === 'number') return inHundredths.has(metricUnits[metric]) ? Math.round(target * 100) : target;
  return facts
    .of('partner.target', 0)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .at(-1)?.value;
};

const ragOf = (exact: Exact, target: number | undefined, rule: ScorecardRule | undefined): Rag => {
  if (exact === undefined || target === undefined || rule === undefined) return 'none';
  if (reaches(exact, target, rule.greenFromPercent)) return 'green';
  return reaches(exact, target, rule.amberFromPercent) ? 'amber' : 'red';
};

/** The last quarters, oldest first. */
const shown = Array.from({ length: quartersShown }, (_, index) => [quartersShown - 1 - index]);

const figureOf = (
  metric: MetricId,
  { facts, profile, rules }: { facts: FactsByQuarter; profile: Profile; rules: readonly ScorecardRule[] },
): ScorecardFigure => {
  const rule = ruleFor(metric, profile, rules);
  const target = rule && targetOf(rule, facts);
  const exact = shown.map((back) => metrics[metric].value(facts, back));
  const rag = ragOf(exact.at(-1), target, rule);
  const history = exact.map((each) => rounded(each) ?? null);
  return target === undefined ? { metric, rag, history } : { metric, target, rag, history };
};

/** The scorecard of a partner and quarter; the same facts and rules give the same, in whatever order the facts come. */
export const scorecardOf = (of: PartnerFacts, program: Pick<Program, 'health'>): Scorecard => {
  const facts = factsByQuarter(of);
  const about = { facts, profile: of.profile, rules: program.health.scorecard ?? defaultScorecard };
  return {
    figures: metricIds.map((metric) => figureOf(metric, about)),
  };
};
