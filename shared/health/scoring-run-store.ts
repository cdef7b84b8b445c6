import { DomainError, notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import type { Instant } from '#shared/core/time.ts';
import { pagesOf } from '#shared/platform/chains.ts';
import { absent, all, is, present } from '#shared/platform/condition.ts';
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
import { QuarterReview, reviewIdOf } from './quarter-review.ts';
import { personalScoringRunFields, ScoringRun, type ScoringRunStatus } from './scoring-run.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a scoring run | table | pk = run id, sk = `run` |
 * | list scoring runs, newest first | byStatus | `scoring-runs#<shard>`, `<createdAt>#<run id>` |
 * | when the scores of each quarter may have changed last | byStatus | all scoring runs |
 * | the one run of a quarter that is under way, and the last one that was completed | table | pk = `health`, sk = `run#<quarter>` |
 * | whether a quarter is published | table | pk = `qrv_<quarter>`, sk = `review` |
 * | all published quarters, for who checks histories | byStatus | `quarter-reviews#<shard>`, id |
 */
const runKey = (runId: string): Key => ({ pk: runId, sk: 'run' });
const lockKey = (quarter: Quarter): Key => ({ pk: 'health', sk: `run#${quarter}` });
const reviewKey = (quarter: Quarter): Key => ({ pk: reviewIdOf(quarter), sk: 'review' });

const toItem = (run: ScoringRun): Item => ({
  ...runKey(run.id),
  kind: 'scoring-run',
  ...run,
  statusKey: `scoring-runs#${shardOf(run.id)}`,
  statusSort: `${run.createdAt}#${run.id}`,
  summary: { status: run.status, quarter: run.quarter },
});

const runFrom = (item: Item | undefined): ScoringRun | undefined => item && ScoringRun.parse(item);

export const findScoringRun = async (runId: string): Promise<ScoringRun | undefined> =>
  runFrom((await read([runKey(runId)]))[0]);

/** Throws `not_found`. */
export const getScoringRun = async (runId: string): Promise<ScoringRun> => {
  const run = await findScoringRun(runId);
  if (!run) throw notFound();
  return run;
};

const alreadyRunning = (image: Item | undefined): DomainError => {
  const message = 'A run of this quarter is under way; wait until it is completed.';
  return new DomainError('conflict', 'scoring_run.already_running', message, { facts: { runId: image?.runId } });
};

export const reasonRequired = (): DomainError =>
  new DomainError('rule', 'scoring_run.reason_required', 'This quarter is published; say why it is computed again.');

const happening = (type: string, intent: Intent) => ({ type, intent, personalFields: personalScoringRunFields });

/** Publication and a run that may change what is published exclude each other: a run knows from its start on which it is. */
const asPublished = ({ quarter, corrects }: ScoringRun): Write => ({
  write: 'check',
  key: reviewKey(quarter),
  when: corrects ? present('pk') : absent('pk'),
  refuse: reasonRequired,
});

/** Begins a run. Throws `scoring_run.already_running` with its `runId`, `scoring_run.reason_required`, `idempotency.key_reused`. */
export const insertScoringRun = async (run: ScoringRun, intent: Intent): Promise<Saved<ScoringRun>> => {
  const { entity, event } = record(undefined, run, happening('scoring_run.started', intent));
  const lock: Write = {
    write: 'change',
    key: lockKey(run.quarter),
    change: { set: { kind: 'scoring-lock', runId: run.id } },
    when: absent('runId'),
    refuse: alreadyRunning,
  };
  try {
    return await commitChange(undefined, {
      entity,
      event,
      writes: [insertNew(toItem(entity)), lock, asPublished(run)],
    });
  } catch (refusal) {
    // Where several conditions fail the engine may name the lock alone, and what holds it be the first try of this very request.
    return firstTryOr(refusal, run, intent);
  }
};

const unlock = ({ id, quarter }: ScoringRun): Write => ({
  write: 'change',
  key: lockKey(quarter),
  change: { set: { completed: id }, remove: ['runId'] },
  when: is('runId', '=', id),
  refuse: () => stale(undefined),
});

/** The next state of a run; when it is completed, the next one of its quarter may begin. Refused with `version.stale`. */
export const changeScoringRun = (
  before: ScoringRun,
  after: ScoringRun,
  { type, intent }: { readonly type: string; readonly intent: Intent },
): NextState<ScoringRun> => {
  const { entity, event } = record(before, after, happening(type, intent));
  const own = replaceAsRead(before, toItem(entity));
  const isOver = before.status === 'running' && after.status === 'completed';
  return { entity, event, writes: isOver ? [own, unlock(after)] : [own] };
};

/** It may change at any time. */
const never: Instant = '9999-01-01T00:00:00.000Z';

interface ScoringRunPage {
  readonly runs: readonly ScoringRun[];
  readonly after: string | undefined;
}

/** Newest first. */
export const listScoringRuns = async (
  { quarter, status }: { readonly quarter?: Quarter | undefined; readonly status?: ScoringRunStatus | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<ScoringRunPage> => {
  const keep = (summary: Readonly<Record<string, unknown>>): boolean =>
    (status === undefined || summary.status === status) && (quarter === undefined || summary.quarter === quarter);
  const { items, after } = await listByStatus({ noun: 'scoring-runs', prefix: '', keep, descending: true, ...page });
  return { runs: items.flatMap((item) => runFrom(item) ?? []), after };
};

/**
 * When the scores of each quarter that has some may have changed last, by its runs, which alone change them. There are as many scores as
 * partners and quarters: whoever walks through histories asks first where something happened.
 */
export const lastScoredAt = async (): Promise<ReadonlyMap<Quarter, Instant>> => {
  const quarters = new Map<Quarter, Instant>();
  for await (const page of pagesOf('scoring-runs'))
    for (const { quarter, status, updatedAt } of page.flatMap((item) => runFrom(item) ?? [])) {
      const at = status === 'running' ? never : updatedAt;
      if (at > (quarters.get(quarter) ?? '')) quarters.set(quarter, at);
    }
  return quarters;
};

/** The publications of quarters, in that order; undefined for those that are drafts. */
export const findReviews = async (quarters: readonly Quarter[]): Promise<readonly (QuarterReview | undefined)[]> =>
  (await read(quarters.map(reviewKey))).map((item) => item && QuarterReview.parse(item));

/** The run whose scores of a quarter stand; undefined while the quarter was never scored to its end. */
export const findLastScoring = async (quarter: Quarter): Promise<string | undefined> => {
  const [lock] = await read([lockKey(quarter)]);
  return lock?.completed === undefined ? undefined : String(lock.completed);
};

/** Publishes what that run computed. Throws `scoring_run.already_running` when another one is under way, `idempotency.key_reused`. */
export const insertReview = async (review: QuarterReview, intent: Intent): Promise<Saved<QuarterReview>> => {
  const happened = { type: 'quarter.published', intent, personalFields: ['note'] };
  const { entity, event } = record(undefined, review, happened);
  const lock: Write = {
    write: 'check',
    key: lockKey(review.quarter),
    when: all(absent('runId'), is('completed', '=', review.runId)),
    refuse: alreadyRunning,
  };
  const item: Item = {
    ...reviewKey(review.quarter),
    kind: 'quarter-review',
    ...entity,
    statusKey: `quarter-reviews#${shardOf(entity.id)}`,
    statusSort: entity.id,
    summary: {},
  };
  return commitChange(undefined, { entity, event, writes: [insertNew(item), lock] });
};
