import { formatMoney } from '#shared/core/money.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';

const enumerate = (words: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);

const baseOf: Readonly<Record<IncentiveRule['per'], string>> = {
  deal: 'of the deal',
  milestone: 'of the deal',
  usage: 'of what the customer uses each month',
  quarter: "of the quarter's sales",
  year: "of the year's sales",
};

/** The rates that tiers name, those that are the same said once. */
const tierRates = (rule: IncentiveRule, { tiers }: Program): string => {
  const rated = tiers.flatMap(({ id, name, benefits }) => {
    const percent = rule.kind === 'commission' ? benefits.commissionPercent : benefits.marginPercent;
    return percent === undefined || !(rule.tiers?.includes(id) ?? true) ? [] : [{ name, rate: `${percent} %` }];
  });
  const rates = new Set(rated.map(({ rate }) => rate));
  return rates.size === 1 ? [...rates].join() : rated.map(({ name, rate }) => `${rate} (${name})`).join(', ');
};

/** What a rule pays, in words. */
export const rateOf = (rule: IncentiveRule, program: Program): string => {
  const discount = rule.kind === 'margin-discount' ? ' as a discount' : '';
  const again = rule.recurring === 'each-invoice' ? ', with each invoice' : '';
  if (rule.flat)
    return `${formatMoney(rule.flat)}${rule.payTo === 'rep' ? ' to your rep' : ''}${rule.form === 'gift-card' ? ' as a gift card' : ''}${again}`;
  const rate = rule.percent === 'tier' ? tierRates(rule, program) : `${rule.percent} %`;
  const toUs = rule.direction === 'to-us' ? ', from you to us' : '';
  return `${rate} ${baseOf[rule.per]}${toUs}${discount}${again}`;
};

const namesOf = (
  ids: readonly string[] | undefined,
  things: readonly { id: string; name: string }[],
): string | undefined => ids && enumerate(ids.map((id) => things.find((thing) => thing.id === id)?.name ?? id));

/** For whom and for what a rule is, in words. */
export const ruleConditions = (rule: IncentiveRule, program: Program): string => {
  const { incentives, partnerTypes, tiers, productLines } = program;
  const types = namesOf(rule.partnerTypes, partnerTypes);
  const inTiers = namesOf(rule.tiers, tiers);
  const lines = namesOf(rule.productLines, productLines);
  const other = incentives.rules.find(({ id }) => id === rule.alternativeTo);
  const conditions = [
    types && `for ${types}`,
    inTiers && `in ${inTiers}`,
    rule.dealTypes && `on ${enumerate(rule.dealTypes)} deals`,
    lines && `on ${lines}`,
    rule.roles && `that you ${enumerate(rule.roles)}`,
    rule.dealValueFrom && `from a value of ${formatMoney(rule.dealValueFrom)}`,
    rule.dealValueBelow && `below a value of ${formatMoney(rule.dealValueBelow)}`,
    rule.salesFrom && `when they reach ${formatMoney(rule.salesFrom)}`,
    rule.targetPercentFrom &&
      (rule.targetPercentFrom === 100 ? 'when your target is met' : `from ${rule.targetPercentFrom} % of your target`),
    rule.milestone && `once the customer has reached "${rule.milestone}"`,
    rule.registeredBeforeWon && 'registered and approved before they are won',
    rule.period && `from ${rule.period.from} to ${rule.period.until}`,
    rule.budget && `while the budget of ${formatMoney(rule.budget)} lasts`,
    other && `instead of "${other.name}", where agreed`,
  ].filter(Boolean);
  return conditions.length > 0 ? conditions.join(', ') : 'always';
};
