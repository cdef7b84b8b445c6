import { appendFileSync, existsSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import { type Api, ask } from '#local/import/api-client.ts';
import type { Progress } from '#local/import/progress.ts';
import { FactsReport } from '#shared/facts/fact-contract.ts';
import { type FactsLine, lookAtFactsFile, readFactsFile } from './facts-file.ts';

/** How far it has come, beside the file, so that what was killed goes on where it was. */
const Position = z.object({
  of: z.string(),
  rows: z.int(),
  accepted: z.int(),
  known: z.int(),
  refused: z.int(),
  reportBytes: z.int(),
});
type Position = z.infer<typeof Position>;

export interface FactsImport {
  readonly api: Api;
  readonly token: string;
  readonly file: string;
  /** Whose ids the file has; people's own where nothing is said. */
  readonly source: string | undefined;
  readonly perBatch: number;
  readonly progress: Progress;
}

export const reportOf = (file: string): string => `${file}.refused.csv`;
const positionFile = (file: string): string => `${file}.progress.json`;

const csv = (rows: readonly (readonly unknown[])[]): string => stringify([...rows], { escape_formulas: true });

/** Where an earlier run of the same import stopped; what it reported behind that is reported again. */
const begin = (file: string, of: string): Position => {
  const place = positionFile(file);
  if (existsSync(place)) {
    const { data } = Position.safeParse(JSON.parse(readFileSync(place, 'utf8')));
    if (data?.of === of && existsSync(reportOf(file))) {
      truncateSync(reportOf(file), data.reportBytes);
      return data;
    }
  }
  writeFileSync(reportOf(file), csv([['row', 'id', 'code', 'detail']]));
  return { of, rows: 0, accepted: 0, known: 0, refused: 0, reportBytes: statSync(reportOf(file)).size };
};

const keep = (file: string, position: Position): void => {
  const place = positionFile(file);
  writeFileSync(`${place}.new`, JSON.stringify(position));
  renameSync(`${place}.new`, place);
};

/** Tells one batch; answers its refusals by the rows of the file. */
const tell = async ({ api, token, source }: FactsImport, lines: readonly FactsLine[], key: string) => {
  const faulty = lines.flatMap((line) => ('fault' in line ? [[line.row, line.id, 'request.invalid', line.fault]] : []));
  const good = lines.flatMap((line) => ('fact' in line ? [line] : []));
  if (good.length === 0) return { accepted: 0, known: 0, refused: faulty };
  const body = { ...(source === undefined ? {} : { source }), facts: good.map(({ fact }) => fact) };
  const request = { method: 'POST' as const, path: '/v1/facts', token, idempotencyKey: key, body };
  const { accepted, known, refused } = await ask(api, request, FactsReport);
  const named = refused.map(({ row, id, code, detail }) => [good[row - 1]?.row ?? 0, id, code, detail]);
  return { accepted, known, refused: [...faulty, ...named].sort(([a], [b]) => Number(a) - Number(b)) };
};

async function* batchesOf(lines: AsyncIterable<FactsLine>, size: number): AsyncGenerator<readonly FactsLine[]> {
  let batch: FactsLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Tells the facts of a CSV file, batch by batch. It may be killed and begun again: it goes on behind the last batch that is noted, and
 * what was told twice is known. Throws ImportError when nobody answers, or refuses all of a batch.
 */
export const importFacts = async (wanted: FactsImport): Promise<Position> => {
  const { file, perBatch, progress, api, source = '' } = wanted;
  const { hash, rows } = await lookAtFactsFile(file);
  let position = begin(file, [hash, api.url, source].join(' '));
  if (position.rows > 0) progress.note(`Going on after row ${position.rows} of ${rows}.`);
  async function* rest(): AsyncGenerator<FactsLine> {
    for await (const line of readFactsFile(file)) if (line.row > position.rows) yield line;
  }
  for await (const batch of batchesOf(rest(), perBatch)) {
    const first = batch[0]?.row ?? 0;
    const { accepted, known, refused } = await tell(wanted, batch, `${hash}-${first}-${batch.length}`);
    appendFileSync(reportOf(file), refused.length > 0 ? csv(refused) : '');
    position = {
      of: position.of,
      rows: first + batch.length - 1,
      accepted: position.accepted + accepted,
      known: position.known + known,
      refused: position.refused + refused.length,
      reportBytes: statSync(reportOf(file)).size,
    };
    keep(file, position);
    progress.tick(`${position.rows} of ${rows} rows, ${position.refused} refused`);
  }
  return position;
};
