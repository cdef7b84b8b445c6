import { type FactKindId, isFactKind } from '#shared/facts/fact-kinds.ts';
import type { ActiveRule, KpiRules } from './kpi-rules.ts';

const registers = ['deal.registered.new', 'deal.registered.expansion', 'deal.registered.renewal'];
const wins = ['deal.won.sourced.new', 'deal.won.sourced.expansion', 'deal.won.sourced.renewal'];
const helps = ['deal.influenced', 'deal.recommended'];
const markets = ['asset.one-pager', 'asset.case-study', 'marketing.event', 'marketing.campaign'];

/** When partners of a type are active, unless the program says otherwise. */
export const defaultActive: readonly ActiveRule[] = [
  { partnerTypes: ['referral', 'affiliate', 'influencer'], facts: [...registers, 'referral.returned'], atLeast: 1 },
  {
    partnerTypes: ['reseller', 'distributor', 'var', 'si', 'msp', 'agency'],
    facts: [...registers, ...wins, ...helps, 'lead.accepted'],
    atLeast: 1,
  },
  { partnerTypes: ['isv', 'oem'], facts: [...registers, ...helps, 'integration.users'], atLeast: 1 },
  {
    partnerTypes: ['alliance'],
    facts: [...registers, ...helps, ...markets, 'enablement.session', 'training.completed'],
    atLeast: 1,
  },
];

interface ActiveTest {
  readonly kinds: readonly FactKindId[];
  readonly atLeast: number;
}

const made = new WeakMap<object, ReadonlyMap<string, ActiveTest>>();
const whereNothingIsSaid: KpiRules = {};

/** By type; made once for each program, because it is asked for each partner. */
const testsOf = (rules: KpiRules): ReadonlyMap<string, ActiveTest> => {
  const known = made.get(rules);
  if (known) return known;
  const tests = new Map<string, ActiveTest>();
  for (const { partnerTypes, facts, atLeast } of [...defaultActive, ...(rules.active ?? [])])
    for (const type of partnerTypes) tests.set(type, { kinds: facts.filter(isFactKind), atLeast });
  made.set(rules, tests);
  return tests;
};

/** Whether a partner is active by the definition of any of its types. `countOf` counts its facts of a kind in the period. */
export const isActive = (
  types: readonly string[],
  rules: KpiRules | undefined,
  countOf: (kind: FactKindId) => number,
): boolean => {
  const tests = testsOf(rules ?? whereNothingIsSaid);
  return types.some((type) => {
    const test = tests.get(type);
    let missing = test?.atLeast ?? Number.POSITIVE_INFINITY;
    return test?.kinds.some((kind) => {
      missing -= countOf(kind);
      return missing <= 0;
    });
  });
};
