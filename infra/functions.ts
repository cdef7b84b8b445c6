import { type Door, routes } from '#functions/routes.ts';

/** One Lambda function: where its code begins, and how much of a machine it gets. */
export interface FunctionRow {
  readonly name: FunctionName;
  /** The file, from the repository's root, that exports `handler`. */
  readonly entry: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What calls it beside routes, schedules, the stream and workflows: each file that comes into quarantine. */
  readonly startedBy?: 'uploads';
}

export type Worker = keyof typeof workers;
export type FunctionName = Door | 'authorizer' | Worker;

/**
 * What runs without HTTP: behind the table's stream, a schedule, a workflow or an upload.
 *
 * Everything else follows from a few rows:
 * - a door: its routes in functions/routes.ts, and what it may do in permissions.ts;
 * - a worker: a row here, and what it may do in permissions.ts. It has no schedule but a row in functions/schedules.ts, is called
 *   for uploads when its row says `startedBy: 'uploads'`, and is a step of a workflow when the workflow's construct names it;
 * - a setting: a line in environment.ts, for those whose permissions need it.
 * Tests compare all of it with what the code calls; test/infra/stacks.test.ts says it again in words.
 */
const workers = {
  'on-stored-change': { entry: 'workflows/on-stored-change.ts', memoryMb: 512, timeoutSeconds: 60 },
  'write-facts': { entry: 'workflows/facts/write-facts.ts', memoryMb: 512, timeoutSeconds: 60 },
  sweep: { entry: 'workflows/sweep.ts', memoryMb: 512, timeoutSeconds: 300 },
  'verify-chains': { entry: 'workflows/verify-chains.ts', memoryMb: 1024, timeoutSeconds: 900 },
  'publish-roots': { entry: 'workflows/ledger/publish-roots.ts', memoryMb: 1024, timeoutSeconds: 900 },
  reconcile: { entry: 'workflows/ledger/reconcile.ts', memoryMb: 2048, timeoutSeconds: 900 },
  'request-approval': { entry: 'workflows/approvals/request-approval.ts', memoryMb: 512, timeoutSeconds: 30 },
  'follow-up': { entry: 'workflows/approvals/follow-up.ts', memoryMb: 512, timeoutSeconds: 30 },
  'verify-document': {
    entry: 'workflows/documents/verify-document.ts',
    memoryMb: 512,
    timeoutSeconds: 60,
    startedBy: 'uploads',
  },
  'needs-attention': { entry: 'workflows/approvals/needs-attention.ts', memoryMb: 512, timeoutSeconds: 30 },
  'load-run': { entry: 'workflows/payouts/load-run.ts', memoryMb: 512, timeoutSeconds: 60 },
  'collect-payouts': { entry: 'workflows/payouts/collect-payouts.ts', memoryMb: 1024, timeoutSeconds: 840 },
  'freeze-run': { entry: 'workflows/payouts/freeze-run.ts', memoryMb: 1024, timeoutSeconds: 300 },
  'pay-chunk': { entry: 'workflows/payouts/pay-chunk.ts', memoryMb: 512, timeoutSeconds: 300 },
  'release-chunk': { entry: 'workflows/payouts/release-chunk.ts', memoryMb: 512, timeoutSeconds: 300 },
  'close-run': { entry: 'workflows/payouts/close-run.ts', memoryMb: 1024, timeoutSeconds: 600 },
  'load-scoring': { entry: 'workflows/health/load-scoring.ts', memoryMb: 512, timeoutSeconds: 60 },
  // One vCPU comes with 1,769 MB, and a segment is read and scored by one.
  'score-segment': { entry: 'workflows/health/score-segment.ts', memoryMb: 1769, timeoutSeconds: 840 },
  'close-scoring': { entry: 'workflows/health/close-scoring.ts', memoryMb: 1024, timeoutSeconds: 300 },
} as const;

export const doors: readonly Door[] = [...new Set(routes.map((route) => route.door))];

/** A cold start is mostly CPU, and CPU comes with memory: what a caller waits for gets more of it. */
const doorSize = { memoryMb: 1024, timeoutSeconds: 10 };

/** Files of ten thousand payments are made while somebody waits, by a whole processor; the gateway gives up after 30 seconds. */
const largerDoors: Readonly<Partial<Record<Door, typeof doorSize>>> = {
  'payout-files': { memoryMb: 1769, timeoutSeconds: 29 },
};

export const isWorker = (name: string): name is Worker => Object.hasOwn(workers, name);

/** Each is called for every file that comes into quarantine. */
export const uploadWorkers: readonly Worker[] = Object.entries<Omit<FunctionRow, 'name'>>(workers).flatMap(
  ([name, { startedBy }]) => (startedBy === 'uploads' && isWorker(name) ? [name] : []),
);

/** Every function of the system, once: a door for each noun of routes.ts, the authorizer, the workers. */
export const functions: readonly FunctionRow[] = [
  ...doors.map((door) => ({ name: door, entry: `functions/${door}/door.ts`, ...(largerDoors[door] ?? doorSize) })),
  { name: 'authorizer', entry: 'functions/authorizer/door.ts', memoryMb: 1024, timeoutSeconds: 5 },
  ...Object.entries(workers).flatMap(([name, row]) => (isWorker(name) ? [{ name, ...row }] : [])),
];
