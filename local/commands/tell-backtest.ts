import { formatMoney } from '#shared/core/money.ts';
import type { Backtest, Compared } from '#shared/earnings/backtest.ts';

type Line = readonly [name: string, figures: Compared];

const headings = ['booked', 'under the file', 'difference'];

/** A table with the names on the left and figures on the right. */
const tableOf = (title: string, lines: readonly Line[], currency: string): readonly string[] => {
  const money = (amountMinor: number): string => formatMoney({ amountMinor, currency });
  const signed = (amountMinor: number): string => (amountMinor > 0 ? `+${money(amountMinor)}` : money(amountMinor));
  const rows = [
    [title, ...headings],
    ...lines.map(([name, { booked, replayed, difference }]) => [
      name,
      money(booked),
      money(replayed),
      signed(difference),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
};

/** A replay as people read it. */
export const tellBacktest = (result: Backtest): readonly string[] => {
  const { currency, quarters, budget, byPartner, total } = result;
  const money = (amountMinor: number): string => formatMoney({ amountMinor, currency });
  const of = (sign: number): number => byPartner.filter(({ difference }) => Math.sign(difference) === sign).length;
  const table = (title: string, lines: readonly Line[]) => [...tableOf(title, lines, currency), ''];
  return [
    `${quarters[0]} to ${quarters.at(-1)}: ${result.deals} won deals, as of ${result.asOf}.`,
    ...(result.isInForce ? ['The file says what the program in force says.'] : []),
    '',
    ...table('quarter', [
      ...result.byQuarter.map((each): Line => [each.quarter, each]),
      ['total', total],
      ['not paid by customers yet', result.pending],
    ]),
    `A quarter costs ${money(budget.from)} to ${money(budget.to)} under the file, ${money(budget.mean)} on average.`,
    '',
    ...table(
      'rule',
      result.byRule.map((each) => [each.rule, each]),
    ),
    ...table(
      'partner',
      byPartner.map((each) => [each.name, each]),
    ),
    `${of(1)} partners would win, ${of(-1)} would lose, ${of(0)} would have the same.`,
    ...result.notes,
  ];
};
