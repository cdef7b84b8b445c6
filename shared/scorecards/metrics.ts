import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import { type FactsByQuarter, tally } from '#shared/facts/facts-by-quarter.ts';
import type { Exact } from './exact.ts';
import type { MetricId } from './metric-ids.ts';

export const metricGroups = ['sales', 'engagement', 'enablement', 'satisfaction'] as const;
export type MetricGroup = (typeof metricGroups)[number];

export interface Metric {
  readonly group: MetricGroup;
  /** From which facts it is told, for whoever has to defend it. */
  readonly formula: string;
  readonly value: (facts: FactsByQuarter, quartersBack: readonly number[]) => Exact;
}

export const wonSourced = [
  'deal.won.sourced.new',
  'deal.won.sourced.expansion',
  'deal.won.sourced.renewal',
] as const satisfies readonly FactKindId[];
export const wonInfluenced = [
  'deal.won.influenced.new',
  'deal.won.influenced.expansion',
  'deal.won.influenced.renewal',
] as const satisfies readonly FactKindId[];
const engagements = [
  'enablement.session',
  'marketing.event',
  'marketing.campaign',
  'asset.one-pager',
  'asset.case-study',
  'deal.recommended',
  'lead.accepted',
  'mdf.approved',
] as const satisfies readonly FactKindId[];

/** How many; where others would have to tell us and nobody did, it is not known, as in the health score. */
const number = (...kinds: readonly FactKindId[]): Metric['value'] => {
  const zeroKnown = kinds.some((kind) => kindOf(kind).zeroKnown);
  return (facts, back) => {
    const { count } = tally(facts, kinds, back);
    return count > 0 || zeroKnown ? { of: count, by: 1 } : undefined;
  };
};
const sum =
  (...kinds: readonly FactKindId[]): Metric['value'] =>
  (facts, back) => ({ of: tally(facts, kinds, back).sum, by: 1 });

const hundred = 100;
const inBasisPoints = 10_000;

const winRate: Metric['value'] = (facts, back) => {
  const won = tally(facts, wonSourced, back).count;
  const decided = won + tally(facts, ['deal.lost'], back).count;
  return decided === 0 ? undefined : { of: won * inBasisPoints, by: decided };
};

const averageDealSize: Metric['value'] = (facts, back) => {
  const won = tally(facts, wonSourced, back);
  return won.count === 0 ? undefined : { of: won.sum, by: won.count };
};

const answersOf = (facts: FactsByQuarter, kind: FactKindId, back: readonly number[]): readonly number[] =>
  back.flatMap((quartersBack) => facts.of(kind, quartersBack).map(({ value }) => value));

/** Promoters (9 or 10) less detractors (6 or less), of a hundred. */
export const npsOf: Metric['value'] = (facts, back) => {
  const answers = answersOf(facts, 'nps.answer', back);
  if (answers.length === 0) return undefined;
  const promoters = answers.filter((answer) => answer >= 9).length;
  const detractors = answers.filter((answer) => answer <= 6).length;
  return { of: (promoters - detractors) * hundred, by: answers.length };
};

/** The mean of the grades. */
export const csatOf: Metric['value'] = (facts, back) => {
  const answers = answersOf(facts, 'csat.answer', back);
  if (answers.length === 0) return undefined;
  return { of: answers.reduce((total, answer) => total + answer, 0) * hundred, by: answers.length };
};

const sales = (formula: string, value: Metric['value']): Metric => ({
  group: 'sales',
  formula,
  value,
});
const enablement = { group: 'enablement' } as const;

/** PRODUCT §6 *Scorecard*. Each is told from the facts of one quarter. */
export const metrics: Readonly<Record<MetricId, Metric>> = {
  dealsSourced: sales('Registrations that were approved', number('deal.approved')),
  pipelineSourced: sales('The value of the registrations that were approved', sum('deal.approved')),
  pipelineInfluenced: sales('The value of open deals the partner was given a part in', sum('deal.influenced')),
  revenueClosed: sales('The partner’s share of the deals it brought that were won', sum(...wonSourced)),
  revenueInfluenced: sales('The value of the deals it helped to win', sum(...wonInfluenced)),
  winRate: sales('Deals it brought that were won, of those won or lost', winRate),
  averageDealSize: sales('Revenue closed, divided by the deals won', averageDealSize),
  activeEngagements: {
    group: 'engagement',
    formula:
      'Enablement sessions, events, campaigns, one-pagers, case studies, recommendations in deals, leads accepted, fund requests approved',
    value: number(...engagements),
  },
  trainings: { ...enablement, formula: 'Trainings that people completed', value: number('training.completed') },
  certifications: {
    ...enablement,
    formula: 'Certifications that people passed',
    value: number('certification.passed'),
  },
  partnerNps: {
    group: 'satisfaction',
    formula: 'Answers of 9 or 10 less answers of 6 or less, of a hundred',
    value: npsOf,
  },
  satisfaction: { group: 'satisfaction', formula: 'The mean of the grades from 1 to 5', value: csatOf },
};
