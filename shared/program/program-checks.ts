import { kpiFaults } from '#shared/kpis/kpi-checks.ts';
import { moneyKinds } from '#shared/program/approval-rules.ts';
import { healthFaults } from '#shared/program/health-checks.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import { payouts } from '#shared/program/payout-checks.ts';
import { planFaults } from '#shared/program/plan-checks.ts';
import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';
import { scorecards } from '#shared/program/scorecard-checks.ts';

type Path = readonly (string | number)[];

const fault = (path: Path, message: string): ProgramFault => ({ path, message });

/** Names what is there, so that a slip of the pen is seen at once. */
const oneOfThese = (ids: readonly string[]): string => `it must be one of ${ids.map((id) => `"${id}"`).join(', ')}`;

/** What a list of ids may name. */
interface Known {
  readonly noun: string;
  readonly ids: readonly string[];
}

const unknownIds = (used: readonly string[] | undefined, known: Known, path: Path): ProgramFault[] =>
  (used ?? []).flatMap((id, index) =>
    known.ids.includes(id)
      ? []
      : [fault([...path, index], `names the unknown ${known.noun} "${id}": ${oneOfThese(known.ids)}`)],
  );

const repeated = (ids: readonly string[], path: Path, key?: string): ProgramFault[] =>
  ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [fault([...path, index, ...(key ? [key] : [])], `repeats "${id}", which is already there`)],
  );

const idsOf = (things: readonly { readonly id: string }[]): string[] => things.map((thing) => thing.id);

const duplicates = (program: Program): ProgramFault[] => [
  ...repeated(program.regions, ['regions']),
  ...repeated(idsOf(program.partnerTypes), ['partnerTypes'], 'id'),
  ...repeated(idsOf(program.tiers), ['tiers'], 'id'),
  ...repeated(idsOf(program.productLines), ['productLines'], 'id'),
  ...repeated(idsOf(program.segments), ['segments'], 'id'),
  ...repeated(idsOf(program.territories), ['territories'], 'id'),
  ...repeated(idsOf(program.onboarding.evaluation), ['onboarding', 'evaluation'], 'id'),
  ...repeated(idsOf(program.incentives.rules), ['incentives', 'rules'], 'id'),
  ...repeated(idsOf(program.mdf.activityTypes), ['mdf', 'activityTypes'], 'id'),
  ...repeated(idsOf(program.payouts.taxForms ?? []), ['payouts', 'taxForms'], 'id'),
  ...repeated(idsOf(program.kpis?.targets ?? []), ['kpis', 'targets'], 'id'),
];

const references = (program: Program): ProgramFault[] => {
  const types: Known = { noun: 'partner type', ids: idsOf(program.partnerTypes) };
  const tiers: Known = { noun: 'tier', ids: idsOf(program.tiers) };
  const lines: Known = { noun: 'product line', ids: idsOf(program.productLines) };
  const segments: Known = { noun: 'segment', ids: idsOf(program.segments) };
  const rules = idsOf(program.incentives.rules);
  return [
    ...program.territories.flatMap(({ partners, customers }, index) => [
      ...unknownIds(partners.types, types, ['territories', index, 'partners', 'types']),
      ...unknownIds(customers.segments, segments, ['territories', index, 'customers', 'segments']),
    ]),
    ...program.incentives.rules.flatMap((rule, index) => {
      const path = ['incentives', 'rules', index];
      const others = rules.filter((id) => id !== rule.id);
      const unknownRule = rule.alternativeTo !== undefined && !others.includes(rule.alternativeTo);
      return [
        ...unknownIds(rule.partnerTypes, types, [...path, 'partnerTypes']),
        ...unknownIds(rule.tiers, tiers, [...path, 'tiers']),
        ...unknownIds(rule.productLines, lines, [...path, 'productLines']),
        ...(unknownRule
          ? [fault([...path, 'alternativeTo'], `names the unknown rule "${rule.alternativeTo}": ${oneOfThese(others)}`)]
          : []),
      ];
    }),
  ];
};

const isMoney = (value: object): value is { amountMinor: number; currency: string } => 'amountMinor' in value;

/** Every amount anywhere in the program. */
const currencies = (value: unknown, path: Path, currency: string): ProgramFault[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (isMoney(value))
    return value.currency === currency
      ? []
      : [fault(path, `is in ${value.currency}, but the program's currency is ${currency}`)];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) => currencies(child, [...path, key], currency));
};

const sums = (weights: readonly number[], path: Path): ProgramFault[] => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 100 ? [] : [fault(path, `must have weights that sum to 100, but they sum to ${sum}`)];
};

const order = (program: Program): ProgramFault[] => {
  const { tiers, deals, incentives } = program;
  const faults: ProgramFault[] = tiers.flatMap((tier, index) => {
    const below = tiers[index - 1];
    if (!below || tier.criteria.annualRevenue.amountMinor > below.criteria.annualRevenue.amountMinor) return [];
    return [
      fault(
        ['tiers', index, 'criteria', 'annualRevenue'],
        `must be more than that of "${below.id}": tiers go from the lowest to the highest`,
      ),
    ];
  });
  for (const [index, days] of deals.warningDays.entries())
    if (days >= deals.protectionDays)
      faults.push(
        fault(['deals', 'warningDays', index], `must be less than "protectionDays", which is ${deals.protectionDays}`),
      );
  for (const [index, { dealValueFrom, dealValueBelow, period }] of incentives.rules.entries()) {
    const path = ['incentives', 'rules', index];
    if (dealValueFrom && dealValueBelow && dealValueFrom.amountMinor >= dealValueBelow.amountMinor)
      faults.push(fault([...path, 'dealValueBelow'], 'must be more than "dealValueFrom"'));
    if (period && period.until < period.from)
      faults.push(fault([...path, 'period', 'until'], 'must not be before "from"'));
  }
  return faults;
};

/** A rule per milestone says which, pays once, and in no discount; no other rule names one. */
const milestoneFaults = ({ per, milestone, recurring, kind }: IncentiveRule, path: Path): ProgramFault[] => {
  if (per === 'usage') return [];
  if (per !== 'milestone')
    return milestone ? [fault([...path, 'milestone'], `is for rules per milestone, but this is one per ${per}`)] : [];
  return [
    ...(milestone ? [] : [fault(path, 'is reckoned per milestone and must have "milestone"')]),
    ...(recurring === 'each-invoice'
      ? [fault([...path, 'recurring'], 'cannot be "each-invoice": a milestone is reached once')]
      : []),
    ...(kind === 'margin-discount'
      ? [fault([...path, 'kind'], 'cannot be "margin-discount": what is paid up front waits for no milestone')]
      : []),
  ];
};

const notOfUsage = ['milestone', 'recurring', 'flat', 'budget', 'payTo', 'form'] as const;

/** A share of usage is a percentage that goes one way or the other, month by month; no other rule has a direction. */
const usageFaults = (rule: IncentiveRule, path: Path): ProgramFault[] => {
  const { per, kind, direction, percent } = rule;
  if (per !== 'usage')
    return direction ? [fault([...path, 'direction'], `is for rules per usage, but this is one per ${per}`)] : [];
  return [
    ...(direction ? [] : [fault(path, 'is reckoned per usage and must have "direction": "to-partner" or "to-us"')]),
    ...(kind === 'rev-share' ? [] : [fault([...path, 'kind'], 'must be "rev-share" for a rule per usage')]),
    ...(percent === 'tier'
      ? [fault([...path, 'percent'], 'must be a number for a rule per usage: tiers name no rate for it')]
      : []),
    ...notOfUsage
      .filter((name) => rule[name] !== undefined)
      .map((name) => fault([...path, name], 'cannot be said of a rule per usage, which is a percentage of each month')),
  ];
};

/** What is said of single deals cannot be said of a quarter's or a year's sales, and the other way round. */
const reckoning = ({ incentives }: Program): ProgramFault[] =>
  incentives.rules.flatMap((rule, index) => {
    const ofDeals = ['budget', 'recurring', 'registeredBeforeWon', 'payTo', 'form'] as const;
    const ofSales = ['salesFrom', 'targetPercentFrom'] as const;
    const isOfSales = rule.per === 'quarter' || rule.per === 'year';
    const [misplaced, of] = isOfSales ? [ofDeals, 'single deals'] : [ofSales, 'sales of a quarter or a year'];
    return [
      ...misplaced
        .filter((name) => (rule as Record<string, unknown>)[name] !== undefined)
        .map((name) =>
          fault(['incentives', 'rules', index, name], `is said of ${of}, but the rule is reckoned per ${rule.per}`),
        ),
      ...milestoneFaults(rule, ['incentives', 'rules', index]),
      ...usageFaults(rule, ['incentives', 'rules', index]),
    ];
  });

/** Lateness decides after the escalation, never before. */
const lateness = ({ deals, approvals: { deal_registration: rule } }: Program): ProgramFault[] =>
  deals.lateApproval.enabled && deals.lateApproval.afterBusinessDays < rule.dueAfterBusinessDays
    ? [
        fault(
          ['deals', 'lateApproval', 'afterBusinessDays'],
          `must not be less than "dueAfterBusinessDays" of deal registrations, which is ${rule.dueAfterBusinessDays}`,
        ),
      ]
    : [];

const daysOfWeek = 7;

/** Whatever is due after some business days would never be. */
const businessDays = ({ weekend }: Program): ProgramFault[] =>
  new Set(weekend).size < daysOfWeek ? [] : [fault(['weekend'], 'must leave at least one business day a week')];

const approvals = (program: Program): ProgramFault[] =>
  Object.entries(program.approvals).flatMap(([kind, rule]) => {
    const faults: ProgramFault[] = [];
    const { remindAfterBusinessDays: remind, dueAfterBusinessDays: due } = rule;
    if (remind >= due)
      faults.push(
        fault(
          ['approvals', kind, 'remindAfterBusinessDays'],
          `must be less than "dueAfterBusinessDays", which is ${due}`,
        ),
      );
    for (const [index, step] of rule.steps.entries()) {
      const path = ['approvals', kind, 'steps', index];
      if (step.moreAbove && step.moreAbove.decisions <= step.decisions)
        faults.push(
          fault([...path, 'moreAbove', 'decisions'], `must be more than "decisions", which is ${step.decisions}`),
        );
      if (step.role === 'admin' && (moneyKinds as readonly string[]).includes(kind))
        faults.push(
          fault([...path, 'role'], 'must not be "admin": whoever administers users approves nothing about money'),
        );
      if (index === 0 && step.onlyAbove)
        faults.push(fault([...path, 'onlyAbove'], 'cannot stand in the first step: somebody has to decide'));
    }
    return faults;
  });

/** What the fields of a well-formed program must have to do with each other; every fault, not only the first. */
export const checkProgram = (program: Program): ProgramFault[] => [
  ...duplicates(program),
  ...references(program),
  ...currencies(program, [], program.currency),
  ...sums(
    program.onboarding.evaluation.map((criterion) => criterion.weight),
    ['onboarding', 'evaluation'],
  ),
  ...healthFaults(program),
  ...order(program),
  ...reckoning(program),
  ...businessDays(program),
  ...approvals(program),
  ...lateness(program),
  ...payouts(program),
  ...scorecards(program),
  ...kpiFaults(program),
  ...planFaults(program),
];
