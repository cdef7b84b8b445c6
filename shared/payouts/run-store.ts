import { DomainError, notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { absent, is } from '#shared/platform/condition.ts';
import {
  commitChange,
  firstTryOr,
  insertNew,
  type NextState,
  replaceAsRead,
  type Saved,
  stale,
} from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { personalRunFields, Run, type RunStatus } from './run.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a payout run | table | pk = run id, sk = `run` |
 * | list payout runs, newest first | byStatus | `payout-runs#<shard>`, `<createdAt>#<run id>` |
 * | payout runs that wait for banks | byDue | `due#<shard>`, `<instant>#<run id>` |
 * | the one run of a period that is under way | table | pk = `payouts`, sk = `run#<period>` |
 */
export const runKey = (runId: string): Key => ({ pk: runId, sk: 'run' });
const lockKey = (period: string): Key => ({ pk: 'payouts', sk: `run#${period}` });

const toItem = ({ id, ...run }: Run): Item => ({
  ...runKey(id),
  kind: 'payout-run',
  ...run,
  statusKey: `payout-runs#${shardOf(id)}`,
  statusSort: `${run.createdAt}#${id}`,
  summary: { status: run.status, period: run.period },
  ...(run.due ? { dueKey: `due#${shardOf(id)}`, dueAt: `${run.due.at}#${id}` } : {}),
});

export const runFrom = (item: Item | undefined): Run | undefined => item && Run.parse({ ...item, id: item.pk });

/** Throws `not_found`. */
export const getRun = async (runId: string): Promise<Run> => {
  const [item] = await read([runKey(runId)]);
  const run = runFrom(item);
  if (!run) throw notFound();
  return run;
};

const alreadyRunning = (image: Item | undefined): DomainError => {
  const message = 'A run of this period is under way; wait until it is completed or rejected.';
  return new DomainError('conflict', 'payout_run.already_running', message, { facts: { runId: image?.runId } });
};

const happening = (type: string, intent: Intent) => ({ type, intent, personalFields: personalRunFields });

/** Begins a run. Throws `payout_run.already_running` with its `runId`, `idempotency.key_reused`. */
export const insertRun = async (run: Run, intent: Intent): Promise<Saved<Run>> => {
  const { entity, event } = record(undefined, run, happening('payout_run.started', intent));
  const lock: Write = {
    write: 'replace',
    item: { ...lockKey(run.period), kind: 'payout-lock', runId: run.id },
    when: absent('runId'),
    refuse: alreadyRunning,
  };
  try {
    return await commitChange(undefined, { entity, event, writes: [insertNew(toItem(entity)), lock] });
  } catch (refusal) {
    // Where several conditions fail the engine may name the lock alone, and what holds it be the first try of this very request.
    return firstTryOr(refusal, run, intent);
  }
};

const isOver = ({ status, releasedAt }: Run): boolean => status === 'completed' || releasedAt !== undefined;

const unlock = ({ id, period }: Run): Write => ({
  write: 'change',
  key: lockKey(period),
  change: { remove: ['runId'] },
  when: is('runId', '=', id),
  refuse: () => stale(undefined),
});

/** The next state of a run; when it is over, the next one of its period may begin. Refused with `version.stale`. */
export const changeRun = (
  before: Run,
  after: Run,
  { type, intent }: { readonly type: string; readonly intent: Intent },
): NextState<Run> => {
  const { entity, event } = record(before, after, happening(type, intent));
  const own = replaceAsRead(before, toItem(entity));
  return { entity, event, writes: isOver(after) && !isOver(before) ? [own, unlock(after)] : [own] };
};

export interface RunPage {
  readonly runs: readonly Run[];
  readonly after: string | undefined;
}

export const listRuns = async (
  filter: { readonly status?: RunStatus | undefined; readonly period?: string | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<RunPage> => {
  const { status, period } = filter;
  const keep = (summary: Readonly<Record<string, unknown>>): boolean =>
    (status === undefined || summary.status === status) && (period === undefined || summary.period === period);
  const { items, after } = await listByStatus({ noun: 'payout-runs', prefix: '', keep, descending: true, ...page });
  return { runs: items.flatMap((item) => runFrom(item) ?? []), after };
};
