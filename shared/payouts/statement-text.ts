import { formatMoney, type Money } from '#shared/core/money.ts';
import type { StatementView } from './statement-contract.ts';
import { statementWords } from './statement-words.ts';

const dayLength = 'YYYY-MM-DD'.length;

/** A statement for a terminal: one line for each row, days in UTC. */
export const statementText = (view: StatementView): readonly string[] => {
  const words = statementWords[view.language];
  const { payout, onHold } = view;
  const row = (money: Money, text: string, at = ''): string =>
    `${formatMoney(money, view.language).padStart(18)}  ${at.slice(0, dayLength).padEnd(dayLength)}  ${text}`;
  const because = (reasons: readonly { readonly text: string }[]): string => reasons.map(({ text }) => text).join(' ');
  return [
    `${words.statement} ${view.period}, ${view.partnerName} (${view.partnerId}), ${words.of(view.from, view.to)}`,
    row(view.openingBalance, words.opening, view.from),
    ...view.lines.map(({ amount, text, at, earningId, payoutId }) =>
      row(amount, `${text} [${earningId ?? payoutId}]`, at),
    ),
    row(view.closingBalance, words.closing, view.asOf),
    row(onHold.total, words.held, view.asOf),
    `${words.payout}: ${payout.statusText}`,
    ...payout.broughtForward.map(({ period, amount, reasons }) =>
      row(amount, `${words.brought(period)}. ${because(reasons)}`),
    ),
    row(payout.earned, words.own),
    row(payout.due, words.due),
    ...(payout.amount ? [row(payout.amount, payout.statusText, payout.sentAt)] : []),
    ...payout.carriedOver.map(({ period, amount, reasons }) =>
      row(amount, `${words.carried(period)}. ${because(reasons)}`),
    ),
    row(payout.left, words.left),
  ];
};
