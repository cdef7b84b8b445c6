import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { big, type Fraction, helped, near, newest, wins } from '#test/kpis/recomputed-terms.ts';

/**
 * Scorecards once more, from PRODUCT §6 and the words of the program file and not from shared/scorecards: each figure of each quarter
 * filters the facts for itself, and colours are decided on fractions.
 */
export interface RecomputedFigure {
  readonly metric: string;
  readonly actual: number | undefined;
  readonly target: number | undefined;
  readonly rag: string;
  readonly trend: string | undefined;
  /** The quarter itself last; money in minor units. */
  readonly history: readonly (number | null)[];
}

/** As a program file writes it. */
export interface WrittenRule {
  readonly metric: string;
  readonly target: number | string;
  readonly amberFromPercent: number;
  readonly greenFromPercent: number;
}

export interface WrittenWarnings {
  readonly noDealMonths: readonly number[];
  readonly farBelowTargetPercent: number;
}

const joint: readonly FactKindId[] = [
  'enablement.session',
  'marketing.event',
  'marketing.campaign',
  'asset.one-pager',
  'asset.case-study',
  'deal.recommended',
  'lead.accepted',
  'mdf.approved',
];

type Figures = Readonly<Record<string, readonly [value: Fraction, decimals: number]>>;

const figuresOf = (facts: readonly Fact[]): Figures => {
  const those = (...kinds: readonly FactKindId[]) => facts.filter(({ kind }) => kinds.includes(kind));
  const count = (...kinds: readonly FactKindId[]): bigint => BigInt(those(...kinds).length);
  /** Others tell us of these: a quarter of which nobody told is not one of nothing. */
  const told = (kind: FactKindId): bigint => (count(kind) > 0n ? 1n : 0n);
  const sum = (...kinds: readonly FactKindId[]): bigint => big(those(...kinds).map(({ value }) => value));
  const nps = those('nps.answer').map(({ value }) => value);
  const balance = nps.filter((value) => value > 8).length - nps.filter((value) => value < 7).length;
  return {
    dealsSourced: [[count('deal.approved'), 1n], 0],
    pipelineSourced: [[sum('deal.approved'), 1n], 0],
    pipelineInfluenced: [[sum('deal.influenced'), 1n], 0],
    revenueClosed: [[sum(...wins), 1n], 0],
    revenueInfluenced: [[sum(...helped), 1n], 0],
    winRate: [[count(...wins) * 100n, count(...wins) + count('deal.lost')], 2],
    averageDealSize: [[sum(...wins), count(...wins)], 0],
    activeEngagements: [[count(...joint), 1n], 0],
    trainings: [[count('training.completed'), told('training.completed')], 0],
    certifications: [[count('certification.passed'), told('certification.passed')], 0],
    partnerNps: [[BigInt(balance) * 100n, BigInt(nps.length)], 0],
    satisfaction: [[sum('csat.answer'), count('csat.answer')], 2],
  };
};

const before = (quarter: string): string => {
  const [year = 0, number = 0] = quarter.split('-Q').map(Number);
  return number === 1 ? `${year - 1}-Q4` : `${year}-Q${number - 1}`;
};

const lastFour = (quarter: string): readonly string[] => {
  const quarters = [quarter];
  while (quarters.length < 4) quarters.unshift(before(quarters[0] ?? ''));
  return quarters;
};

/** `40,000.00 USD` in minor units; `partner` is what was agreed last for the quarter. */
const targetOf = (rule: WrittenRule, agreed: readonly Fact[]): number | undefined => {
  if (typeof rule.target === 'number') return rule.target;
  return rule.target === 'partner' ? newest(agreed)?.value : Number(rule.target.replace(/ [A-Z]+$|[.,]/g, ''));
};

/** Whether a value is at least so much of its target; two decimals are enough for both. */
const isAtLeast = ([part, whole]: Fraction, target: number, percent: number): boolean =>
  part * 10_000n >= BigInt(Math.round(target * 100)) * whole * BigInt(percent);

const ragOf = (value: Fraction, target: number | undefined, rule: WrittenRule | undefined): string => {
  if (value[1] === 0n || target === undefined || !rule) return 'none';
  if (isAtLeast(value, target, rule.greenFromPercent)) return 'green';
  return isAtLeast(value, target, rule.amberFromPercent) ? 'amber' : 'red';
};

const trendOf = (previous: number | null | undefined, actual: number | null | undefined): string | undefined => {
  if (typeof previous !== 'number' || typeof actual !== 'number') return undefined;
  return actual === previous ? 'level' : actual > previous ? 'up' : 'down';
};

const factsIn = ({ facts }: PartnerFacts, quarter: string): readonly Fact[] =>
  facts.filter((fact) => fact.quarter === quarter);

export const recomputeScorecard = (of: PartnerFacts, rules: readonly WrittenRule[]): readonly RecomputedFigure[] => {
  const quarters = lastFour(of.quarter).map((quarter) => figuresOf(factsIn(of, quarter)));
  const agreed = factsIn(of, of.quarter).filter(({ kind }) => kind === 'partner.target');
  return Object.entries(quarters.at(-1) ?? {}).map(([metric, [value]]) => {
    const rule = rules.find((each) => each.metric === metric);
    const target = rule && targetOf(rule, agreed);
    const history = quarters.map((figures) => {
      const [each = [0n, 0n] as const, decimals = 0] = figures[metric] ?? [];
      return each[1] === 0n ? null : near(each, decimals);
    });
    const trend = trendOf(history.at(-2), history.at(-1));
    return { metric, actual: history.at(-1) ?? undefined, target, rag: ragOf(value, target, rule), trend, history };
  });
};

const monthsLater = (day: string, months: number): string => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth))).toISOString().slice(0, day.length);
};

/** Canadians write days as we do. */
const dayThere = (seconds: number, timeZone: string): string =>
  new Date(seconds * 1000).toLocaleDateString('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });

/** Kinds of warnings and what each is about: months without a deal, or a figure. */
export const recomputeWarnings = (
  of: PartnerFacts,
  rules: {
    readonly scorecard: readonly WrittenRule[];
    readonly warnings: WrittenWarnings;
    readonly lastDay: string;
    readonly timeZone: string;
  },
): readonly string[] => {
  const seen = of.facts.filter(
    ({ kind, quarter }) =>
      quarter <= of.quarter && (kind.startsWith('deal.registered') || kind === 'deal.approved' || wins.includes(kind)),
  );
  const begun = of.facts.filter(({ kind }) => kind === 'partner.activated');
  const sign = newest(seen) ?? newest(begun);
  const day = sign && dayThere(sign.at, rules.timeZone);
  const passed = rules.warnings.noDealMonths.filter((months) => !day || monthsLater(day, months) <= rules.lastDay);
  const figures = figuresOf(factsIn(of, of.quarter));
  const far = recomputeScorecard(of, rules.scorecard).filter(({ metric, target }) => {
    const [value = [0n, 0n] as const] = figures[metric] ?? [];
    if (value[1] === 0n || target === undefined) return false;
    return !isAtLeast(value, target, rules.warnings.farBelowTargetPercent);
  });
  return [
    ...(passed.length > 0 ? [`no_deal ${Math.max(...passed)}`] : []),
    ...far.map(({ metric }) => `far_below_target ${metric}`),
  ];
};
