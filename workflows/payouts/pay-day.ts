import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { quarterOf } from '#shared/core/quarters.ts';
import { addMonths, dayOf } from '#shared/core/time.ts';
import { startRun } from '#shared/payouts/run.ts';
import { insertRun } from '#shared/payouts/run-store.ts';
import { log } from '#shared/platform/logger.ts';
import type { Program } from '#shared/program/program.ts';
import { findProgramAt } from '#shared/program/program-store.ts';

/** The month whose payouts are due by a day; undefined before the pay day, and in months in which nothing is paid. */
export const periodToPay = (today: string, { payouts, fiscalYearStart }: Program): string | undefined => {
  if (Number(today.slice(8)) < payouts.dayOfMonth) return undefined;
  const month = addMonths(`${today.slice(0, 7)}-01`, -1);
  const isQuartersEnd = quarterOf(month, fiscalYearStart) !== quarterOf(today, fiscalYearStart);
  return payouts.every === 'month' || isQuartersEnd ? month.slice(0, 7) : undefined;
};

/**
 * Starts the run of the month or quarter before, from the program's pay day on. It looks every day, so that a day on which it could not
 * is made up for; the run's id is that of its period, so that it starts once.
 */
export const payDay = async (now: string): Promise<void> => {
  const inForce = await findProgramAt(now);
  if (!inForce) return;
  const { program } = inForce;
  const period = periodToPay(dayOf(now, program.timeZone), program);
  if (period === undefined) return;
  const id = derivedId('run', 'pay-day', period);
  const run = startRun({ id, period, by: 'system', now, currency: program.currency });
  try {
    await insertRun(run, systemIntent('pay-day', period, now));
  } catch (error) {
    if (!isCode(error, 'payout_run.already_running')) throw error;
    log.info('pay day waits for a run under way', { period });
  }
};
