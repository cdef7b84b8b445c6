import { derivedId } from '#shared/core/ids.ts';
import { type Money, proportionOf, subtractMoney } from '#shared/core/money.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, newEarning, statementAt } from './earning.ts';
import type { Series, Wanted } from './earnings-of-deal.ts';
import type { Tranche } from './tranches.ts';

/** What is taken back of an earning, and when and why. */
interface Taken {
  readonly amount: Money;
  readonly at: string;
  readonly refundedMinor: number;
  readonly number: number;
  readonly forFraud?: true | undefined;
}

/** What takes an amount back from an earning, payable at once: the refund is a fact already. */
export const clawbackOf = (
  earning: Earning,
  taken: Taken,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): Wanted => ({
  at: taken.at,
  earning: newEarning({
    id: derivedId('ern', earning.id, 'clawback', String(taken.number)),
    status: 'on_hold',
    kind: 'clawback',
    partnerId: earning.partnerId,
    ...(earning.dealId ? { dealId: earning.dealId } : {}),
    ...(earning.period ? { period: earning.period } : {}),
    amount: { ...taken.amount, amountMinor: -taken.amount.amountMinor },
    createdAt: taken.at,
    holdUntil: taken.at,
    statement: statementAt('clawback', taken.at, program),
    reverses: earning.id,
    reversesKind: earning.kind,
    ...(taken.forFraud ? { forFraud: taken.forFraud } : {}),
    explanation: {
      rule: earning.explanation.rule,
      programVersion: earning.explanation.programVersion,
      inputs: { earned: earning.amount.amountMinor, refunded: taken.refundedMinor },
    },
  }),
});

/**
 * What became of an earning once the customer got money back. All of it while it is on hold: it is reversed. In any other case what
 * was earned stays, and a negative earning takes its part back; the parts add up to the whole when everything is refunded.
 */
export const clawbacksOf = (
  accrued: Wanted,
  { payment, takings }: Tranche,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): Series['earnings'] => {
  const { earning } = accrued;
  const within = takings.filter(({ takesBack }) => takesBack);
  const [first] = within;
  if (first && first.amountMinor === payment.amountMinor && first.refund.at < (earning.holdUntil ?? '')) {
    const reason = first.refund.kind === 'churn' ? 'The customer left.' : 'The customer got its money back.';
    const { at, forFraud } = first.refund;
    // It may be too late to reverse it; then it is taken back for the same reason.
    const reversed: Earning = { ...earning, status: 'reversed', reason, ...(forFraud ? { forFraud } : {}) };
    return [[accrued, { earning: reversed, at }]];
  }
  let soFar = 0;
  const clawbacks = within.flatMap(({ refund, number, amountMinor }): Series['earnings'] => {
    const before = proportionOf(earning.amount, soFar, payment.amountMinor);
    soFar += amountMinor;
    const amount = subtractMoney(proportionOf(earning.amount, soFar, payment.amountMinor), before);
    if (amount.amountMinor === 0) return [];
    const { at, forFraud } = refund;
    return [[clawbackOf(earning, { amount, at, refundedMinor: amountMinor, number, forFraud }, program)]];
  });
  return [[accrued], ...clawbacks];
};
