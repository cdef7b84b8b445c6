import { formatMoney } from '#shared/core/money.ts';
import type { Earning } from './earning.ts';
import { manualRule } from './manual-bonus.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The formula behind an amount in words, made of the figures that it was computed from. */
export const formulaOf = (
  earning: Pick<Earning, 'kind' | 'amount' | 'explanation' | 'reverses' | 'period'>,
): string => {
  const { inputs } = earning.explanation;
  const money = (amountMinor: number): string => formatMoney({ ...earning.amount, amountMinor });
  const amount = formatMoney(earning.amount);
  const of = isNumber(inputs.of) ? inputs.of : 0;
  if (earning.kind === 'clawback' && isNumber(inputs.earned))
    return `The customer was refunded ${money(Number(inputs.refunded))} after ${earning.reverses} of ${money(inputs.earned)} was earned: ${amount}.`;
  if (earning.kind === 'mdf-reimbursement')
    return `${amount} was approved of the claim, for an activity of type ${inputs.activityType}.`;
  if (earning.explanation.rule === manualRule) {
    const asked = isNumber(inputs.asked) ? `, ${money(inputs.asked)} of which was asked for` : '';
    return `A bonus by no rule: our staff asked for it, and it is owed once somebody else has approved it${asked}: ${amount}.`;
  }
  const rate = isNumber(inputs.flat) ? `${money(inputs.flat)} flat` : `${inputs.percent} % of ${money(of)}`;
  const parts = [
    inputs.period === undefined ? rate : `${rate}, the sales of ${inputs.period}`,
    inputs.usageOf !== undefined && `what the customer used in ${inputs.usageOf}`,
    inputs.tier !== undefined && `the rate of tier ${inputs.tier}`,
    isNumber(inputs.sharePercent) && `of which ${inputs.sharePercent} % is this partner's share`,
    isNumber(inputs.paid) && `for the ${money(inputs.paid)} of ${money(of)} that the customer paid with this invoice`,
    inputs.milestone !== undefined && `because the customer reached "${inputs.milestone}"`,
    isNumber(inputs.salesFrom) && `because sales reached ${money(inputs.salesFrom)}`,
    isNumber(inputs.target) &&
      `because sales reached ${inputs.targetPercent} % of the target of ${money(inputs.target)}`,
    isNumber(inputs.before) && `less ${money(inputs.before)} that was booked before`,
    inputs.direction === 'to-us' && 'which is our share by your agreement and is set against what we owe you',
    inputs.budget !== undefined && 'but the budget of this incentive was used up',
  ].filter(Boolean);
  return `${parts.join(', ')}: ${amount}.`;
};
