import { addHours } from '#shared/core/time.ts';
import { readBooks } from '#shared/ledger/books-store.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation, type Verdict } from '#shared/ledger/reconciliation.ts';
import { log } from '#shared/platform/logger.ts';
import type { ScheduleEvent } from '#workflows/sweep.ts';

/** The stream folds within seconds; what it could not fold in an hour, it has parked. */
const settlingHours = 1;

const look = async (time: string): Promise<Verdict> => {
  const reconciliation = openReconciliation();
  for await (const item of readBooks()) reconciliation.take(item);
  return reconciliation.judge(addHours(time, -settlingHours));
};

/**
 * Holds the books against the histories, and changes nothing. People work meanwhile, and what is read piece by piece may not fit
 * together for a moment: so a fault counts only when a second look finds it again. One line says how many; the alarms read it.
 */
export const handler = async ({ time }: ScheduleEvent): Promise<void> => {
  const first = await look(time);
  const again = first.faults.length > 0 ? (await look(time)).faults.map(tellFault) : [];
  const faults = first.faults.filter((fault) => again.includes(tellFault(fault)));
  for (const fault of faults) log.error('books do not agree', { ...fault });
  const { events, journals } = first;
  log.info('reconciled', { what: 'ledger', time, events, journals, faults: faults.length });
};
