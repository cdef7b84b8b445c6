import type { Language } from '#shared/core/languages.ts';
import { formatMoney } from '#shared/core/money.ts';
import type { Earning } from './earning.ts';
import { formulaWords } from './formula-words.ts';
import { correctionRule } from './line-dispute.ts';
import { manualRule } from './manual-bonus.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The formula behind an amount in words, made of the figures that it was computed from. */
export const formulaOf = (
  earning: Pick<Earning, 'kind' | 'amount' | 'explanation' | 'reverses' | 'period'>,
  language: Language = 'en',
): string => {
  const { inputs } = earning.explanation;
  const words = formulaWords[language];
  const money = (amountMinor: number): string => formatMoney({ ...earning.amount, amountMinor }, language);
  const amount = formatMoney(earning.amount, language);
  const of = isNumber(inputs.of) ? inputs.of : 0;
  if (earning.kind === 'clawback' && isNumber(inputs.earned)) {
    const [refunded, earned] = [money(Number(inputs.refunded)), money(inputs.earned)];
    return words.refunded({ refunded, reverses: String(earning.reverses), earned, amount });
  }
  if (earning.kind === 'mdf-reimbursement')
    return words.approvedOfClaim({ amount, activityType: String(inputs.activityType) });
  if (earning.explanation.rule === manualRule) {
    const asked = isNumber(inputs.asked) ? words.askedFor({ asked: money(inputs.asked) }) : '';
    return words.manual({ asked, amount });
  }
  if (earning.explanation.rule === correctionRule) {
    const [was, right] = [money(Number(inputs.was)), money(Number(inputs.right))];
    return words.corrected({ corrects: String(inputs.corrects), was, right, amount });
  }
  const rate = isNumber(inputs.flat)
    ? words.flat({ flat: money(inputs.flat) })
    : words.percent({ percent: String(inputs.percent), of: money(of) });
  const { sharePercent, targetPercent } = inputs;
  const parts = [
    inputs.period === undefined ? rate : words.salesOf({ rate, period: inputs.period }),
    inputs.usageOf !== undefined && words.usage({ month: inputs.usageOf }),
    inputs.tier !== undefined && words.tier({ tier: inputs.tier }),
    isNumber(sharePercent) && words.share({ share: sharePercent }),
    isNumber(inputs.paid) && words.invoice({ paid: money(inputs.paid), of: money(of) }),
    inputs.milestone !== undefined && words.milestone({ milestone: inputs.milestone }),
    isNumber(inputs.salesFrom) && words.salesFrom({ salesFrom: money(inputs.salesFrom) }),
    isNumber(inputs.target) && words.target({ percent: String(targetPercent), target: money(inputs.target) }),
    isNumber(inputs.before) && words.before({ before: money(inputs.before) }),
    inputs.direction === 'to-us' && words.ours,
    inputs.budget !== undefined && words.usedUp,
  ].filter(Boolean);
  return `${parts.join(', ')}: ${amount}.`;
};
