import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { ImportError } from '#local/import/import-error.ts';
import { type Counts, type Figures, type Report, sum } from '#local/import/report.ts';

/** How much work the last run was. Minutes of an import that was resumed are those of this run only. */
export interface Effort {
  readonly requests: number;
  readonly seconds: number;
}

const columns: readonly (readonly [heading: string, figure: (figures: Figures) => number])[] = [
  ['rows', (one) => one.rows],
  ['registered', (one) => one.registered],
  ['refused', (one) => sum(one.refused)],
  ['unusable', (one) => sum(one.unusable)],
  ['won', (one) => one.won],
  ['lost', (one) => one.lost],
  ['expired', (one) => one.expired],
  ['still open', (one) => one.stillOpen],
  ['closes refused', (one) => sum(one.closesRefused)],
];

const number = (value: number): string => value.toLocaleString('en-US');

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

const reasons = (title: string, counts: Counts): readonly string[] =>
  sum(counts) === 0
    ? []
    : [
        `${title}: ${Object.entries(counts)
          .map(([reason, count]) => `${reason} ${number(count)}`)
          .join(', ')}`,
      ];

export function reportText({ total, partners }: Report, effort: Effort): string {
  const line = (name: string, figures: Figures) => [name, ...columns.map(([, figure]) => number(figure(figures)))];
  const lines = [
    table([
      ['partner', ...columns.map(([heading]) => heading)],
      ...partners.map((one) => line(one.partner, one)),
      line('all', total),
    ]),
    '',
    ...reasons('Registrations refused', total.refused),
    ...reasons('Closes refused', total.closesRefused),
    ...reasons('Rows not usable', total.unusable),
    ...reasons('Deals that ended otherwise', total.otherwise),
    ...(total.pending > 0
      ? [`Not done yet: ${number(total.pending)} registrations. The same command goes on where this run stopped.`]
      : []),
    `Every row accounted for: ${number(total.registered)} registered + ${number(sum(total.refused))} refused + ${number(sum(total.unusable))} unusable + ${number(total.pending)} not done = ${number(total.rows)}`,
    `${number(effort.requests)} requests in ${effort.seconds.toFixed(1)} s: ${number(Math.round(effort.requests / Math.max(effort.seconds, 0.001)))} a second`,
  ];
  return lines.join('\n');
}

/** One line per partner and one for all; cells that a spreadsheet would run as a formula are made harmless. */
export function reportCsv({ total, partners }: Report): string {
  const line = (name: string, figures: Figures) => [name, ...columns.map(([, figure]) => figure(figures))];
  const header = ['partner', ...columns.map(([heading]) => heading.replaceAll(' ', '_'))];
  return stringify([header, ...partners.map((one) => line(one.partner, one)), line('all', total)], {
    escape_formulas: true,
  });
}

/** One line per row of the source. */
export const rowsCsv = ({ rows }: Report): string => stringify([...rows], { header: true, escape_formulas: true });

/** Writes a report in the form its name asks for. Throws ImportError for a name that ends otherwise. */
export function writeReport(file: string, report: Report, effort: Effort): void {
  const forms: Readonly<Record<string, () => string>> = {
    '.json': () => `${JSON.stringify({ ...report, effort }, null, 2)}\n`,
    '.csv': () => reportCsv(report),
  };
  const form = forms[extname(file)];
  if (!form)
    throw new ImportError(
      `No report can be written as ${file}.`,
      'Let its name end in .json (all rows) or .csv (per partner).',
    );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, form());
}
