import * as z from 'zod';
import { firstDayOf, lastDayOf, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, addMonths, type Day, type Instant, instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';

/** What statements are named after: a month, or a day for what is paid between runs. */
export const StatementPeriod = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/, 'must be a month or a day: "2026-10", "2026-10-14"')
  .refine(
    (name) => name.length === 'YYYY-MM'.length || z.iso.date().safeParse(name).success,
    'is no day of the calendar',
  )
  .meta({ example: '2026-10' });

/** The days of a statement, both included, and its instants: from the first to before the last. */
export interface StatementSpan {
  readonly period: string;
  readonly from: Day;
  readonly to: Day;
  readonly begins: Instant;
  readonly ends: Instant;
}

const daysOf = (period: string, { payouts, fiscalYearStart }: Pick<Program, 'payouts' | 'fiscalYearStart'>) => {
  if (period.length > 'YYYY-MM'.length) return { from: period, to: period };
  const first = `${period}-01`;
  const to = addDays(addMonths(first, 1), -1);
  const quarter = quarterOf(first, fiscalYearStart);
  const endsQuarter = payouts.every === 'quarter' && lastDayOf(quarter, fiscalYearStart) === to;
  return { from: endsQuarter ? firstDayOf(quarter, fiscalYearStart) : first, to };
};

/** About when it ends, by which the version of the program is told that was in force on its day. */
export const nominalEnd = (period: string): Instant =>
  instant(millis(period.length > 'YYYY-MM'.length ? addDays(period, 1) : addMonths(`${period}-01`, 1)) - 1);

/** A month, or the quarter that ends with it where the program pays by quarter; or a day. By the program's time zone. */
export const statementSpan = (
  period: string,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): StatementSpan => {
  const { from, to } = daysOf(period, program);
  const [begins, ends] = [from, addDays(to, 1)].map((day) => startOfDay(day, program.timeZone));
  return { period, from, to, begins: String(begins), ends: String(ends) };
};
