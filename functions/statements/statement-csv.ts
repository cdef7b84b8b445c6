import { stringify } from 'csv-stringify/sync';
import { decimalOf, type Money } from '#shared/core/money.ts';
import type { StatementView } from '#shared/payouts/statement-contract.ts';
import { statementWords } from '#shared/payouts/statement-words.ts';

type Held = StatementView['onHold']['earnings'][number];

interface Row {
  readonly section: string;
  readonly at?: string | undefined;
  readonly text: string;
  readonly money: Money;
  readonly id?: string | undefined;
  readonly dealId?: string | undefined;
  readonly claimId?: string | undefined;
}

const rowsOf = (view: StatementView): readonly Row[] => {
  const words = statementWords[view.language];
  const { payout, onHold } = view;
  const held = (section: string, { earningId, holdUntil, text, amount }: Held): Row => ({
    section,
    at: holdUntil,
    text,
    money: amount,
    id: earningId,
  });
  const paid = [payout.statusText, payout.accountEndsWith && words.paidTo(payout.accountEndsWith), payout.reference];
  const because = (text: string, reasons: readonly { readonly text: string }[]): string =>
    [`${text}.`, ...reasons.map((reason) => reason.text)].join(' ');
  return [
    { section: words.opening, text: words.opening, money: view.openingBalance },
    ...view.lines.map(({ at, text, amount, earningId, payoutId, dealId, claimId }) => {
      return { section: words.moved, at, text, money: amount, id: earningId ?? payoutId, dealId, claimId };
    }),
    { section: words.closing, at: view.asOf, text: words.closing, money: view.closingBalance },
    ...onHold.earnings.map((earning) => held(words.held, earning)),
    ...payout.broughtForward.map(({ period, amount, reasons }) => {
      return { section: words.payout, text: because(words.brought(period), reasons), money: amount };
    }),
    { section: words.payout, text: words.own, money: payout.earned },
    ...payout.others.map((earning) => held(words.elsewhere, earning)),
    { section: words.payout, text: words.due, money: payout.due },
    ...(payout.amount
      ? [
          {
            section: words.payout,
            at: payout.sentAt,
            text: paid.filter(Boolean).join(', '),
            money: payout.amount,
            id: payout.payoutId,
          },
        ]
      : []),
    ...payout.carriedOver.map(({ period, amount, reasons }) => {
      return { section: words.payout, text: because(words.carried(period), reasons), money: amount };
    }),
    { section: words.payout, text: words.left, money: payout.left },
  ];
};

/** For a table on somebody's desk: one line each, amounts with a point, and nothing that a spreadsheet would take for a formula. */
export const statementCsv = (view: StatementView): string => {
  const words = statementWords[view.language];
  const head = [words.section, words.day, words.what, words.amount, words.currency, words.id, words.deal, words.claim];
  const rows = rowsOf(view).map(({ section, at, text, money, id, dealId, claimId }) => {
    return [section, at, text, money.amountMinor, money.currency, id, dealId, claimId];
  });
  const { currency } = view.closingBalance;
  return stringify([head, ...rows], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { number: (amountMinor) => decimalOf({ amountMinor, currency }) },
  });
};
