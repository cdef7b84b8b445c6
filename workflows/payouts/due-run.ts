import { endRun } from '#shared/payouts/run-end-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';

/** Looks whether everything of a run has come to its end; when not, again a day later. */
export const dueRun = async (runId: string, now: string): Promise<void> => {
  const { due } = await getRun(runId);
  if (due && due.at <= now) await endRun(runId, now, 'again');
};
