import type { Quarter } from '#shared/core/quarters.ts';
import { company, type Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import { isActive } from './active-partners.ts';
import { appsOf, lowestUptimeOf } from './app-measures.ts';
import { type FactsByKind, factsByKind, isLater, ofKind } from './facts-by-kind.ts';
import { addFacts, type ByPeriod, type CountAndSum, classOf, type Measures, noMeasures, tally } from './measures.ts';
import { type Membership, membershipOf } from './membership.ts';
import { type Periods, periodsOf, type Span } from './periods.ts';
import { retentionOf } from './retention.ts';

const wins: readonly FactKindId[] = ['deal.won.sourced.new', 'deal.won.sourced.expansion', 'deal.won.sourced.renewal'];

/** A partner, or the company by itself, and what is made of its facts. */
interface Work {
  readonly of: PartnerFacts;
  readonly facts: FactsByKind;
  readonly program: Program;
  readonly periods: Periods;
  readonly made: ByPeriod;
  readonly places: (quarter: Quarter, at?: number) => readonly Measures[];
}

const none: readonly Measures[] = [];

/** The measures that something of a quarter counts in; where its second matters, those of its month too. */
const placesIn = (periods: Periods, made: ByPeriod): Work['places'] => {
  const of = (...names: readonly string[]): readonly Measures[] => names.flatMap((name) => made[name] ?? []);
  const { year, quarter, months } = periods;
  const whole = of(year.name, quarter.name);
  const [first, second, third] = months.map(({ name }) => [...whole, ...of(name)]);
  const early = of(year.name);
  return (inQuarter, at) => {
    if (inQuarter !== quarter.name) return periods.quartersOfYear.includes(inQuarter) ? early : none;
    if (at === undefined) return whole;
    // Whatever its second, a fact of a quarter is in one of its months, so that months add up to quarters.
    if (at < months[1].from) return first ?? none;
    return (at < months[2].from ? second : third) ?? none;
  };
};

const addCounts = ({ facts: byKind, places }: Work): void => {
  for (const [kind, facts] of byKind) {
    const { code, standing } = kindOf(kind);
    if (standing) continue;
    for (const { quarter, at, value } of facts)
      for (const measures of places(quarter, at)) addFacts(measures.facts, code, [1, value]);
  }
};

/** Scores are revised: of each quarter the latest counts, in tenths of points. */
const addScores = (work: Work): void => {
  const latest = new Map<Quarter, Fact>();
  for (const fact of ofKind(work.facts, 'health.score'))
    if (isLater(fact, latest.get(fact.quarter))) latest.set(fact.quarter, fact);
  for (const [quarter, { value }] of latest)
    for (const measures of work.places(quarter)) {
      tally(measures, 'scored', 1);
      tally(measures, 'scoreTenths', value);
    }
};

/** Promoters answer 9 or 10, detractors 6 or less. */
const addAnswers = (work: Work): void => {
  for (const { value, quarter, at } of ofKind(work.facts, 'nps.answer')) {
    const side = value >= 9 ? 'promoters' : value <= 6 ? 'detractors' : undefined;
    if (side) for (const measures of work.places(quarter, at)) tally(measures, side, 1);
  }
};

const addRetention = (work: Work): void => {
  const sums = retentionOf(work.facts, work.of.quarter);
  for (const measures of work.places(work.of.quarter)) for (const [name, sum] of sums) tally(measures, name, sum);
};

/** Costs come by quarter, so what they are held against is kept by quarter within the year too. */
const addRevenueOfQuarters = ({ facts, periods, made }: Work): void => {
  const year = made[periods.year.name];
  for (const { quarter, value } of wins.flatMap((kind) => ofKind(facts, kind)))
    if (year && periods.quartersOfYear.includes(quarter)) tally(year, `revenue.${quarter}`, value);
};

const addMembership = (to: Measures, member: Membership, span: Span): void => {
  const atStart = member.isIn(span.from);
  tally(to, 'partners', member.isIn(span.until) ? 1 : 0);
  tally(to, 'partnersAtStart', atStart ? 1 : 0);
  tally(to, 'partnersLost', atStart && member.leftWithin(span) ? 1 : 0);
};

/** What is found by looking at the partner as a whole. */
const addPartner = ({ of, facts, program, made }: Work, member: Membership, span: Span): void => {
  const to = made[span.name];
  if (!to) return;
  const both = (kind: FactKindId): Readonly<CountAndSum> => to.facts[kindOf(kind).code] ?? [0, 0];
  const countOf = (kind: FactKindId): number =>
    kindOf(kind).standing ? ofKind(facts, kind).filter(({ value }) => value > 0).length : both(kind)[0];
  addMembership(to, member, span);
  tally(to, 'active', member.isIn(span.until) && isActive(of.profile.types, program.kpis, countOf) ? 1 : 0);
  tally(to, 'transacting', wins.some((kind) => both(kind)[0] > 0) ? 1 : 0);
  const revenueMinor = wins.reduce((sum, kind) => sum + both(kind)[1], 0);
  if (revenueMinor > 0) addFacts(to.classes, classOf(revenueMinor), [1, revenueMinor]);
  to.apps = appsOf(facts, span);
  const lowest = lowestUptimeOf(facts, span);
  if (lowest !== undefined) to.lowestUptime = lowest;
};

/**
 * What one partner, or the company by itself, did in the months of a quarter, in the quarter, and in its fiscal year so far. Facts in
 * any order give the same.
 */
export const measuresOf = (of: PartnerFacts, program: Program): ByPeriod => {
  const periods = periodsOf(of.quarter, program);
  const spans = [...periods.months, periods.quarter, periods.year];
  const made: ByPeriod = Object.fromEntries(spans.map(({ name }) => [name, noMeasures()]));
  const work: Work = {
    of,
    facts: factsByKind(of.facts, periods.quarter.until),
    program,
    periods,
    made,
    places: placesIn(periods, made),
  };
  addCounts(work);
  addScores(work);
  addAnswers(work);
  addRetention(work);
  addRevenueOfQuarters(work);
  if (of.partnerId === company) return made;
  const member = membershipOf(of.profile.status, work.facts);
  for (const span of spans) addPartner(work, member, span);
  return made;
};
