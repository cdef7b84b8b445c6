import type { StoredEvent } from '#shared/core/history.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { startExecution } from '#workflows/approvals/start-execution.ts';

/** Starts the execution of the run's present attempt, once however often this is told. */
export const startRun = async ({ subject }: Pick<StoredEvent, 'subject'>): Promise<boolean> => {
  const { attempt } = await getRun(subject);
  return startExecution(subject, { approvalId: '', attempt });
};
