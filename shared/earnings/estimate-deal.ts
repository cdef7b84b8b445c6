import { addMoney, compareMoney, type Money, subtractMoney } from '#shared/core/money.ts';
import type { Partner } from '#shared/partners/partner.ts';
import type { Program } from '#shared/program/program.ts';
import { amountOfRule } from './amount-of-rule.ts';
import { discountsOf } from './discount.ts';
import type { Estimate } from './earning-contract.ts';
import { resultsOfPeriod, type Seller, type Sold } from './earnings-of-period.ts';
import { formulaOf } from './formula.ts';
import { type Participant, participantOf, type Sale } from './participant.ts';
import { type Period, periodsOf } from './periods.ts';
import { rulesThatApply, usageRulesThatApply } from './rules-that-apply.ts';

/** A deal that is not registered yet, as a partner thinks of it. */
export interface Idea {
  readonly productLine: string;
  readonly dealType: Sale['dealType'];
  readonly value: Money;
  /** When it would close. */
  readonly closedOn: string;
  readonly role: Participant['role'];
}

/** Who asks, under which rules, and what it has sold in the fiscal year in which the deal would close. */
export interface Asking {
  readonly partner: Partner;
  readonly program: Program;
  readonly sales: readonly Sold[];
}

const dealEarnings = (sale: Sale, participant: Participant, program: Program): Estimate['earnings'] =>
  rulesThatApply(program, sale, participant).flatMap((rule): Estimate['earnings'] => {
    if (rule.kind === 'margin-discount') return [];
    const reckoned = amountOfRule(rule, sale.value, { participant, participants: [participant], program });
    if (!reckoned) return [];
    const { amount, inputs } = reckoned;
    const explanation = { rule: rule.id, programVersion: 1, inputs };
    const again = rule.recurring === 'each-invoice' ? { recurring: 'each-invoice' as const } : {};
    const text = formulaOf({ kind: rule.kind, amount, explanation });
    return [{ rule: rule.id, name: rule.name, kind: rule.kind, amount, text, ...again }];
  });

const usageShares = (sale: Sale, participant: Participant, program: Program): Estimate['usage'] =>
  usageRulesThatApply(program, sale, participant).flatMap(({ id, name, direction, percent }): Estimate['usage'] => {
    if (direction === undefined || typeof percent !== 'number') return [];
    const share = `${percent} % of what the customer uses each month`;
    const text =
      direction === 'to-us' ? `${share} goes to us and is set against what we owe you.` : `${share} goes to you.`;
    return [{ rule: id, name, direction, percent, text }];
  });

const zero = (currency: string): Money => ({ amountMinor: 0, currency });
const missing = (from: Money, sales: Money): Money =>
  compareMoney(from, sales) > 0 ? subtractMoney(from, sales) : zero(from.currency);

const tierOf = (partner: Partner, { tiers, currency }: Program, sold: readonly Sold[]): Estimate['tier'] => {
  const sales = { amountMinor: sold.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency };
  const next = tiers[tiers.findIndex(({ id }) => id === partner.tier) + 1];
  if (!next) return { current: partner.tier, sales };
  const from = next.criteria.annualRevenue;
  return { current: partner.tier, sales, next: { tier: next.id, from, missing: missing(from, sales) } };
};

const goalsOf = (seller: Seller, period: Period, program: Program): Estimate['goals'] =>
  resultsOfPeriod(seller, { period, program }).map(({ rule, sales, needed, amount, reached }) => ({
    rule: rule.id,
    name: rule.name,
    kind: rule.kind,
    period: period.name,
    sales,
    reached,
    ...(needed ? { needed, missing: missing(needed, sales) } : {}),
    ...(reached ? { amount } : {}),
  }));

/**
 * What a deal would earn by which rule, were it registered now and won as it is thought of, and how far the partner would be with it
 * from its next tier and from what quarters and years pay.
 */
export const estimateDeal = (idea: Idea, { partner, program, sales }: Asking): Estimate => {
  const { role, closedOn, value, dealType, productLine } = idea;
  const part = { partnerId: partner.id, role, sharePercent: role === 'sourced' ? 100 : 0 };
  const participant = participantOf(part, partner);
  const sale: Sale = { dealType, productLine, value, closedOn, registeredBefore: true };
  const counted = role === 'sourced' ? value.amountMinor : 0;
  const sold = [...sales, { ...sale, role, amountMinor: counted, valueMinor: value.amountMinor }];
  const earnings = dealEarnings(sale, participant, program);
  const goals = periodsOf(closedOn, program).flatMap((period) => {
    const inPeriod = sold.filter((it) => period.from <= it.closedOn && it.closedOn <= period.until);
    const { types, tier, agreedIncentives: agreed = [], targets = {} } = partner;
    return goalsOf({ partnerId: partner.id, types, tier, agreed, targets, sales: inPeriod }, period, program);
  });
  return {
    earnings,
    total: earnings.reduce((sum, { amount }) => addMoney(sum, amount), zero(value.currency)),
    discounts: [...discountsOf(program, sale, participant)],
    tier: tierOf(partner, program, sold),
    usage: usageShares(sale, participant, program),
    goals,
  };
};
