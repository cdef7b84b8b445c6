import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * The tables, by what they answer. Strand ids are never used twice (AUTOINCREMENT): an answer that comes after its
 * strand has gone must find nobody, not somebody else.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS definitions (hash TEXT PRIMARY KEY, definition TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, machineArn TEXT NOT NULL, machineName TEXT NOT NULL,
    definitionHash TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
    startedAt INTEGER NOT NULL, stoppedAt INTEGER, timeoutAt INTEGER,
    transitions INTEGER NOT NULL, eventCount INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS executionsByMachine ON executions (machineArn, startedAt);
  CREATE INDEX IF NOT EXISTS executionsByTimeout ON executions (timeoutAt) WHERE status = 'RUNNING';
  CREATE INDEX IF NOT EXISTS executionsRunning ON executions (arn) WHERE status = 'RUNNING';
  CREATE TABLE IF NOT EXISTS strands (
    id INTEGER PRIMARY KEY AUTOINCREMENT, executionArn TEXT NOT NULL, parent INTEGER, phase TEXT NOT NULL,
    dueAt INTEGER, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS strandsByExecution ON strands (executionArn);
  CREATE INDEX IF NOT EXISTS strandsByParent ON strands (parent, phase, id);
  CREATE INDEX IF NOT EXISTS strandsByDue ON strands (dueAt) WHERE dueAt IS NOT NULL;
  CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, executionArn TEXT NOT NULL, strandId INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS tokensByExecution ON tokens (executionArn);
  CREATE TABLE IF NOT EXISTS events (
    executionArn TEXT NOT NULL, id INTEGER NOT NULL, previousId INTEGER NOT NULL, at INTEGER NOT NULL,
    type TEXT NOT NULL, details TEXT, PRIMARY KEY (executionArn, id)
  ) STRICT, WITHOUT ROWID;
`;

type Value = string | number | null;

/** The engine's memory: SQL behind four verbs. Rows come back as the columns of the tables above. */
export interface Journal {
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /** Returns the id of the row it inserted last. */
  run(sql: string, ...values: Value[]): number;
  /** All of the work is kept, or none of it. The work is synchronous: nothing else can come between. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the journal, making its tables if they are missing; `:memory:` keeps nothing. What is committed survives the
 * death of the process; a loss of power may take the last moments with it, which is enough for a laptop.
 */
export function openJournal(path: string): Journal {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  database.exec(schema);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    // The caller names the row's type: the columns are those of the schema above.
    get: <Row>(sql: string, ...values: Value[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: Value[]) => prepared(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepared(sql).run(...values).lastInsertRowid),
    transaction: (work) => transaction(database, work),
    close: () => database.close(),
  };
}

function transaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
