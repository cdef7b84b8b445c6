import type { Journal } from './journal.ts';
import type { Json } from './json.ts';
import { dueAt, type Strand, tokenOf } from './strand.ts';

/*
 * Access patterns, table strands (one row per thread of control of a running execution):
 *   find one            by id                 write     by id, or new
 *   of an execution     strandsByExecution    due       strandsByDue
 *   items of a Map      strandsByParent       by token  tokens → id
 */

interface StrandRow {
  readonly id: number;
  readonly body: string;
}

const parse = (row: StrandRow): Strand => ({ ...(JSON.parse(row.body) as Omit<Strand, 'id'>), id: row.id });

const bodyOf = ({ id: _, ...body }: Strand): string => JSON.stringify(body);

/** Writes the strand; a strand with id 0 is new and gets one. Its token, if it has one, is kept for good. */
export function writeStrand(journal: Journal, strand: Strand): Strand {
  const facts = [strand.executionArn, strand.parent ?? null, strand.phase.kind, dueAt(strand.phase) ?? null] as const;
  const id =
    strand.id ||
    journal.run(
      'INSERT INTO strands (executionArn, parent, phase, dueAt, body) VALUES (?, ?, ?, ?, ?)',
      ...facts,
      '{}',
    );
  journal.run('UPDATE strands SET phase = ?, dueAt = ?, body = ? WHERE id = ?', facts[2], facts[3], bodyOf(strand), id);
  const token = tokenOf(strand.phase);
  if (token !== undefined) {
    journal.run('INSERT OR IGNORE INTO tokens (token, executionArn, strandId) VALUES (?, ?, ?)', token, facts[0], id);
  }
  return { ...strand, id };
}

export function findStrand(journal: Journal, id: number): Strand | undefined {
  const row = journal.get<StrandRow>('SELECT id, body FROM strands WHERE id = ?', id);
  return row && parse(row);
}

export const listStrands = (journal: Journal, executionArn: string): Strand[] =>
  journal.all<StrandRow>('SELECT id, body FROM strands WHERE executionArn = ? ORDER BY id', executionArn).map(parse);

/** Which strand a token belongs to, or belonged to. */
export const findToken = (journal: Journal, token: string) =>
  journal.get<{ executionArn: string; strandId: number }>(
    'SELECT executionArn, strandId FROM tokens WHERE token = ?',
    token,
  );

export const listDueStrands = (journal: Journal, now: number) =>
  journal.all<{ id: number; executionArn: string }>(
    'SELECT id, executionArn FROM strands WHERE dueAt <= ? ORDER BY dueAt, id',
    now,
  );

/** How the items of a Map stand; the counts cover only what is neither waiting for its turn nor well. */
export function countItems(journal: Journal, parent: number): { running: number; failed: number } {
  const running = journal.get<{ n: number }>(
    "SELECT count(*) AS n FROM strands WHERE parent = ? AND phase IN ('ready', 'calling', 'awaiting', 'sleeping', 'mapping')",
    parent,
  );
  const failed = journal.get<{ n: number }>(
    "SELECT count(*) AS n FROM strands WHERE parent = ? AND phase = 'failed'",
    parent,
  );
  return { running: running?.n ?? 0, failed: failed?.n ?? 0 };
}

export const listHeldItems = (journal: Journal, parent: number, limit: number): { id: number }[] =>
  journal.all<{ id: number }>(
    "SELECT id FROM strands WHERE parent = ? AND phase = 'held' ORDER BY id LIMIT ?",
    parent,
    limit,
  );

export const listItems = (journal: Journal, parent: number): Strand[] =>
  journal.all<StrandRow>('SELECT id, body FROM strands WHERE parent = ? ORDER BY id', parent).map(parse);

export const findFailedItem = (journal: Journal, parent: number): Strand | undefined =>
  journal
    .all<StrandRow>("SELECT id, body FROM strands WHERE parent = ? AND phase = 'failed' ORDER BY id LIMIT 1", parent)
    .map(parse)[0];

/** Takes away what runs under a strand, at any depth. Returns what was taken. */
export function deleteItems(journal: Journal, parent: number): Strand[] {
  const items = listItems(journal, parent);
  const below = items.flatMap((item) => deleteItems(journal, item.id));
  journal.run('DELETE FROM strands WHERE parent = ?', parent);
  return [...items, ...below];
}

/** What a finished item puts into the Map's result; of one that failed, AWS shows the execution, not an output. */
export function resultOf(item: Strand): Json {
  if (item.phase.kind === 'succeeded') return item.phase.output;
  if (item.phase.kind !== 'failed') throw new Error(`Strand ${item.id} has not ended.`);
  const { error, cause } = item.phase;
  return { Status: 'FAILED', Error: error, Cause: cause, Input: JSON.stringify(item.item?.value ?? null) };
}
