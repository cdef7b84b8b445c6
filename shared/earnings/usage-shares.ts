import { type Money, subtractMoney } from '#shared/core/money.ts';
import type { Program } from '#shared/program/program.ts';
import { amountOfRule, type Reckoned } from './amount-of-rule.ts';
import { type Earning, holdFrom, statementAt } from './earning.ts';
import { type About, earningOf } from './earning-of-rule.ts';
import type { Facts, Series } from './earnings-of-deal.ts';

/** A share that goes from the partner to us is below zero for the partner. */
const signed = (amount: Money, direction: Earning['direction']): Money =>
  direction === 'to-us' ? subtractMoney({ ...amount, amountMinor: 0 }, amount) : amount;

/**
 * What raises what a partner gets waits as the program says; what lowers it is a debt at once, as a clawback is, and is set against
 * what is payable.
 */
const owedFrom = (
  amount: Money,
  at: string,
  program: Program,
): Pick<Earning, 'status' | 'holdUntil' | 'statement'> => ({
  status: 'on_hold',
  ...(amount.amountMinor < 0
    ? { holdUntil: at, statement: statementAt('rev-share', at, program) }
    : holdFrom('rev-share', at, program)),
});

/**
 * The shares of what a customer used, fact by fact. Each fact has one earning; that of a correction is the difference to what was
 * reckoned of the month before, whichever way it goes. What is refunded to the customer takes nothing of it: usage is a fact of its own.
 */
export const usageSeries = (about: About, { participants }: Facts): readonly Series[] => {
  const { deal, rule, participant, program } = about;
  const zero: Money = { ...deal.value, amountMinor: 0 };
  const reckon = (amountMinor: number): Reckoned | undefined =>
    amountOfRule(rule, { ...zero, amountMinor }, { participant, participants, program });
  const soFar = new Map<string, Money>();
  const earnings = (deal.usage ?? []).flatMap(({ period, amountMinor, at }, index): Series['earnings'] => {
    const before = soFar.get(period);
    const now = reckon(amountMinor);
    const share = now?.amount ?? zero;
    soFar.set(period, share);
    const amount = signed(before ? subtractMoney(share, before) : share, rule.direction);
    if (amount.amountMinor === 0) return [];
    const inputs = {
      ...(now?.inputs ?? { of: amountMinor, percent: Number(rule.percent) }),
      usageOf: period,
      ...(before ? { before: before.amountMinor } : {}),
      ...(rule.direction ? { direction: rule.direction } : {}),
    };
    const earning: Earning = {
      ...earningOf(about, index + 1, { amount, inputs, createdAt: at }),
      ...owedFrom(amount, at, program),
      ...(rule.direction ? { direction: rule.direction } : {}),
    };
    return [[{ earning, at }]];
  });
  return earnings.length === 0 ? [] : [{ rule, partnerId: participant.partnerId, total: zero, earnings }];
};
