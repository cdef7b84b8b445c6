import { type Money, proportionOf, subtractMoney } from '#shared/core/money.ts';
import { dayOf } from '#shared/core/time.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { amountOfRule, type Reckoned } from './amount-of-rule.ts';
import { clawbacksOf } from './clawbacks.ts';
import { type Earning, holdFrom } from './earning.ts';
import { type About, earningOf } from './earning-of-rule.ts';
import type { Participant, Sale } from './participant.ts';
import { milestoneRulesThatApply, rulesThatApply, usageRulesThatApply } from './rules-that-apply.ts';
import { type Paid, paidOf, type Tranche } from './tranches.ts';
import { usageSeries } from './usage-shares.ts';

/** A state that an earning should have been in, and the instant of what brought it there. */
export interface Wanted {
  readonly earning: Earning;
  readonly at: string;
}

/**
 * What one partner earns with one deal by one rule: for each earning the states it should have been through, the last one being
 * that of now. Pure: the same deal gives the same, whenever and however often it is asked.
 */
export interface Series {
  readonly rule: IncentiveRule;
  readonly partnerId: string;
  /** All of it, were it paid in full. */
  readonly total: Money;
  readonly earnings: readonly (readonly [Wanted, ...Wanted[]])[];
}

/** What earnings are reckoned by: the rules that the deal was registered under, and its partners as they were when it was won. */
export interface Facts {
  readonly program: Program;
  readonly participants: readonly Participant[];
}

/** A won deal; what is not won earns nothing. */
export type WonDeal = Deal & { readonly wonAt: string; readonly closedOn: string };

export const isWon = (deal: Deal): deal is WonDeal =>
  deal.status === 'won' && deal.wonAt !== undefined && deal.closedOn !== undefined;

export const saleOf = (deal: WonDeal, { timeZone }: Pick<Program, 'timeZone'>): Sale => ({
  dealType: deal.dealType,
  productLine: deal.productLine,
  value: deal.value,
  closedOn: deal.closedOn,
  registeredBefore: deal.approvedAt !== undefined && dayOf(deal.approvedAt, timeZone) <= deal.closedOn,
});

const accrued = (earning: Earning, at: string, { program }: About): Earning => ({
  ...earning,
  status: 'on_hold',
  ...holdFrom(earning.kind, at, program),
});

/** What one payment earns; its number among the earnings of the rule never changes. */
interface Share extends Reckoned {
  readonly tranche: Tranche;
  readonly number: number;
  readonly createdAt: string;
}

const paidEarning = (about: About, share: Share): Series['earnings'] => {
  const { at } = share.tranche.payment;
  return clawbacksOf(
    { earning: accrued(earningOf(about, share.number, share), at, about), at },
    share.tranche,
    about.program,
  );
};

/** What a total earns up to so much of the value having been paid. */
const earnedUpTo = (total: Money, paidMinor: number, valueMinor: number): Money =>
  paidMinor >= valueMinor ? total : proportionOf(total, paidMinor, valueMinor);

/** The payments' shares of a total, which add up to it; a payment too small to earn a cent leaves what waits as it is. */
const sharesOf = (about: About, total: Reckoned, { tranches }: Paid): readonly Share[] => {
  const valueMinor = about.deal.value.amountMinor;
  const shares: Share[] = [];
  let soFar = 0;
  for (const tranche of tranches) {
    const paid = tranche.payment.amountMinor;
    const before = earnedUpTo(total.amount, soFar, valueMinor);
    soFar += paid;
    const amount = subtractMoney(earnedUpTo(total.amount, soFar, valueMinor), before);
    if (amount.amountMinor === 0) continue;
    const inputs = { ...total.inputs, ...(paid < valueMinor ? { paid } : {}) };
    const createdAt = shares.at(-1)?.tranche.payment.at ?? about.deal.wonAt;
    shares.push({ amount, inputs, tranche, number: shares.length + 1, createdAt });
  }
  return shares;
};

/** What is still to be paid waits as one more earning, reduced or reversed when the customer will not pay it any more. */
const restEarning = (
  about: About,
  { amount: total, inputs }: Reckoned,
  { paid, shares }: { readonly paid: Paid; readonly shares: readonly Share[] },
): Series['earnings'] => {
  const { deal } = about;
  const valueMinor = deal.value.amountMinor;
  const soFar = paid.tranches.reduce((sum, { payment }) => sum + payment.amountMinor, 0);
  const earned = earnedUpTo(total, soFar, valueMinor);
  const whole = subtractMoney(total, earned);
  if (whole.amountMinor === 0) return [];
  const createdAt = shares.at(-1)?.tranche.payment.at ?? deal.wonAt;
  const first = { earning: earningOf(about, shares.length + 1, { amount: whole, inputs, createdAt }), at: createdAt };
  const at = paid.cancelledAt;
  if (at === undefined) return [[first]];
  const amount = subtractMoney(earnedUpTo(total, soFar + paid.openMinor, valueMinor), earned);
  if (amount.amountMinor > 0) return [[first, { earning: { ...first.earning, amount }, at }]];
  return [[first, { earning: { ...first.earning, status: 'reversed', reason: 'The customer will not pay.' }, at }]];
};

const onceEarnings = (about: About, total: Reckoned, paid: Paid): Series['earnings'] => {
  const shares = sharesOf(about, total, paid);
  return [...shares.flatMap((share) => paidEarning(about, share)), ...restEarning(about, total, { paid, shares })];
};

/** A rule that pays again with each invoice reckons on the invoice alone. */
const invoiceEarnings = (
  about: About,
  reckon: (base: Money) => Reckoned | undefined,
  { tranches }: Paid,
): Series['earnings'] =>
  tranches.flatMap((tranche, index) => {
    const { amountMinor, at } = tranche.payment;
    const invoice = reckon({ ...about.deal.value, amountMinor });
    return invoice ? paidEarning(about, { ...invoice, tranche, number: index + 1, createdAt: at }) : [];
  });

const seriesOf = (about: About, { participants }: Facts): Series | undefined => {
  const { deal, rule, participant, program } = about;
  const { clawbackDays, earnedWhen } = program.incentives;
  const terms = { valueMinor: deal.value.amountMinor, clawbackDays };
  const reckon = (base: Money) => amountOfRule(rule, base, { participant, participants, program });
  const total = reckon(deal.value);
  if (!total) return undefined;
  const made = { rule, partnerId: participant.partnerId, total: total.amount };
  const refunds = deal.refunds ?? [];
  const paid = paidOf(deal.payments ?? [], refunds, terms);
  if (rule.recurring === 'each-invoice') return { ...made, earnings: invoiceEarnings(about, reckon, paid) };
  if (earnedWhen === 'invoice-paid') return { ...made, earnings: onceEarnings(about, total, paid) };
  // Earned when won: as if the customer had paid everything on that day.
  const whole = { amountMinor: terms.valueMinor, paidOn: deal.closedOn, at: deal.wonAt };
  const sinceWon = refunds.map((refund) => ({ ...refund, afterPayments: 1 }));
  return { ...made, earnings: onceEarnings(about, total, paidOf([whole], sinceWon, terms)) };
};

/** What the customer reached is earned at once, and on hold; what is given back later takes nothing of it, for the work was done. */
const milestoneSeries = (about: About, { participants }: Facts): readonly Series[] => {
  const { deal, rule, participant, program } = about;
  const reached = deal.milestones?.find(({ milestone }) => milestone === rule.milestone);
  const total = reached && amountOfRule(rule, deal.value, { participant, participants, program });
  if (!total) return [];
  const { at, milestone } = reached;
  const inputs = { ...total.inputs, milestone };
  const earning = accrued(earningOf(about, 1, { amount: total.amount, inputs, createdAt: at }), at, about);
  return [{ rule, partnerId: participant.partnerId, total: total.amount, earnings: [[{ earning, at }]] }];
};

/**
 * What a deal earns, partner by partner and rule by rule; nothing while it is not won. One that was won for nothing earns with what its
 * customer uses.
 */
export const earningsOf = (deal: Deal, facts: Facts): readonly Series[] => {
  if (!isWon(deal)) return [];
  const { program, participants } = facts;
  const sale = saleOf(deal, program);
  const isFree = deal.value.amountMinor === 0;
  return participants.flatMap((participant) => {
    const about = (rule: IncentiveRule): About => ({ deal, rule, participant, program });
    const ofDeal = isFree ? [] : rulesThatApply(program, sale, participant);
    const ofMilestones = isFree ? [] : milestoneRulesThatApply(program, sale, participant);
    return [
      ...ofDeal.filter(({ kind }) => kind !== 'margin-discount').flatMap((rule) => seriesOf(about(rule), facts) ?? []),
      ...ofMilestones.flatMap((rule) => milestoneSeries(about(rule), facts)),
      ...usageRulesThatApply(program, sale, participant).flatMap((rule) => usageSeries(about(rule), facts)),
    ];
  });
};
