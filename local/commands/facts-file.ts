import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import * as z from 'zod';
import { ReportedFact } from '#shared/facts/fact-report.ts';

const Row = z.record(z.string(), z.string());

/** One line of the file: what can be told, or why its form is wrong. */
export type FactsLine = { readonly row: number; readonly id: string } & (
  | { readonly fact: ReportedFact }
  | { readonly fault: string }
);

const columns = ['id', 'kind', 'partnerId', 'occurredAt', 'value', 'unit', 'currency', 'about'];

/** Cells that are empty are left out; of a value only the digits of a number are one. */
const lineOf = (cells: Readonly<Record<string, string>>, row: number): FactsLine => {
  const given = Object.entries(cells).filter(([, text]) => text !== '');
  const told = given.map(([name, text]) => [
    name,
    name === 'value' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text,
  ]);
  const { data, error } = ReportedFact.safeParse(Object.fromEntries(told));
  const id = cells.id ?? '';
  if (data) return { row, id, fact: data };
  return { row, id, fault: error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`).join('; ') };
};

/** The rows of a CSV file, numbered from 1. Throws at one that is no CSV, or names columns that there are not. */
export async function* readFactsFile(file: string): AsyncGenerator<FactsLine> {
  let row = 0;
  const check = (header: string[]): string[] => {
    const unknown = header.filter((name) => !columns.includes(name));
    if (unknown.length === 0 && header.includes('id')) return header;
    throw new Error(`${file} must have columns out of ${columns.join(', ')}, and among them id.`);
  };
  const options = { columns: check, bom: true, trim: true, skip_empty_lines: true, relax_column_count_less: true };
  for await (const cells of createReadStream(file).pipe(parse(options))) {
    row += 1;
    yield lineOf(Row.parse(cells), row);
  }
}

/** What file it is, by its content, and how many rows it has. */
export const lookAtFactsFile = async (file: string): Promise<{ readonly hash: string; readonly rows: number }> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  let rows = 0;
  for await (const _line of readFactsFile(file)) rows += 1;
  return { hash: hash.digest('base64url'), rows };
};
