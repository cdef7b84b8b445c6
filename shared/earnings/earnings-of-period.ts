import { derivedId } from '#shared/core/ids.ts';
import { type Money, percentOf } from '#shared/core/money.ts';
import type { Targets } from '#shared/partners/partner.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, holdFrom, type Inputs, newEarning, statementAt } from './earning.ts';
import type { Participant } from './participant.ts';
import type { Period } from './periods.ts';
import { chosen, isForPartner, isForSale, percentFor } from './rules-that-apply.ts';

/** What a partner sold, as the rules look at it. */
export interface Sold {
  readonly amountMinor: number;
  readonly valueMinor: number;
  readonly dealType: 'new' | 'expansion' | 'renewal';
  readonly productLine: string;
  readonly closedOn: string;
  readonly role: Participant['role'];
}

/** A partner as it was at the end of a period, and what it sold in it. */
export interface Seller {
  readonly partnerId: string;
  readonly types: readonly string[];
  readonly tier: string;
  readonly agreed: readonly string[];
  readonly targets: Targets;
  readonly sales: readonly Sold[];
}

/** What a rule says of a whole period: how far the partner has come, and what it is owed if it has come far enough. */
export interface PeriodResult {
  readonly rule: IncentiveRule;
  readonly sales: Money;
  /** The sales from which on the rule pays; undefined where it needs a target that was never agreed. */
  readonly needed: Money | undefined;
  /** What it pays on these sales. */
  readonly amount: Money;
  readonly reached: boolean;
  readonly inputs: Inputs;
}

/** The partner's own target for all of the period; undefined unless each quarter of it has one. */
const targetFor = (targets: Targets, { quarters }: Period): number | undefined => {
  const amounts = quarters.map((quarter) => targets[quarter]?.amountMinor);
  return amounts.every((amount) => amount !== undefined) ? amounts.reduce((sum, amount) => sum + amount, 0) : undefined;
};

/** Minor units, rounded up: a target of 33 cents is reached at 150 % with 50 cents, not with 49. */
const shareOfTarget = (target: number, percent: number): number =>
  Number((BigInt(target) * BigInt(percent) + 99n) / 100n);

const neededFor = (rule: IncentiveRule, seller: Seller, period: Period): number | undefined => {
  const sales = rule.salesFrom?.amountMinor ?? 0;
  if (rule.targetPercentFrom === undefined) return sales;
  const target = targetFor(seller.targets, period);
  return target === undefined ? undefined : Math.max(sales, shareOfTarget(target, rule.targetPercentFrom));
};

const salesFor = (rule: IncentiveRule, seller: Seller, currency: string): number =>
  seller.sales
    .filter(
      (sale) =>
        isForPartner(rule, { ...seller, role: sale.role }) &&
        isForSale(rule, { ...sale, value: { amountMinor: sale.valueMinor, currency } }),
    )
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const resultOf = (
  rule: IncentiveRule,
  seller: Seller,
  { period, program }: { readonly period: Period; readonly program: Program },
): PeriodResult => {
  const { currency } = program;
  const sales = { amountMinor: salesFor(rule, seller, currency), currency };
  const needed = neededFor(rule, seller, period);
  const percent = percentFor(rule, seller.tier, program) ?? 0;
  const target = rule.targetPercentFrom === undefined ? undefined : targetFor(seller.targets, period);
  return {
    rule,
    sales,
    needed: needed === undefined ? undefined : { amountMinor: needed, currency },
    amount: rule.flat ?? percentOf(sales, percent),
    reached: needed !== undefined && sales.amountMinor > 0 && sales.amountMinor >= needed,
    inputs: {
      of: sales.amountMinor,
      ...(rule.flat ? { flat: rule.flat.amountMinor } : { percent }),
      ...(rule.percent === 'tier' ? { tier: seller.tier } : {}),
      period: period.name,
      ...(rule.salesFrom ? { salesFrom: rule.salesFrom.amountMinor } : {}),
      ...(target === undefined ? {} : { target, targetPercent: rule.targetPercentFrom ?? 100 }),
    },
  };
};

/** What each rule for such periods says of a partner, also where it has not come far enough. */
export const resultsOfPeriod = (
  seller: Seller,
  about: { readonly period: Period; readonly program: Program },
): readonly PeriodResult[] => {
  const { period, program } = about;
  const rules = program.incentives.rules.filter(
    (rule) =>
      rule.per === period.per &&
      rule.kind !== 'margin-discount' &&
      (isForPartner(rule, { ...seller, role: 'sourced' }) || isForPartner(rule, { ...seller, role: 'influenced' })),
  );
  return chosen(rules, seller.agreed).map((rule) => resultOf(rule, seller, about));
};

/** What has been booked for a partner by a rule for a period. */
export interface Booked {
  readonly count: number;
  readonly amountMinor: number;
  readonly first: string | undefined;
}

/** What is to be booked next, so that what was booked becomes what is owed; undefined when it is so already. */
export const nextEarningOfPeriod = (
  result: PeriodResult,
  booked: Booked,
  about: {
    readonly partnerId: string;
    readonly period: Period;
    readonly program: Program;
    readonly programVersion: number;
    readonly at: string;
  },
): Earning | undefined => {
  const { partnerId, period, program, programVersion, at } = about;
  const { rule } = result;
  const owed = result.reached ? result.amount.amountMinor : 0;
  const difference = owed - booked.amountMinor;
  if (difference === 0 || rule.kind === 'margin-discount') return undefined;
  const isBack = difference < 0;
  const hold = isBack
    ? { holdUntil: at, statement: statementAt('clawback', at, program) }
    : holdFrom(rule.kind, at, program);
  return newEarning({
    id: derivedId('ern', partnerId, rule.id, period.name, String(booked.count + 1)),
    status: 'on_hold',
    kind: isBack ? 'clawback' : rule.kind,
    partnerId,
    amount: { ...result.amount, amountMinor: difference },
    createdAt: at,
    period: period.name,
    ...hold,
    ...(isBack && booked.first ? { reverses: booked.first, reversesKind: rule.kind } : {}),
    explanation: {
      rule: rule.id,
      programVersion,
      inputs: { ...result.inputs, ...(booked.count > 0 ? { before: booked.amountMinor } : {}) },
    },
  });
};
