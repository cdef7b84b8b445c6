import { createHash } from 'node:crypto';
import { executionStarted, type HistoryEvent, wentWrong } from './history-event.ts';
import type { Journal } from './journal.ts';
import type { Json } from './json.ts';
import { writeStrand } from './strand-store.ts';

/*
 * Access patterns, tables executions, events and definitions:
 *   find one          by arn                   history of one      events by (executionArn, id)
 *   list of a machine executionsByMachine      all that run        executionsRunning
 *   next timeout      executionsByTimeout      definition of one   definitions by hash
 */

export const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
export type Status = (typeof statuses)[number];

/** Instants are epoch milliseconds, payloads JSON text. */
export interface ExecutionRow {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly definitionHash: string;
  readonly status: Status;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly timeoutAt: number | null;
  readonly transitions: number;
  readonly eventCount: number;
}

export interface EventRow {
  readonly id: number;
  readonly previousId: number;
  readonly at: number;
  readonly type: string;
  readonly details: string | null;
}

export interface NewExecution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly definition: string;
  readonly startAt: string;
  readonly roleArn: string;
  readonly input: Json;
  readonly inputText: string;
  readonly startedAt: number;
  readonly timeoutAt: number | undefined;
}

/** Starts counting at one transition: AWS's price list counts the start too, as far as we know. */
export function insertExecution(journal: Journal, start: NewExecution): void {
  const hash = createHash('sha256').update(start.definition).digest('hex');
  journal.transaction(() => {
    journal.run('INSERT OR IGNORE INTO definitions (hash, definition) VALUES (?, ?)', hash, start.definition);
    journal.run(
      `INSERT INTO executions (arn, name, machineArn, machineName, definitionHash, status, input, startedAt, timeoutAt,
       transitions, eventCount) VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?, ?, 1, 0)`,
      ...[start.arn, start.name, start.machineArn, start.machineName, hash],
      ...[start.inputText, start.startedAt, start.timeoutAt ?? null],
    );
    appendEvents(journal, start.arn, {
      events: [executionStarted(start.input, start.roleArn)],
      previousId: 0,
      at: start.startedAt,
    });
    writeStrand(journal, {
      ...{ id: 0, executionArn: start.arn, scope: [], state: start.startAt, input: start.input, variables: {} },
      ...{ enteredAt: start.startedAt, retries: {}, calls: 0, lastEventId: 0, eventCount: 0, phase: { kind: 'ready' } },
    });
  });
}

const countEvents = (journal: Journal, arn: string): number =>
  journal.get<{ eventCount: number }>('SELECT eventCount FROM executions WHERE arn = ?', arn)?.eventCount ?? 0;

/** Writes history, each event following the one before; returns the number of the last one. */
export function appendEvents(
  journal: Journal,
  arn: string,
  more: { events: readonly HistoryEvent[]; previousId: number; at: number },
): number {
  let previousId = more.previousId;
  let id = countEvents(journal, arn);
  for (const { type, details } of more.events) {
    id += 1;
    journal.run(
      'INSERT INTO events (executionArn, id, previousId, at, type, details) VALUES (?, ?, ?, ?, ?, ?)',
      ...[arn, id, previousId, more.at, type, details ? JSON.stringify(details) : null],
    );
    previousId = id;
  }
  if (more.events.length > 0) journal.run('UPDATE executions SET eventCount = ? WHERE arn = ?', id, arn);
  return previousId;
}

export interface Ending {
  readonly status: Exclude<Status, 'RUNNING'>;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly at: number;
}

/** Closes the execution and gives up whatever still runs in it; its tokens stay, so that late answers are recognised. */
export function endExecution(journal: Journal, arn: string, ending: Ending): void {
  journal.run(
    'UPDATE executions SET status = ?, output = ?, error = ?, cause = ?, stoppedAt = ? WHERE arn = ?',
    ...[ending.status, ending.output === undefined ? null : JSON.stringify(ending.output)],
    ...[ending.error || null, ending.cause || null, ending.at, arn],
  );
  journal.run('DELETE FROM strands WHERE executionArn = ?', arn);
}

/** Ends an execution from outside: stopped by somebody, out of time, or broken by a bug of the engine. */
export function cutExecution(journal: Journal, arn: string, ending: Ending): void {
  const words = {
    ABORTED: 'ExecutionAborted',
    TIMED_OUT: 'ExecutionTimedOut',
    FAILED: 'ExecutionFailed',
    SUCCEEDED: '',
  };
  journal.transaction(() => {
    const previousId = countEvents(journal, arn);
    const event = wentWrong(words[ending.status], { error: ending.error ?? '', cause: ending.cause ?? '' });
    appendEvents(journal, arn, { events: [event], previousId, at: ending.at });
    endExecution(journal, arn, ending);
  });
}

/** Takes a long closed execution away, so that its name is free again. */
export function forgetExecution(journal: Journal, arn: string): void {
  journal.transaction(() => {
    for (const table of ['events', 'tokens', 'strands'])
      journal.run(`DELETE FROM ${table} WHERE executionArn = ?`, arn);
    journal.run('DELETE FROM executions WHERE arn = ?', arn);
  });
}

export const addTransitions = (journal: Journal, arn: string, count: number): number =>
  journal.run('UPDATE executions SET transitions = transitions + ? WHERE arn = ?', count, arn);

export const findExecution = (journal: Journal, arn: string): ExecutionRow | undefined =>
  journal.get<ExecutionRow>('SELECT * FROM executions WHERE arn = ?', arn);

export const listRunning = (journal: Journal): { arn: string }[] =>
  journal.all<{ arn: string }>("SELECT arn FROM executions WHERE status = 'RUNNING' ORDER BY arn");

export const listTimedOut = (journal: Journal, now: number): { arn: string }[] =>
  journal.all<{ arn: string }>(
    "SELECT arn FROM executions WHERE status = 'RUNNING' AND timeoutAt <= ? ORDER BY timeoutAt, arn",
    now,
  );

/** The next instant at which something happens by itself, in epoch milliseconds. */
export function findNextDeadline(journal: Journal): number | undefined {
  const strand = journal.get<{ at: number | null }>('SELECT min(dueAt) AS at FROM strands WHERE dueAt IS NOT NULL')?.at;
  const execution = journal.get<{ at: number | null }>(
    "SELECT min(timeoutAt) AS at FROM executions WHERE status = 'RUNNING'",
  )?.at;
  const instants = [strand, execution].filter((at) => typeof at === 'number');
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Latest first, as AWS lists them. */
export const listExecutions = (
  journal: Journal,
  of: { machineArn: string; status: Status | undefined },
  page: Page,
): ExecutionRow[] =>
  journal.all<ExecutionRow>(
    `SELECT * FROM executions WHERE machineArn = ? AND status = ifnull(?, status)
     ORDER BY startedAt DESC, arn LIMIT ? OFFSET ?`,
    ...[of.machineArn, of.status ?? null, page.limit, page.offset],
  );

export const listEvents = (journal: Journal, arn: string, page: Page & { reverse: boolean }): EventRow[] =>
  journal.all<EventRow>(
    `SELECT id, previousId, at, type, details FROM events WHERE executionArn = ?
     ORDER BY id ${page.reverse ? 'DESC' : 'ASC'} LIMIT ? OFFSET ?`,
    ...[arn, page.limit, page.offset],
  );

/** What the execution runs by: the definition as it was when it started, whatever was deployed since. */
export function getDefinition(journal: Journal, hash: string): string {
  const row = journal.get<{ definition: string }>('SELECT definition FROM definitions WHERE hash = ?', hash);
  if (!row) throw new Error(`The journal has no definition ${hash}.`);
  return row.definition;
}
