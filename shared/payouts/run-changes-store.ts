import type { Run } from './run.ts';
import { changesOfRun, type PaidLine, type RunChanges } from './run-changes.ts';
import { carriedBy, chunksOf } from './run-lines-store.ts';
import { listRuns } from './run-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the last approved runs of a run's kind, and others of its period | byStatus | `payout-runs#<shard>`, newest first |
 * | what is different from them | table | the lines of each |
 */
interface Others {
  /** All of the last earlier period. */
  readonly before: readonly Run[];
  readonly samePeriod: readonly Run[];
}

const perPage = 100;

/**
 * Once it is approved, a run is what the next one is held against: some payout of it may wait for its bank for days. Runs of months are
 * held against those of months, runs of days against those of days; one that repeats a period, against the period before.
 */
const othersOf = async (run: Run): Promise<Others> => {
  const approved: Run[] = [];
  let after: string | undefined;
  do {
    const page = await listRuns({}, { after, limit: perPage });
    approved.push(...page.runs.filter(({ id, approvedAt }) => id !== run.id && approvedAt !== undefined));
    after = page.after;
    // Runs come in the order of their periods, all but those that somebody starts again.
  } while (after !== undefined && !approved.some((other) => isEarlier(other, run)));
  const earlier = approved.filter((other) => isEarlier(other, run));
  const last = earlier.reduce((latest, { period }) => (period > latest ? period : latest), '');
  return {
    before: earlier.filter(({ period }) => period === last),
    samePeriod: approved.filter(({ period }) => period === run.period),
  };
};

const isEarlier = ({ period }: Run, run: Run): boolean => period.length === run.period.length && period < run.period;

const linesOf = async (runs: readonly Pick<Run, 'id'>[]): Promise<readonly PaidLine[]> => {
  const lines: PaidLine[] = [];
  for (const { id } of runs) for await (const chunk of chunksOf(id)) lines.push(...chunk);
  return lines;
};

/** What is different about a frozen run, and the runs that it is held against; none for the first of its kind. */
export const readRunChanges = async (run: Run): Promise<RunChanges & { readonly against: readonly Run[] }> => {
  const { before, samePeriod } = await othersOf(run);
  const changes = changesOfRun({
    lines: await linesOf([run]),
    carried: await carriedBy(run.id),
    currency: run.total.currency,
    before: await linesOf(before),
    elsewhere: new Set((await linesOf(samePeriod)).map(({ partnerId }) => partnerId)),
  });
  return { ...changes, against: before };
};
