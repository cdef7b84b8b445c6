import { lastDayOf, type Quarter } from '#shared/core/quarters.ts';
import { addMonths, type Day, dayOf, instant } from '#shared/core/time.ts';
import { type FactsByQuarter, factsByQuarter, tally } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import type { WarningRules } from '#shared/program/scorecard-rules.ts';
import { defaultWarnings } from './default-scorecard.ts';
import { reaches } from './exact.ts';
import { metrics } from './metrics.ts';
import type { Scorecard } from './scorecard.ts';

export const warningKinds = ['no_deal', 'far_below_target', 'unused_funds'] as const;

/** Something to be done before the figures are bad. What to do, and until when, follows from it: shared/scorecards/warning-words.ts. */
export interface Warning {
  readonly kind: (typeof warningKinds)[number];
  /** Tells warnings of one kind apart: the months without a deal, the figure, the quarters. */
  readonly about: string;
  /** When the last deal was seen, or without one the day on which it became a partner. */
  readonly lastDealOn?: Day;
  readonly partnerSince?: Day;
}

const secondsOfDay = 86_400;
/** Days of all time zones begin with a quarter of an hour of UTC. */
const secondsOfPart = 900;
const daysOfZones = new Map<string, Map<number, Day>>();

/** In the program's time zone. Made once for each part of a day, since it is asked of every partner of a run. */
const dayOfFact = (at: number, timeZone: string): Day => {
  const days = daysOfZones.get(timeZone) ?? new Map<number, Day>();
  daysOfZones.set(timeZone, days);
  const seconds = timeZone === 'UTC' ? secondsOfDay : secondsOfPart;
  const number = Math.floor(at / seconds);
  const day = days.get(number) ?? dayOf(instant(number * seconds * 1000), timeZone);
  days.set(number, day);
  return day;
};

const ends = new Map<string, Day>();

/** When so many months are over. */
const endOf = (day: Day, months: number): Day => {
  const name = `${day} ${months}`;
  const end = ends.get(name) ?? addMonths(day, months);
  ends.set(name, end);
  return end;
};
const quartersKept = 9;
export const signsOfDeals = [
  'deal.registered.new',
  'deal.registered.expansion',
  'deal.registered.renewal',
  'deal.approved',
  'deal.won.sourced.new',
  'deal.won.sourced.expansion',
  'deal.won.sourced.renewal',
] as const;

/** The last day on which something was seen of a deal, or the one on which it all began; undefined: before anything we still know. */
const lastSign = (
  facts: FactsByQuarter,
  timeZone: string,
): { readonly day: Day; readonly deal: boolean } | undefined => {
  const latest = (kinds: readonly (typeof signsOfDeals)[number][] | readonly ['partner.activated']): number => {
    let seconds = 0;
    for (const kind of kinds)
      for (const { fact, back } of facts.ofKind(kind))
        if (back >= 0 && back < quartersKept) seconds = Math.max(seconds, fact.at);
    return seconds;
  };
  const deal = latest(signsOfDeals);
  if (deal > 0) return { day: dayOfFact(deal, timeZone), deal: true };
  const begun = latest(['partner.activated']);
  return begun > 0 ? { day: dayOfFact(begun, timeZone), deal: false } : undefined;
};

interface Looking {
  readonly facts: FactsByQuarter;
  readonly rules: WarningRules;
  readonly lastDay: Day;
  readonly timeZone: string;
}

/** Of all the spans that have passed, only the longest is told. */
const noDeal = ({ facts, rules, lastDay, timeZone }: Looking): readonly Warning[] => {
  const sign = lastSign(facts, timeZone);
  const passed = rules.noDealMonths.filter((months) => !sign || endOf(sign.day, months) <= lastDay);
  if (passed.length === 0) return [];
  const since = sign && (sign.deal ? { lastDealOn: sign.day } : { partnerSince: sign.day });
  return [{ kind: 'no_deal', about: String(Math.max(...passed)), ...since }];
};

const farBelow = (scorecard: Scorecard, { facts, rules }: Looking): readonly Warning[] =>
  scorecard.figures.flatMap(({ metric, target }): readonly Warning[] => {
    const exact = target === undefined ? undefined : metrics[metric].value(facts, [0]);
    if (!exact || target === undefined || reaches(exact, target, rules.farBelowTargetPercent)) return [];
    return [{ kind: 'far_below_target', about: metric }];
  });

const unusedFunds = ({ facts, rules }: Looking): readonly Warning[] => {
  const quarters = Array.from({ length: rules.unusedFundsQuarters }, (_, back) => back);
  const isUnused = (back: number): boolean =>
    tally(facts, ['mdf.budget'], [back]).sum > 0 && tally(facts, ['mdf.requested'], [back]).count === 0;
  return quarters.every(isUnused) ? [{ kind: 'unused_funds', about: String(rules.unusedFundsQuarters) }] : [];
};

const lastDays = new Map<string, Day>();

/** Found once for all partners of a run. */
const lastDayIn = (quarter: Quarter, fiscalYearStart: number): Day => {
  const name = `${quarter} ${fiscalYearStart}`;
  const day = lastDays.get(name) ?? lastDayOf(quarter, fiscalYearStart);
  lastDays.set(name, day);
  return day;
};

/** The early warnings of a partner and quarter. */
export const warningsOf = (
  of: PartnerFacts,
  program: Pick<Program, 'health' | 'fiscalYearStart' | 'timeZone'>,
  scorecard: Scorecard,
): readonly Warning[] => {
  const rules = program.health.warnings ?? defaultWarnings;
  const lastDay = lastDayIn(of.quarter, program.fiscalYearStart);
  const looking = { facts: factsByQuarter(of), rules, lastDay, timeZone: program.timeZone };
  const isAsked = !rules.notAskedForDeals.includes(of.profile.types[0] ?? '');
  return [...(isAsked ? noDeal(looking) : []), ...farBelow(scorecard, looking), ...unusedFunds(looking)];
};
