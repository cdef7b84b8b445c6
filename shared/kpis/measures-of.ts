import { company, type Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import { factsByQuarter, type PlacedFact } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import type { Program } from '#shared/program/program.ts';
import { isActive } from './active-partners.ts';
import { appsOf, lowestUptimeOf } from './app-measures.ts';
import { type FactsByKind, isLater, ofKind } from './facts-by-kind.ts';
import { addApps, addFact, type ByPeriod, classOf, type Measures, noMeasures, tally, usedTally } from './measures.ts';
import { type Membership, membershipOf } from './membership.ts';
import { type Periods, periodsOf, type Span } from './periods.ts';
import { retentionOf } from './retention.ts';

const wins: readonly FactKindId[] = ['deal.won.sourced.new', 'deal.won.sourced.expansion', 'deal.won.sourced.renewal'];

/** A partner, or the company by itself, as a run looks at it. */
export interface Looked extends PartnerFacts {
  /** The quarter's score, where a run has just found it: figures go with their scores, and it is not among the facts yet. */
  readonly points?: number;
}

/** A period, and what is added up in it. */
interface Part {
  readonly span: Span;
  readonly to: Measures;
}

/** What is looked at, and where it is added. */
interface Work {
  readonly of: Looked;
  readonly facts: FactsByKind;
  readonly program: Program;
  readonly periods: Periods;
  readonly year: Part;
  readonly parts: readonly Part[];
  /** The measures that something of so many quarters back counts in; where its second matters, those of its month too. */
  readonly places: (quartersBack: number, at?: number) => readonly Measures[];
}

const none: readonly Measures[] = [];

const workOn = (to: ByPeriod, of: Looked, program: Program): Work => {
  const periods = periodsOf(of.quarter, program);
  const { months, quartersOfYear } = periods;
  const part = (span: Span): Part => {
    to[span.name] ??= noMeasures();
    return { span, to: to[span.name] ?? noMeasures() };
  };
  const [year, quarter] = [part(periods.year), part(periods.quarter)];
  const [first, second, third] = [part(months[0]), part(months[1]), part(months[2])];
  const early = [year.to];
  const whole = [year.to, quarter.to];
  const [inFirst, inSecond, inThird] = [
    [...whole, first.to],
    [...whole, second.to],
    [...whole, third.to],
  ];
  return {
    of,
    facts: { sorted: factsByQuarter(of), until: periods.quarter.until },
    program,
    periods,
    year,
    parts: [year, quarter, first, second, third],
    places: (quartersBack, at) => {
      if (quartersBack < 0 || quartersBack >= quartersOfYear.length) return none;
      if (quartersBack > 0) return early;
      if (at === undefined) return whole;
      // Whatever its second, a fact of a quarter is in one of its months, so that months add up to quarters.
      if (at < months[1].from) return inFirst;
      return at < months[2].from ? inSecond : inThird;
    },
  };
};

const placesOf = ({ places }: Work, { fact, back }: PlacedFact): readonly Measures[] => places(back, fact.at);

const addCounts = (work: Work, scores: readonly PlacedFact[]): void => {
  const add = (code: string, those: readonly PlacedFact[]): void => {
    for (const placed of those) for (const { facts } of placesOf(work, placed)) addFact(facts, code, placed.fact.value);
  };
  for (const [kind, those] of work.facts.sorted.byKind) {
    const { code, standing } = kindOf(kind);
    if (!standing && kind !== 'health.score') add(code, those);
  }
  add(kindOf('health.score').code, scores);
};

const scoresOf = ({ facts, of: { partnerId, quarter, points } }: Work): readonly PlacedFact[] => {
  const told = facts.sorted.ofKind('health.score');
  if (points === undefined) return told;
  const fact: Fact = { partnerId, quarter, kind: 'health.score', id: '', value: points, at: 0 };
  return [...told.filter(({ back }) => back !== 0), { fact, back: 0 }];
};

/** Scores are revised: of each quarter the latest counts, in tenths of points. */
const addScores = ({ places }: Work, scores: readonly PlacedFact[]): void => {
  const latest = new Map<number, Fact>();
  for (const { fact, back } of scores) if (isLater(fact, latest.get(back))) latest.set(back, fact);
  for (const [back, fact] of latest)
    for (const measures of places(back)) {
      tally(measures, 'scored', 1);
      tally(measures, 'scoreTenths', fact.value);
    }
};

/** Promoters answer 9 or 10, detractors 6 or less. */
const addAnswers = (work: Work): void => {
  for (const placed of work.facts.sorted.ofKind('nps.answer')) {
    const { value } = placed.fact;
    const side = value >= 9 ? 'promoters' : value <= 6 ? 'detractors' : undefined;
    if (side) for (const measures of placesOf(work, placed)) tally(measures, side, 1);
  }
};

const addRetention = ({ facts, of, places }: Work): void => {
  const sums = retentionOf(facts, of.quarter);
  for (const measures of places(0)) for (const [name, sum] of sums) tally(measures, name, sum);
};

/** Costs come by quarter, so what they are held against is kept by quarter within the year too. */
const addRevenueOfQuarters = ({ facts, year, places }: Work): void => {
  for (const kind of wins)
    for (const { fact, back } of facts.sorted.ofKind(kind))
      if (places(back).includes(year.to)) tally(year.to, `revenue.${fact.quarter}`, fact.value);
};

const usesOfOffers: readonly FactKindId[] = ['earning.accrued', 'mdf.requested'];

/** How often something that the program offers was used in the quarter; what is taken back is no use. */
const addUses = ({ facts, periods, parts }: Work): void => {
  const quarter = parts.find(({ span }) => span === periods.quarter)?.to;
  for (const kind of usesOfOffers)
    for (const { fact, back } of facts.sorted.ofKind(kind))
      if (quarter && back === 0 && fact.about !== undefined && fact.value > 0) tally(quarter, usedTally(fact.about), 1);
};

const addMembership = ({ span, to }: Part, member: Membership): void => {
  const atStart = member.isIn(span.from);
  tally(to, 'partners', member.isIn(span.until) ? 1 : 0);
  tally(to, 'partnersAtStart', atStart ? 1 : 0);
  tally(to, 'partnersLost', atStart && member.leftWithin(span) ? 1 : 0);
};

/** What is found by looking at the partner as a whole. */
const addPartner = (work: Work, member: Membership, { span, to }: Part): void => {
  const { facts, of, program } = work;
  const isThere = (placed: PlacedFact): boolean => placesOf(work, placed).includes(to);
  const countOf = (kind: FactKindId): number =>
    kindOf(kind).standing
      ? ofKind(facts, kind).filter(({ value }) => value > 0).length
      : facts.sorted.ofKind(kind).filter(isThere).length;
  addMembership({ span, to }, member);
  tally(to, 'active', member.isIn(span.until) && isActive(of.profile.types, program.kpis, countOf) ? 1 : 0);
  let [sales, revenueMinor] = [0, 0];
  for (const kind of wins)
    for (const placed of facts.sorted.ofKind(kind))
      if (isThere(placed)) {
        sales += 1;
        revenueMinor += placed.fact.value;
      }
  tally(to, 'transacting', sales > 0 ? 1 : 0);
  if (revenueMinor > 0) addFact(to.classes, classOf(revenueMinor), revenueMinor);
};

/**
 * Adds what one partner, or the company by itself, did in the months of a quarter, in the quarter, and in its fiscal year so far. Facts in
 * any order give the same. Nothing is added of one at whom it throws.
 */
export const addMeasuresOf = (to: ByPeriod, of: Looked, program: Program): void => {
  const work = workOn(to, of, program);
  const spans = work.parts.map(({ span }) => span);
  const isPartner = of.partnerId !== company;
  const apps = isPartner ? appsOf(work.facts, spans) : [];
  const uptimes = isPartner ? spans.map((span) => lowestUptimeOf(work.facts, span)) : [];
  const scores = scoresOf(work);
  addCounts(work, scores);
  addScores(work, scores);
  addAnswers(work);
  addRetention(work);
  addRevenueOfQuarters(work);
  addUses(work);
  if (!isPartner) return;
  const member = membershipOf(of.profile.status, work.facts);
  for (const [index, part] of work.parts.entries()) {
    addPartner(work, member, part);
    addApps(part.to, apps[index] ?? [], uptimes[index]);
  }
};

/** The measures of one alone. */
export const measuresOf = (of: PartnerFacts, program: Program): ByPeriod => {
  const made: ByPeriod = {};
  addMeasuresOf(made, of, program);
  return made;
};
