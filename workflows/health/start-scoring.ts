import type { StoredEvent } from '#shared/core/history.ts';
import { getScoringRun } from '#shared/health/scoring-run-store.ts';
import { startExecution } from '#workflows/approvals/start-execution.ts';

/** Starts the execution of the run's present attempt, once however often this is told. */
export const startScoring = async ({ subject }: Pick<StoredEvent, 'subject'>): Promise<boolean> => {
  const { attempt } = await getScoringRun(subject);
  return startExecution(subject, { approvalId: '', attempt });
};
