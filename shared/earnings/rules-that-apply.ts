import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { Participant, Sale } from './participant.ts';

/** A list that is not there limits nothing. */
const lets = <T>(list: readonly T[] | undefined, ...values: readonly T[]): boolean =>
  list === undefined || values.some((value) => list.includes(value));

type Person = Pick<Participant, 'types' | 'tier' | 'role'>;

/** Whether a rule is for partners like this one, in its role. */
export const isForPartner = (rule: IncentiveRule, { types, tier, role }: Person): boolean =>
  lets(rule.partnerTypes, ...types) && lets(rule.tiers, tier) && lets(rule.roles, role);

/** Whether a rule is for sales like this one. */
export const isForSale = (rule: IncentiveRule, sale: Omit<Sale, 'registeredBefore'>): boolean =>
  lets(rule.dealTypes, sale.dealType) &&
  lets(rule.productLines, sale.productLine) &&
  (rule.dealValueFrom === undefined || sale.value.amountMinor >= rule.dealValueFrom.amountMinor) &&
  (rule.dealValueBelow === undefined || sale.value.amountMinor < rule.dealValueBelow.amountMinor) &&
  (rule.period === undefined || (rule.period.from <= sale.closedOn && sale.closedOn <= rule.period.until));

const fits = (rule: IncentiveRule, sale: Sale, participant: Participant): boolean =>
  isForPartner(rule, participant) &&
  isForSale(rule, sale) &&
  (rule.registeredBeforeWon !== true || sale.registeredBefore);

/** An alternative is for those with whom it was agreed, and then stands in the place of the other rule. */
export const chosen = (rules: readonly IncentiveRule[], agreed: readonly string[]): readonly IncentiveRule[] => {
  const open = rules.filter((rule) => rule.alternativeTo === undefined || agreed.includes(rule.id));
  const replaced = new Set(open.map((rule) => rule.alternativeTo));
  return open.filter((rule) => !replaced.has(rule.id));
};

const rulesPer =
  (per: IncentiveRule['per']) =>
  ({ incentives }: Pick<Program, 'incentives'>, sale: Sale, participant: Participant): readonly IncentiveRule[] =>
    chosen(
      incentives.rules.filter((rule) => rule.per === per && fits(rule, sale, participant)),
      participant.agreed,
    );

/** The rules by which this partner earns with this sale. */
export const rulesThatApply = rulesPer('deal');

/** The rules by which it earns with what the customer of this sale reaches. */
export const milestoneRulesThatApply = rulesPer('milestone');

/** The rules by which it shares in what the customer of this sale uses, or owes us a share of it. */
export const usageRulesThatApply = rulesPer('usage');

/** The rate of a rule for a partner of this tier; undefined when it pays a flat amount, or the tier has no such rate. */
export const percentFor = (
  rule: IncentiveRule,
  tierId: string,
  { tiers }: Pick<Program, 'tiers'>,
): number | undefined => {
  if (rule.percent !== 'tier') return rule.percent;
  const benefits = tiers.find(({ id }) => id === tierId)?.benefits;
  return rule.kind === 'commission' ? benefits?.commissionPercent : benefits?.marginPercent;
};
