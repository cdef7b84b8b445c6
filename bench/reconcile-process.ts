import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { prngOf } from '#test/faults/prng.ts';
import { aConsistentLedger } from '#test/ledger/a-consistent-ledger.ts';

/** What one run tells its parent. */
export interface Reconciled {
  readonly journals: number;
  readonly items: number;
  readonly faults: number;
  readonly cpuMs: number;
  /** What the reconciliation holds on to when it has taken everything. */
  readonly memoryBytes: number;
}

/** An earning has two journals, and some are reversed or never owed. */
const journalsPerEarning = 1.8;

const collectGarbage = (): number => {
  if (!globalThis.gc) throw new Error('Start it with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

/** A ledger as lines of text, so that what the reconciliation keeps of an item is its own. */
const linesOf = (journals: number): readonly string[] => {
  const { items } = aConsistentLedger(prngOf(1), Math.ceil(journals / journalsPerEarning));
  return [...items.values()].map((item) => JSON.stringify(item));
};

const lines = linesOf(Number(process.argv[2]));
// What made them is gone only when the loop has come around.
await new Promise((resolve) => setImmediate(resolve));
const before = collectGarbage();
const start = process.cpuUsage();
const reconciliation = openReconciliation();
for (const line of lines) reconciliation.take(JSON.parse(line));
const taken = process.cpuUsage(start);
const memoryBytes = collectGarbage() - before;
const judging = process.cpuUsage();
const verdict = reconciliation.judge();
const judged = process.cpuUsage(judging);
const cpuMs = (taken.user + taken.system + judged.user + judged.system) / 1000;
const told: Reconciled = {
  journals: verdict.journals,
  items: lines.length,
  faults: verdict.faults.length,
  cpuMs,
  memoryBytes,
};
console.log(JSON.stringify(told));
