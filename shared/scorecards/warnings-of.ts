import { lastDayOf, type Quarter } from '#shared/core/quarters.ts';
import { addDays, addMonths, type Day, instant } from '#shared/core/time.ts';
import { type FactsByQuarter, factsByQuarter, tally } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import type { WarningRules } from '#shared/program/scorecard-rules.ts';
import { defaultWarnings } from './default-scorecard.ts';
import { reaches } from './exact.ts';
import type { MetricId } from './metric-ids.ts';
import { metrics } from './metrics.ts';
import type { Scorecard } from './scorecard.ts';

export const warningKinds = ['no_deal', 'far_below_target', 'unused_funds'] as const;

/** Something to be done before the figures are bad. */
export interface Warning {
  readonly kind: (typeof warningKinds)[number];
  /** Tells warnings of one kind apart: the months without a deal, or the figure. */
  readonly about: string;
  readonly text: string;
  readonly action: string;
  /** The task is closed by itself after this day. */
  readonly until: Day;
}

const dayOfFact = (at: number): Day => instant(at * 1000).slice(0, 10);
const quartersKept = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const signsOfDeals = [
  'deal.registered.new',
  'deal.registered.expansion',
  'deal.registered.renewal',
  'deal.approved',
  'deal.won.sourced.new',
  'deal.won.sourced.expansion',
  'deal.won.sourced.renewal',
] as const;

/** The last day on which something was seen of a deal, or the one on which it all began; undefined: before anything we still know. */
const lastSign = (facts: FactsByQuarter): { readonly day: Day; readonly deal: boolean } | undefined => {
  const latest = (kinds: readonly (typeof signsOfDeals)[number][] | readonly ['partner.activated']): number =>
    Math.max(0, ...kinds.flatMap((kind) => quartersKept.flatMap((back) => facts.of(kind, back).map(({ at }) => at))));
  const deal = latest(signsOfDeals);
  if (deal > 0) return { day: dayOfFact(deal), deal: true };
  const begun = latest(['partner.activated']);
  return begun > 0 ? { day: dayOfFact(begun), deal: false } : undefined;
};

interface Looking {
  readonly facts: FactsByQuarter;
  readonly rules: WarningRules;
  readonly lastDay: Day;
  readonly until: Day;
}

/** Of all the spans that have passed, only the longest is told. */
const noDeal = ({ facts, rules, lastDay, until }: Looking): readonly Warning[] => {
  const sign = lastSign(facts);
  const passed = rules.noDealMonths.filter((months) => !sign || addMonths(sign.day, months) <= lastDay);
  if (passed.length === 0) return [];
  const months = Math.max(...passed);
  const since = sign ? ` The last one was on ${sign.day}.` : '';
  const text = sign && !sign.deal ? ` It has been a partner since ${sign.day}.` : since;
  return [
    {
      kind: 'no_deal',
      about: String(months),
      text: `No deal for ${months} months or more.${text}`,
      action:
        months === Math.min(...rules.noDealMonths)
          ? 'Call the partner: go through its customers together and agree on one deal to register.'
          : 'Meet the partner: agree on a 90-day plan, or on ending the partnership.',
      until,
    },
  ];
};

const advice: Readonly<Partial<Record<MetricId, string>>> = {
  dealsSourced: 'Go through the partner’s customers together and choose the next deals to register.',
  pipelineSourced: 'Plan one joint activity that brings new pipeline.',
  revenueClosed: 'Go through the open deals one by one and say what each needs to be won.',
  winRate: 'Look at the lost deals together: why, and what would have helped.',
  trainings: 'Agree on who is trained by when.',
  certifications: 'Agree on who is certified by when.',
  partnerNps: 'Ask those who are unhappy what went wrong, and answer them.',
  satisfaction: 'Ask those who are unhappy what went wrong, and answer them.',
};

/** `dealsSourced` as "Deals sourced". */
const words = (metric: MetricId): string => {
  const apart = metric.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace('nps', 'NPS');
  return apart.charAt(0).toUpperCase() + apart.slice(1);
};

const farBelow = (scorecard: Scorecard, { facts, rules, until }: Looking): readonly Warning[] =>
  scorecard.figures.flatMap(({ metric, target }): readonly Warning[] => {
    const exact = metrics[metric].value(facts, [0]);
    if (!exact || target === undefined || reaches(exact, target, rules.farBelowTargetPercent)) return [];
    const text = `${words(metric)}: less than ${rules.farBelowTargetPercent} % of the target.`;
    const action = advice[metric] ?? 'Agree with the partner on what would help, and on who does it.';
    return [{ kind: 'far_below_target', about: metric, text, action, until }];
  });

const unusedFunds = ({ facts, rules, until }: Looking): readonly Warning[] => {
  const quarters = Array.from({ length: rules.unusedFundsQuarters }, (_, back) => back);
  const isUnused = (back: number): boolean =>
    tally(facts, ['mdf.budget'], [back]).sum > 0 && tally(facts, ['mdf.requested'], [back]).count === 0;
  return quarters.every(isUnused)
    ? [
        {
          kind: 'unused_funds',
          about: String(rules.unusedFundsQuarters),
          text: `Market development funds stood open for ${rules.unusedFundsQuarters} quarters, and nothing was asked for.`,
          action: 'Suggest one activity, fill in the fund request together, and send it.',
          until,
        },
      ]
    : [];
};

const untilOf = (quarter: Quarter, days: number, { fiscalYearStart }: Pick<Program, 'fiscalYearStart'>): Day =>
  addDays(lastDayOf(quarter, fiscalYearStart), days);

/** The early warnings of a partner and quarter; none for a partner that is not active. */
export const warningsOf = (
  of: PartnerFacts,
  program: Pick<Program, 'health' | 'fiscalYearStart'>,
  scorecard: Scorecard,
): readonly Warning[] => {
  if (of.profile.status !== 'active') return [];
  const rules = program.health.warnings ?? defaultWarnings;
  const lastDay = lastDayOf(of.quarter, program.fiscalYearStart);
  const looking = { facts: factsByQuarter(of), rules, lastDay, until: untilOf(of.quarter, rules.openDays, program) };
  const isAsked = !rules.notAskedForDeals.includes(of.profile.types[0] ?? '');
  return [...(isAsked ? noDeal(looking) : []), ...farBelow(scorecard, looking), ...unusedFunds(looking)];
};
