import { firstDayOf, lastDayOf, previousQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, type Day, type Instant, instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';

/** A fiscal quarter or year that is settled as a whole: `2026-Q3`, `2026`. */
export interface Period {
  readonly name: string;
  readonly per: 'quarter' | 'year';
  readonly from: Day;
  readonly until: Day;
  readonly quarters: readonly Quarter[];
}

type Calendar = Pick<Program, 'fiscalYearStart'>;

const quarterPeriod = (quarter: Quarter, { fiscalYearStart }: Calendar): Period => ({
  name: quarter,
  per: 'quarter',
  from: firstDayOf(quarter, fiscalYearStart),
  until: lastDayOf(quarter, fiscalYearStart),
  quarters: [quarter],
});

const yearOf = (quarter: Quarter): string => quarter.slice(0, 4);

const yearPeriod = (year: string, { fiscalYearStart }: Calendar): Period => {
  const quarters = [1, 2, 3, 4].map((number) => `${year}-Q${number}`);
  return {
    name: year,
    per: 'year',
    from: firstDayOf(`${year}-Q1`, fiscalYearStart),
    until: lastDayOf(`${year}-Q4`, fiscalYearStart),
    quarters,
  };
};

/** Just before the next period: a version of the program that begins with that one says nothing of this one. */
export const endOf = ({ until }: Period, { timeZone }: Pick<Program, 'timeZone'>): Instant =>
  instant(millis(startOfDay(addDays(until, 1), timeZone)) - 1);

/** The period of a name: `2026-Q3` or `2026`. */
export const periodNamed = (name: string, calendar: Calendar): Period =>
  name.includes('-') ? quarterPeriod(name, calendar) : yearPeriod(name, calendar);

/** The quarter and the year that a day belongs to. */
export const periodsOf = (day: Day, calendar: Calendar): readonly Period[] => {
  const quarter = quarterOf(day, calendar.fiscalYearStart);
  return [quarterPeriod(quarter, calendar), yearPeriod(yearOf(quarter), calendar)];
};

/** The last quarter and the last year that are over on a day. */
export const periodsOverBy = (day: Day, calendar: Calendar): readonly Period[] => {
  const quarter = quarterOf(day, calendar.fiscalYearStart);
  const lastYear = String(Number(yearOf(quarter)) - 1).padStart(4, '0');
  return [quarterPeriod(previousQuarter(quarter), calendar), yearPeriod(lastYear, calendar)];
};
