import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { Language } from '#shared/core/languages.ts';
import { formatMoney, type Money } from '#shared/core/money.ts';
import { type Day, dayOf, type Instant } from '#shared/core/time.ts';
import type { StatementView } from '#shared/payouts/statement-contract.ts';
import { statementWords } from '#shared/payouts/statement-words.ts';
import { pdfColours, pdfOf, pdfTable } from '#shared/platform/pdf.ts';

const { accent, quiet } = pdfColours;

interface Writing {
  readonly view: StatementView;
  readonly day: (at: Instant | Day) => string;
  readonly money: (amount: Money) => string;
}

const writingOf = (view: StatementView, timeZone: string): Writing => {
  const locale: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
  const format = new Intl.DateTimeFormat(locale[view.language], { dateStyle: 'medium', timeZone: 'UTC' });
  const dayLength = 'YYYY-MM-DD'.length;
  return {
    view,
    day: (at) => format.format(Date.parse(at.length === dayLength ? at : dayOf(at, timeZone))),
    money: (amount) => formatMoney(amount, view.language),
  };
};

const heading = (text: string): Content => ({
  text,
  fontSize: 14,
  bold: true,
  color: accent,
  margin: [0, 14, 0, 6],
  headlineLevel: 1,
});

const cell = (text: string, more: Record<string, unknown> = {}): TableCell => ({ text, ...more });
const right = { alignment: 'right', noWrap: true } as const;

/** Three columns: a day, what it is, an amount; rows in bold are sums. */
const tableOf = (
  head: readonly [string, string, string],
  rows: readonly { readonly day: string; readonly text: string; readonly amount: string; readonly bold?: true }[],
): Content => ({
  table: {
    headerRows: 1,
    dontBreakRows: true,
    keepWithHeaderRows: 1,
    widths: [66, '*', 'auto'],
    body: [
      head.map((text, column) => cell(text, { bold: true, color: '#ffffff', ...(column === 2 ? right : {}) })),
      ...rows.map(({ day, text, amount, bold = false }) => [
        cell(day, { noWrap: true }),
        cell(text, { bold }),
        cell(amount, { ...right, bold }),
      ]),
    ],
  },
  layout: pdfTable,
  fontSize: 9.5,
  margin: [0, 2, 0, 10],
});

const accountOf = ({ view, day, money }: Writing): Content[] => {
  const words = statementWords[view.language];
  return [
    heading(words.moved),
    tableOf(
      [words.day, words.what, words.amount],
      [
        { day: day(view.from), text: words.opening, amount: money(view.openingBalance), bold: true },
        ...view.lines.map(({ at, text, amount }) => ({ day: day(at), text, amount: money(amount) })),
        ...(view.lines.length === 0 ? [{ day: '', text: words.nothingMoved, amount: '' }] : []),
        { day: day(view.asOf), text: words.closing, amount: money(view.closingBalance), bold: true },
      ],
    ),
  ];
};

const payoutOf = ({ view, day, money }: Writing): Content[] => {
  const words = statementWords[view.language];
  const { payout } = view;
  const because = (text: string, reasons: readonly { readonly text: string }[]): string =>
    [`${text}.`, ...reasons.map((reason) => reason.text)].join(' ');
  const paid = [
    payout.statusText,
    payout.accountEndsWith && words.paidTo(payout.accountEndsWith),
    payout.reference && `${words.reference} ${payout.reference}`,
    payout.payoutId,
  ];
  const end = payout.endedAt ?? payout.sentAt;
  return [
    heading(words.payout),
    tableOf(
      [words.day, words.what, words.amount],
      [
        ...payout.broughtForward.map(({ period, amount, reasons }) => {
          return { day: '', text: because(words.brought(period), reasons), amount: money(amount) };
        }),
        { day: '', text: words.own, amount: money(payout.earned) },
        ...payout.others.map(({ text, amount, holdUntil }) => {
          return { day: holdUntil ? day(holdUntil) : '', text: `${words.elsewhere}: ${text}`, amount: money(amount) };
        }),
        { day: day(view.to), text: words.due, amount: money(payout.due), bold: true },
        ...(payout.amount
          ? [{ day: end ? day(end) : '', text: paid.filter(Boolean).join(', '), amount: money(payout.amount) }]
          : []),
        ...(payout.failure ? [{ day: '', text: payout.failure, amount: '' }] : []),
        ...payout.carriedOver.map(({ period, amount, reasons }) => {
          return { day: '', text: because(words.carried(period), reasons), amount: money(amount) };
        }),
        { day: '', text: words.left, amount: money(payout.left), bold: true },
      ],
    ),
  ];
};

const heldOf = ({ view, day, money }: Writing): Content[] => {
  const words = statementWords[view.language];
  const { earnings, total } = view.onHold;
  if (earnings.length === 0) return [];
  return [
    heading(words.held),
    tableOf(
      [words.until, words.what, words.amount],
      [
        ...earnings.map(({ holdUntil, text, amount }) => {
          return {
            day: holdUntil ? day(holdUntil) : '–',
            text: holdUntil ? text : `${text} (${words.waits})`,
            amount: money(amount),
          };
        }),
        { day: '', text: words.held, amount: money(total), bold: true },
      ],
    ),
  ];
};

/** The statement on A4; the same statement gives the same bytes. Days are those of the program's time zone. */
export const statementPdf = (view: StatementView, timeZone: string): Promise<Uint8Array> => {
  const words = statementWords[view.language];
  const writing = writingOf(view, timeZone);
  const { day } = writing;
  const title = `${words.statement} ${view.period}, ${view.partnerName}`;
  const content: Content = [
    { text: `${words.statement} ${view.period}`, fontSize: 24, bold: true, color: accent },
    { text: view.partnerName, fontSize: 13, margin: [0, 4, 0, 2] },
    {
      text: `${view.partnerId} · ${words.of(day(view.from), day(view.to))} · ${words.asOf} ${day(view.asOf)}`,
      color: quiet,
      margin: [0, 0, 0, 10],
    },
    { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 483, y2: 0, lineWidth: 2, lineColor: accent }] },
    ...accountOf(writing),
    ...payoutOf(writing),
    ...heldOf(writing),
  ];
  return pdfOf(content, { title, at: view.asOf });
};
